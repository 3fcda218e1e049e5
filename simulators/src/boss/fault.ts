/**
 * Scripted misfortune. A fault strikes calls of one verb or of all, a number of times or at random.
 * The first fault in the list that strikes decides; later ones wait for the next call.
 */
import { type Code, codes } from './line.ts'

export const verbs = [
  'line',
  'reserve',
  'charge',
  'commit',
  'release',
  'reverse',
  'query',
  'refund',
  'query_refund',
] as const
export type Verb = (typeof verbs)[number]

/** What each kind does; `works` says whether the verb takes effect. */
export const faultKinds = {
  lost_request: 'never answers, and the verb was not done',
  lost_answer: 'never answers, though the verb was done',
  answers_late: 'does the verb at once and answers after lateMs',
  works_late: 'does the verb only after lateMs, then answers',
  answers_twice: 'does the verb once and sends its answer twice',
  commits_and_drops_link: 'does the verb, then destroys the connection',
  drops_link: 'destroys the connection, and the verb was not done',
  http_500: 'answers 500, and the verb was not done',
  http_500_after: 'answers 500, though the verb was done',
  garbled_answer: 'does the verb and answers bytes that are no JSON',
  foreign_answer: 'does the verb and answers with the id of another charge or line',
  refuse: 'refuses with reason, and the verb was not done',
  away: 'the port is closed: connections are refused until the fault is cleared',
} as const
export type FaultKind = keyof typeof faultKinds

export interface Fault {
  readonly kind: FaultKind
  /** Without it the fault strikes every verb. */
  readonly verb?: Verb
  /** Strikes this many calls, then is gone. Without it: until cleared. */
  readonly count?: number
  /** 1 to 100: chance to strike a call. Without it: always. */
  readonly percent?: number
  /** For answers_late and works_late; 10 000 without it. */
  readonly lateMs?: number
  /** For refuse; `low_credit` without it. */
  readonly reason?: Code
}

export const faultMax = 100
const lateMax = 600_000
const countMax = 1_000_000

export interface FaultPlan {
  add(fault: Fault): void
  clear(): void
  list(): readonly Fault[]
  /** The fault that strikes this call, if any; a counted fault is used up by it. */
  take(verb: Verb): Fault | undefined
}

/** `random` gives numbers from 0 up to 1; the same seed gives the same misfortunes. */
export function createFaultPlan(random: () => number): FaultPlan {
  let faults: Fault[] = []
  return {
    add(fault) {
      if (faults.length >= faultMax) throw new Error(`more than ${faultMax} faults at once`)
      faults.push(fault)
    },
    clear() {
      faults = []
    },
    list: () => faults,
    take(verb) {
      const index = faults.findIndex((fault) => strikes(fault, verb, random))
      const fault = faults[index]
      if (fault?.count !== undefined)
        faults = faults.flatMap((one) => (one === fault ? oneLess(fault, fault.count ?? 1) : [one]))
      return fault
    },
  }
}

function strikes(fault: Fault, verb: Verb, random: () => number): boolean {
  if (fault.kind === 'away' || (fault.verb !== undefined && fault.verb !== verb)) return false
  return fault.percent === undefined || random() * 100 < fault.percent
}

const oneLess = (fault: Fault, count: number): Fault[] =>
  count > 1 ? [{ ...fault, count: count - 1 }] : []

/** Reads a fault from JSON; a text instead says what is wrong with it. */
export function readFault(value: unknown): Fault | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'a fault is an object'
  const { kind, verb, count, percent, lateMs, reason, ...rest } = value as Record<string, unknown>
  const surplus = Object.keys(rest)[0]
  if (surplus !== undefined) return `a fault has no field ${surplus.slice(0, 40)}`
  if (typeof kind !== 'string' || !Object.hasOwn(faultKinds, kind))
    return `kind is one of ${Object.keys(faultKinds).join(', ')}`
  if (verb !== undefined && !verbs.some((one) => one === verb))
    return `verb is one of ${verbs.join(', ')}`
  if (!isCount(count, countMax)) return `count is a whole number from 1 to ${countMax}`
  if (!isCount(percent, 100)) return 'percent is a whole number from 1 to 100'
  if (!isCount(lateMs, lateMax)) return `lateMs is a whole number from 1 to ${lateMax}`
  if (reason !== undefined && !(typeof reason === 'string' && Object.hasOwn(codes, reason)))
    return `reason is one of ${Object.keys(codes).join(', ')}`
  return value as Fault
}

const isCount = (value: unknown, max: number): boolean =>
  value === undefined ||
  (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max)
