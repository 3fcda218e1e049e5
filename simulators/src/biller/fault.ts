/**
 * Scripted misfortune. A fault strikes calls of one verb or of all, of one biller or of all, a number of times or
 * until it is cleared. The first fault in the list that strikes decides.
 */
import { type Code, codes } from './contract.ts'
import { type FileFault, fileFaults } from './daily-file.ts'

export const verbs = ['inquire', 'pay', 'query', 'reverse', 'file'] as const
export type Verb = (typeof verbs)[number]

/** What each kind does; `works` says whether the verb takes effect. */
export const faultKinds = {
  silent: 'never answers, and the verb was not done',
  lost_answer: 'never answers, though the verb was done',
  answers_late: 'does the verb at once and answers after lateMs',
  works_late: 'does the verb only after lateMs, then answers',
  answers_twice: 'does the verb once and sends its answer twice',
  pays_and_drops_link: 'does the verb, then destroys the connection',
  drops_link: 'destroys the connection, and the verb was not done',
  http_500: 'answers 500, and the verb was not done',
  foreign_answer: 'does the verb and answers about another payment',
  bad_signature: 'does the verb and signs its answer with another secret',
  refuse: 'refuses with reason, and the verb was not done',
  wrong_file: 'gives a file with the fault of fileFault',
  away: 'the port is closed: connections are refused until the fault is cleared',
} as const
export type FaultKind = keyof typeof faultKinds

export interface Fault {
  readonly kind: FaultKind
  /** Without it the fault strikes every verb. */
  readonly verb?: Verb
  /** Without it the fault strikes every biller. */
  readonly biller?: string
  /** Strikes this many calls, then is gone. Without it: until cleared. */
  readonly count?: number
  /** For answers_late and works_late; 10 000 without it. */
  readonly lateMs?: number
  /** For refuse; `batch_window` without it. */
  readonly reason?: Code
  readonly fileFault?: FileFault
}

export const faultMax = 100
const lateMax = 600_000
const countMax = 1_000_000

export function createFaultPlan() {
  let faults: Fault[] = []
  return {
    add(fault: Fault) {
      if (faults.length >= faultMax) throw new Error(`more than ${faultMax} faults at once`)
      faults.push(fault)
    },
    clear() {
      faults = []
    },
    list: (): readonly Fault[] => faults,
    /** The fault that strikes this call, if any; a counted fault is used up by it. */
    take(verb: Verb, biller: string): Fault | undefined {
      const fault = faults.find(
        (one) =>
          one.kind !== 'away' &&
          (one.verb ?? verb) === verb &&
          (one.biller ?? biller) === biller &&
          (one.kind !== 'wrong_file' || verb === 'file'),
      )
      if (fault?.count !== undefined) {
        const { count } = fault
        faults = faults.flatMap((one) =>
          one !== fault ? [one] : count > 1 ? [{ ...fault, count: count - 1 }] : [],
        )
      }
      return fault
    },
  }
}
export type FaultPlan = ReturnType<typeof createFaultPlan>

/** Reads a fault from JSON; a text instead says what is wrong with it. */
export function readFault(value: unknown): Fault | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'a fault is an object'
  const { kind, verb, biller, count, lateMs, reason, fileFault, ...rest } = value as Record<
    string,
    unknown
  >
  const surplus = Object.keys(rest)[0]
  if (surplus !== undefined) return `a fault has no field ${surplus.slice(0, 40)}`
  if (!isOneOf(kind, faultKinds)) return `kind is one of ${Object.keys(faultKinds).join(', ')}`
  if (verb !== undefined && !verbs.some((one) => one === verb))
    return `verb is one of ${verbs.join(', ')}`
  if (biller !== undefined && typeof biller !== 'string') return 'biller is a code'
  if (!isCount(count, countMax)) return `count is a whole number from 1 to ${countMax}`
  if (!isCount(lateMs, lateMax)) return `lateMs is a whole number from 1 to ${lateMax}`
  if (reason !== undefined && !isOneOf(reason, codes))
    return `reason is one of ${Object.keys(codes).join(', ')}`
  if (fileFault !== undefined && !isOneOf(fileFault, fileFaults))
    return `fileFault is one of ${Object.keys(fileFaults).join(', ')}`
  return value as Fault
}

const isOneOf = (value: unknown, all: object): boolean =>
  typeof value === 'string' && Object.hasOwn(all, value)

const isCount = (value: unknown, max: number): boolean =>
  value === undefined ||
  (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max)
