/** The messages the bank writes: answers, which repeat what they answer, and notices of its own. */
import {
  encode,
  encodeWithMac,
  frameMessage,
  type MacFunction,
  type Message,
  type MessageSpec,
  type OutgoingMessage,
  type Value,
} from '@telepurse/iso8583'

/** A message and what signs it; unsigned where both sides share no key. */
export interface Signed {
  readonly message: OutgoingMessage
  readonly mac?: MacFunction
}

/** What an answer repeats where the request has it. */
const repeated = [2, 3, 4, 7, 11, 12, 13, 15, 18, 25, 32, 33, 37, 41, 42, 49, 70, 90, 100]

/** The answer to a request: its type is the next even ten, its header goes the other way. */
export function answerTo(
  spec: MessageSpec,
  request: Message,
  fields: Readonly<Record<number, Value>>,
): OutgoingMessage {
  const kept = repeated.flatMap((number) => {
    const value = request.fields[number]
    return value === undefined ? [] : [[number, value] as const]
  })
  const given = Object.entries(fields).filter(([number]) => spec.fields[Number(number)])
  return {
    header: turned(request.header),
    mti: `${request.mti.slice(0, 2)}${Number(request.mti[2]) + 1}0`,
    fields: { ...Object.fromEntries(kept), ...Object.fromEntries(given) },
  }
}

const pairs: Readonly<Record<string, string>> = {
  destination: 'source',
  source: 'destination',
  tpdu_destination: 'tpdu_origin',
  tpdu_origin: 'tpdu_destination',
}

function turned(header: Message['header']): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(header).map(([name, value]) => [name, header[pairs[name] ?? ''] ?? value]),
  )
}

/** The octets of a message, behind their length. Throws when the bank has written what it cannot send. */
export function framed(spec: MessageSpec, { message, mac }: Signed): Uint8Array {
  const octets = mac ? encodeWithMac(spec, message, mac) : encode(spec, message)
  if (!octets.ok) throw new Error(`the bank cannot write this message: ${octets.refusal.code}`)
  return frameMessage(spec.frame, octets.value)
}
