/**
 * Cuts a stream of octets into PDUs, however TCP has split or merged them. A length that cannot be
 * right leaves no way to find the next PDU: from then on the framer gives nothing more, and the
 * connection must be closed.
 */
import { headerOctets, pduOctetsMax } from './pdu.ts'

export interface Framed {
  /** Whole PDUs, in order, each with its length in the first four octets. */
  readonly frames: readonly Uint8Array[]
  /** Set once and for good when a command_length is below 16 or above the limit. */
  readonly fault?: { readonly reason: 'command_length_invalid'; readonly commandLength: number }
}

export interface Framer {
  push(octets: Uint8Array): Framed
  /** Octets held of a PDU that is not complete yet. */
  pending(): number
}

export function createFramer(limits: { readonly pduOctetsMax?: number } = {}): Framer {
  const lengthMax = limits.pduOctetsMax ?? pduOctetsMax
  let held = new Uint8Array(4_096)
  let start = 0
  let end = 0
  let fault: Framed['fault']

  const append = (octets: Uint8Array) => {
    if (end + octets.length > held.length) {
      // Double at least, so that a PDU arriving octet by octet costs no more copying than one at once.
      const needed = end - start + octets.length
      const room = needed > held.length / 2 ? Math.max(needed, held.length * 2) : held.length
      const next = room === held.length ? held : new Uint8Array(room)
      next.set(held.subarray(start, end))
      held = next
      end -= start
      start = 0
    }
    held.set(octets, end)
    end += octets.length
  }

  const lengthAt = (at: number) => new DataView(held.buffer, held.byteOffset + at, 4).getUint32(0)

  return {
    pending: () => end - start,
    push(octets) {
      if (fault) return { frames: [], fault }
      append(octets)
      const frames: Uint8Array[] = []
      while (end - start >= 4) {
        const commandLength = lengthAt(start)
        if (commandLength < headerOctets || commandLength > lengthMax) {
          fault = { reason: 'command_length_invalid', commandLength }
          held = new Uint8Array(0)
          start = end = 0
          return { frames, fault }
        }
        if (end - start < commandLength) break
        frames.push(held.slice(start, start + commandLength))
        start += commandLength
      }
      if (start === end) start = end = 0
      return { frames }
    },
  }
}
