/**
 * Cuts a stream of octets into messages, however TCP has split or merged them. It holds one message at the
 * most, as long as its header says and never longer than allowed. A length that cannot be right leaves no
 * way to find the next message: from then on nothing more is given, and the connection must be closed.
 */
import type { FrameSpec } from './spec/spec.ts'

export interface Framed {
  /** Whole messages, in order, without their length headers. */
  readonly messages: readonly Uint8Array[]
  /** How many signs of life (lengths of nothing) came. */
  readonly idle: number
  /** Set once and for good. */
  readonly fault?: FrameFault
}

export interface FrameFault {
  readonly reason: 'length_not_digits' | 'length_too_short' | 'length_too_long'
}

export interface Framer {
  /** Takes the next octets of the stream. Never throws. */
  push(octets: Uint8Array): Framed
  /** Octets held of a message that is not complete yet, length header included. */
  pending(): number
}

export function createFramer(frame: FrameSpec): Framer {
  const head = new Uint8Array(frame.lengthOctets)
  let headFilled = 0
  let body: Uint8Array | undefined
  let bodyFilled = 0
  let fault: FrameFault | undefined

  return {
    pending: () => headFilled + bodyFilled,
    push(octets) {
      const messages: Uint8Array[] = []
      let idle = 0
      let at = 0
      while (fault === undefined && at < octets.length) {
        if (body === undefined) {
          head[headFilled] = octets[at] ?? 0
          headFilled += 1
          at += 1
          if (headFilled < head.length) continue
          const length = lengthIn(frame, head)
          if (typeof length !== 'number') fault = length
          else if (length > 0) body = new Uint8Array(length)
          else idle += 1
          if (body === undefined) headFilled = 0
          continue
        }
        const part = octets.subarray(at, at + body.length - bodyFilled)
        body.set(part, bodyFilled)
        bodyFilled += part.length
        at += part.length
        if (bodyFilled < body.length) continue
        messages.push(body)
        body = undefined
        headFilled = bodyFilled = 0
      }
      return fault === undefined ? { messages, idle } : { messages, idle, fault }
    },
  }
}

function lengthIn(frame: FrameSpec, head: Uint8Array): number | FrameFault {
  let said = 0
  for (const octet of head) {
    if (frame.length === 'ascii' && (octet < 0x30 || octet > 0x39))
      return { reason: 'length_not_digits' }
    said = frame.length === 'ascii' ? said * 10 + octet - 0x30 : said * 256 + octet
  }
  if (said === 0 && frame.idle) return 0
  const length = frame.countsItself ? said - frame.lengthOctets : said
  if (length < 1) return { reason: 'length_too_short' }
  return length > frame.octetsMax ? { reason: 'length_too_long' } : length
}

/**
 * A message with its length header before it, ready to send; of no octets, a sign of life. Throws RangeError
 * when it is longer than the frame allows, which `encode` would have refused.
 */
export function frameMessage(frame: FrameSpec, octets: Uint8Array): Uint8Array<ArrayBuffer> {
  if (octets.length > frame.octetsMax || (octets.length === 0 && !frame.idle))
    throw new RangeError(`${octets.length} octets do not fit a frame of ${frame.octetsMax}`)
  const framed = new Uint8Array(frame.lengthOctets + octets.length)
  framed.set(octets, frame.lengthOctets)
  const own = frame.countsItself && octets.length > 0 ? frame.lengthOctets : 0
  let rest = octets.length + own
  for (let at = frame.lengthOctets - 1; at >= 0; at -= 1) {
    const base = frame.length === 'ascii' ? 10 : 256
    framed[at] = (rest % base) + (frame.length === 'ascii' ? 0x30 : 0)
    rest = Math.floor(rest / base)
  }
  return framed
}
