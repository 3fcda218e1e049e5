/**
 * Delivery receipts: the text in short_message (SMPP 3.4 Appendix B) that tells what became of a
 * message, and message_state (§5.2.28). The text is a custom more than a standard: centres leave out
 * keys, write `Text:`, add seconds to dates and use identifiers of any length.
 */

export const messageStates = {
  ENROUTE: 1,
  DELIVERED: 2,
  EXPIRED: 3,
  DELETED: 4,
  UNDELIVERABLE: 5,
  ACCEPTED: 6,
  UNKNOWN: 7,
  REJECTED: 8,
} as const
export type MessageState = keyof typeof messageStates

const statWords: Record<MessageState, string> = {
  ENROUTE: 'ENROUTE',
  DELIVERED: 'DELIVRD',
  EXPIRED: 'EXPIRED',
  DELETED: 'DELETED',
  UNDELIVERABLE: 'UNDELIV',
  ACCEPTED: 'ACCEPTD',
  UNKNOWN: 'UNKNOWN',
  REJECTED: 'REJECTD',
}

const byWord = new Map(
  Object.entries(statWords).map(([state, word]) => [word, state as MessageState]),
)
const byNumber = new Map(
  Object.entries(messageStates).map(([state, value]) => [value as number, state as MessageState]),
)

/** The state a `stat:` word names; a word of the vendor's own is UNKNOWN. */
export const stateOfWord = (word: string): MessageState =>
  byWord.get(word.toUpperCase()) ?? 'UNKNOWN'
/** The state a message_state number names, or undefined for a reserved one. */
export const stateOfNumber = (value: number): MessageState | undefined => byNumber.get(value)

/** Whether nothing more will be told of the message. */
export const isFinalState = (state: MessageState): boolean =>
  state !== 'ENROUTE' && state !== 'ACCEPTED' && state !== 'UNKNOWN'

export interface DeliveryReceipt {
  readonly id: string
  readonly state: MessageState
  /** Messages submitted and delivered, where told. */
  readonly submitted?: number
  readonly delivered?: number
  /** As written: yyMMddHHmm, perhaps with seconds, in the centre's own zone. */
  readonly submitDate?: string
  readonly doneDate?: string
  /** The centre's own error code. */
  readonly error?: string
  /** The beginning of the message, at most 20 characters. */
  readonly text?: string
}

const patternOf = (key: string) => new RegExp(`(?:^|\\s)${key}:\\s?(\\S+)`, 'i')
const patterns = {
  id: patternOf('id'),
  stat: patternOf('stat'),
  submitted: patternOf('sub'),
  delivered: patternOf('dlvrd'),
  submitDate: patternOf('submit date'),
  doneDate: patternOf('done date'),
  error: patternOf('err'),
}
const textPattern = /(?:^|\s)text:/i

/** Reads a receipt's text. Undefined when it names no message. */
export function parseReceipt(receipt: string): DeliveryReceipt | undefined {
  const textAt = textPattern.exec(receipt)
  const head = textAt ? receipt.slice(0, textAt.index) : receipt
  const word = (key: keyof typeof patterns) => patterns[key].exec(head)?.[1]
  const count = (key: 'submitted' | 'delivered') => {
    const digits = word(key)
    return digits !== undefined && /^\d{1,9}$/.test(digits) ? Number(digits) : undefined
  }
  const id = word('id')
  if (id === undefined) return undefined
  const stat = word('stat')
  return definedOnly({
    id,
    state: stat === undefined ? 'UNKNOWN' : stateOfWord(stat),
    submitted: count('submitted'),
    delivered: count('delivered'),
    submitDate: word('submitDate'),
    doneDate: word('doneDate'),
    error: word('error'),
    text: textAt ? receipt.slice(textAt.index + textAt[0].length) : undefined,
  })
}

type Loose<Value> = { [Key in keyof Value]: Value[Key] | undefined }

/** Absent is absent, not `undefined`: what was not told is not there. */
function definedOnly(receipt: Loose<Required<DeliveryReceipt>>): DeliveryReceipt {
  const told: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(receipt)) if (value !== undefined) told[key] = value
  return told as unknown as DeliveryReceipt
}

/** Writes a receipt in the form of Appendix B. */
export function formatReceipt(receipt: DeliveryReceipt): string {
  const count = (value = 0) => String(value).padStart(3, '0')
  return [
    `id:${receipt.id}`,
    `sub:${count(receipt.submitted)}`,
    `dlvrd:${count(receipt.delivered)}`,
    `submit date:${receipt.submitDate ?? ''}`,
    `done date:${receipt.doneDate ?? ''}`,
    `stat:${statWords[receipt.state]}`,
    `err:${receipt.error ?? '000'}`,
    `text:${(receipt.text ?? '').slice(0, 20)}`,
  ].join(' ')
}
