/** A message as values. Texts and digits are strings, kind `b` is octets. */

export type Value = string | Uint8Array

export interface Message {
  /** The named parts before the message type, without those that are computed. Empty for ISO 8583 itself. */
  readonly header: Readonly<Record<string, Value>>
  /** Message type indicator, four digits. */
  readonly mti: string
  /** Data elements by number, 2 to 128. */
  readonly fields: Readonly<Record<number, Value>>
}

/** A message to write: header parts that are left out take the specification's default. */
export type OutgoingMessage = Omit<Message, 'header'> & Partial<Pick<Message, 'header'>>

/** A field as a string; undefined when it is absent or octets. */
export function textOf(message: OutgoingMessage, field: number): string | undefined {
  const value = message.fields[field]
  return typeof value === 'string' ? value : undefined
}

/** A field of kind `b` as octets; undefined when it is absent or a string. */
export function octetsOf(message: OutgoingMessage, field: number): Uint8Array | undefined {
  const value = message.fields[field]
  return value instanceof Uint8Array ? value : undefined
}
