/**
 * Field 90: which message a reversal or an advice is about. 42 digits: its type 4, its trace number 6, when it was
 * transmitted 10, acquirer and forwarder 11 each, with zeros in front (ISO 8583:1987 §4).
 */
import { type OutgoingMessage, textOf } from './message.ts'
import { accept, type Result, refuse } from './result.ts'

export interface OriginalData {
  readonly mti: string
  /** Field 11. */
  readonly stan: string
  /** Field 7, MMDDhhmmss. */
  readonly transmitted: string
  /** Fields 32 and 33, without zeros in front. */
  readonly acquirer: string
  readonly forwarder: string
}

/** The identity of a message as field 90 has it. Refused when the message lacks field 7 or 11. */
export function originalDataOf(message: OutgoingMessage): Result<string, 'original_incomplete'> {
  const stan = textOf(message, 11)
  const transmitted = textOf(message, 7)
  if (stan === undefined || transmitted === undefined) return refuse('original_incomplete')
  const [acquirer, forwarder] = [32, 33].map((field) =>
    (textOf(message, field) ?? '').padStart(11, '0'),
  )
  return accept(`${message.mti}${stan}${transmitted}${acquirer}${forwarder}`)
}

/** What field 90 names. */
export function readOriginalData(text: string): Result<OriginalData, 'original_data_invalid'> {
  if (!/^\d{42}$/.test(text)) return refuse('original_data_invalid')
  const idAt = (at: number) => text.slice(at, at + 11).replace(/^0+/, '')
  return accept({
    mti: text.slice(0, 4),
    stan: text.slice(4, 10),
    transmitted: text.slice(10, 20),
    acquirer: idAt(20),
    forwarder: idAt(31),
  })
}
