/**
 * Scripted misfortune. A fault strikes messages of one kind or of all, of one card or of one amount, a
 * number of times or at random. The first fault in the list that strikes decides; later ones wait for
 * the next message. Standing faults hold until they are cleared.
 */
import { type MessageKind, messageKinds } from './request.ts'
import { acceptedCodes } from './transaction.ts'

/** What each kind does. `Done` is said of the message: whether it takes effect. */
export const faultKinds = {
  lost_request: 'never answers, and nothing was done',
  lost_answer: 'never answers, though it was done',
  answers_late: 'does it at once and answers after lateMs',
  works_late: 'does it only after lateMs, then answers',
  answers_twice: 'does it once and sends the answer twice',
  drops_link: 'cuts the link, and nothing was done',
  approves_and_drops_link: 'does it, then cuts the link instead of answering',
  approves_and_dies: 'does it, then all links are cut, keys and sign-on forgotten, as by a restart',
  refuses: 'answers code, and nothing was done',
  declines_after_approving: 'answers code, though it was done',
  accepts: 'a credit is answered code and decided later: by hand, or done by itself after lateMs',
  wrong_mac: 'does it and answers with a wrong MAC',
  other_stan: 'does it and answers with the trace number of another message',
  cut_length: 'does it and answers with half of the length before the message missing',
  two_in_one: 'does it and sends the answer and an echo of its own in one segment',
  in_pieces: 'does it and sends the answer octet by octet',
  garbage: 'does it and sends octets that are no message',
  half_open: 'from this message on reads nothing more on this link, which stays open',
  mac_key_out_of_step: 'has another MAC key from now on: A0 until keys are exchanged',
  pin_key_out_of_step: 'has another PIN key from now on: 99 until keys are exchanged',
  clock_off: 'standing: the clock of the bank is offMs off',
  away: 'standing: links are cut and connections refused',
} as const
export type FaultKind = keyof typeof faultKinds
const standing: readonly FaultKind[] = ['clock_off', 'away']

export interface Fault {
  readonly kind: FaultKind
  /** Without it the fault strikes every message. */
  readonly on?: MessageKind
  readonly pan?: string
  /** In fen. */
  readonly amount?: bigint
  /** Strikes this many messages, then is gone. Without it: until cleared. */
  readonly count?: number
  /** 1 to 100: chance to strike a message. Without it: always. */
  readonly percent?: number
  /** For answers_late and works_late 10 000 without it; for accepts: decided by hand without it. */
  readonly lateMs?: number
  /** For refuses and declines_after_approving (05 without it) and accepts (A2 without it). */
  readonly code?: string
  /** For clock_off; five minutes fast without it. */
  readonly offMs?: number
}

export const faultMax = 100
const lateMax = 3_600_000
const offMax = 86_400_000
const countMax = 1_000_000

/** What a fault looks at. */
export interface Struck {
  readonly kind: MessageKind
  readonly pan?: string
  readonly amount?: bigint
}

export interface FaultPlan {
  add(fault: Fault): void
  clear(): void
  list(): readonly Fault[]
  /** The fault that strikes this message, if any; a counted fault is used up by it. */
  take(message: Struck): Fault | undefined
  isAway(): boolean
  clockOffMs(): number
}

/** `random` gives numbers from 0 up to 1; the same seed gives the same misfortunes. */
export function createFaultPlan(random: () => number): FaultPlan {
  let faults: Fault[] = []
  const strikes = (fault: Fault, { kind, pan, amount }: Struck): boolean =>
    !standing.includes(fault.kind) &&
    (fault.on === undefined || fault.on === kind) &&
    (fault.pan === undefined || fault.pan === pan) &&
    (fault.amount === undefined || fault.amount === amount) &&
    (fault.kind !== 'accepts' || kind === 'credit') &&
    (fault.percent === undefined || random() * 100 < fault.percent)
  return {
    add(fault) {
      if (faults.length >= faultMax) throw new Error(`more than ${faultMax} faults at once`)
      faults.push(fault)
    },
    clear() {
      faults = []
    },
    list: () => faults,
    take(message) {
      const fault = faults.find((one) => strikes(one, message))
      if (fault?.count !== undefined)
        faults = faults.flatMap((one) => (one === fault ? oneLess(fault, fault.count ?? 1) : [one]))
      return fault
    },
    isAway: () => faults.some(({ kind }) => kind === 'away'),
    clockOffMs: () =>
      faults.reduce(
        (sum, { kind, offMs = 300_000 }) => sum + (kind === 'clock_off' ? offMs : 0),
        0,
      ),
  }
}

const oneLess = (fault: Fault, count: number): Fault[] =>
  count > 1 ? [{ ...fault, count: count - 1 }] : []

/** Reads a fault from JSON; a text instead says what is wrong with it. */
export function readFault(value: unknown): Fault | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'a fault is an object'
  const given = value as Record<string, unknown>
  const { kind, on, pan, amount, count, percent, lateMs, code, offMs, ...rest } = given
  const surplus = Object.keys(rest)[0]
  if (surplus !== undefined) return `a fault has no field ${surplus.slice(0, 40)}`
  if (typeof kind !== 'string' || !Object.hasOwn(faultKinds, kind))
    return `kind is one of ${Object.keys(faultKinds).join(', ')}`
  if (on !== undefined && !messageKinds.some((one) => one === on))
    return `on is one of ${messageKinds.join(', ')}`
  if (!isText(pan, /^\d{12,19}$/)) return 'pan is a card number'
  if (!isText(amount, /^[1-9]\d{0,11}$/)) return 'amount is a string of at most 12 digits, in fen'
  if (!isText(code, /^(?!00|11)[0-9A-Z]{2}$/)) return 'code is two characters, and no approval'
  if (kind === 'accepts' && !acceptedCodes.includes(String(code ?? 'A2')))
    return `code is one of ${acceptedCodes.join(', ')}`
  if (!isCount(count, 1, countMax)) return `count is a whole number from 1 to ${countMax}`
  if (!isCount(percent, 1, 100)) return 'percent is a whole number from 1 to 100'
  if (!isCount(lateMs, 1, lateMax)) return `lateMs is a whole number from 1 to ${lateMax}`
  if (!isCount(offMs, -offMax, offMax)) return `offMs is at most ${offMax} either way`
  return { ...given, ...(typeof amount === 'string' && { amount: BigInt(amount) }) } as Fault
}

const isText = (value: unknown, pattern: RegExp): boolean =>
  value === undefined || (typeof value === 'string' && pattern.test(value))

const isCount = (value: unknown, min: number, max: number): boolean =>
  value === undefined ||
  (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max)
