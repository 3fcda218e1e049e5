/** What every route of the counter stands on, and how it says no. */
import type { Database } from '../../db/index.ts'
import { type BusinessTime, type Clock, type Msisdn, parseMsisdn } from '../../kernel/index.ts'
import type { Act, Approval, Person, Staff } from '../../staff/index.ts'
import { type Guesses, ProblemError } from '../http/index.ts'
import type { Later } from './later.ts'
import type { Ports, WordDetail } from './ports.ts'
import { type Refusal, wordsOf } from './words.ts'

export interface Agreement {
  readonly version: string
  readonly title: { readonly zh: string; readonly en: string }
  readonly points: readonly { readonly zh: string; readonly en: string }[]
}

export interface CounterDesk extends Ports {
  readonly db: Database
  readonly clock: Clock
  readonly time: BusinessTime
  readonly staff: Staff
  /** By address. */
  readonly wrongSignIns: Guesses
  /** What customers sign. */
  readonly agreement: Agreement
  /** Cash above this, in fen, needs a second person. */
  readonly cashApprovalAbove: bigint
  /** Asks silent banks again. */
  readonly later: Later
  /** The outside reaches this server by TLS. */
  readonly https: boolean
}

/** The problem that tells a refusal, with its code and words. */
export function refused(
  refusal: Refusal,
  given: {
    readonly desk: CounterDesk
    readonly retryAfterMs?: number
    readonly detail?: Omit<WordDetail, 'now'>
  },
): ProblemError {
  const { desk, retryAfterMs, detail } = given
  const now = desk.clock.now()
  const { type, status, code, zh, en } = wordsOf(refusal, desk.words, { now, ...detail })
  return new ProblemError({
    ...{ status, type, title: en, code, words: { zh, en } },
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(status === 401 && { challenge: 'Session' }),
  })
}

export function msisdnOf(desk: CounterDesk, text: string): Msisdn {
  const msisdn = parseMsisdn(text)
  if (!msisdn.ok) throw refused('number_malformed', { desk })
  return msisdn.value
}

/** The people that acts and approvals name. */
export async function namedIn(
  { db, staff }: CounterDesk,
  named: readonly (Pick<Act, 'person'> | Pick<Approval, 'askedBy' | 'decidedBy'>)[],
): Promise<(id: string) => Person> {
  const ids = named.flatMap((one) =>
    'person' in one ? [one.person] : [one.askedBy, one.decidedBy ?? one.askedBy],
  )
  const people = ids.length === 0 ? new Map<string, Person>() : await staff.peopleOf(db, ids)
  return (id) => {
    const person = people.get(id)
    if (!person) throw new Error('people stay')
    return person
  }
}
