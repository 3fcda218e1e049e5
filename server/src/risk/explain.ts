/**
 * What a number may still spend and why an amount would be refused (CB-6, CB-7, CB-9): the same rules
 * as at a purchase, told instead of applied. Decides only; amounts in fen, times in ms.
 */
import type { Amount } from '../kernel/index.ts'
import { type ListHit, listingsOf } from './list.ts'
import type { Policy } from './policy.ts'

/** What is known of the number at `now`. Its own limits are null where the operator's hold. */
export interface LimitFacts {
  readonly msisdn: string
  readonly status: 'active' | 'suspended' | 'closed'
  readonly switchedOn: boolean
  readonly own: {
    readonly single: Amount | null
    readonly day: Amount | null
    readonly month: Amount | null
  }
  readonly lastYesAt: number | null
  readonly usedToday: Amount
  readonly usedThisMonth: Amount
  readonly hits: readonly ListHit[]
}

export interface Limit {
  /** The operator's, after a grey entry halved it. */
  readonly operator: Amount
  readonly own: Amount | null
  /** The lower of the two: what counts. */
  readonly limit: Amount
  readonly used: Amount
  readonly left: Amount
}

/** In the order of the checks of a purchase; the first one is the answer a customer gets. */
export type LimitRefusal =
  | 'line_closed'
  | 'line_suspended'
  | 'blacklisted'
  | 'switched_off'
  | 'amount_too_small'
  | 'over_single_limit'
  | 'too_soon'
  | 'over_day_limit'
  | 'over_month_limit'

export interface LimitExplanation {
  readonly single: Limit
  readonly day: Limit
  readonly month: Limit
  readonly amountMin: Amount
  /** The most that one purchase could be right now; 0 when none could. */
  readonly mostNow: Amount
  /** How long until the next yes may count; 0 when it may now. */
  readonly intervalLeftMs: number
  /** For the amount asked about, or for any amount at all when none was. */
  readonly refusals: readonly LimitRefusal[]
}

export function explainLimits(
  facts: LimitFacts,
  policy: Policy,
  now: number,
  amount?: Amount,
): LimitExplanation {
  const listed = listingsOf(facts.hits).get(`number:${facts.msisdn}`)
  const share = listed?.has('grey') ? 2n : 1n
  const single = limitOf(policy.singleLimit / share, facts.own.single, 0n)
  const day = limitOf(policy.dayLimit / share, facts.own.day, facts.usedToday)
  const month = limitOf(policy.monthLimit / share, facts.own.month, facts.usedThisMonth)
  const waits = facts.lastYesAt !== null && !listed?.has('white')
  const intervalLeftMs = waits ? Math.max(0, (facts.lastYesAt ?? 0) + policy.intervalMs - now) : 0
  // Without an amount the question is whether the least possible purchase would pass.
  const asked = amount ?? policy.amountMin
  const checks: readonly (readonly [LimitRefusal, boolean])[] = [
    ['line_closed', facts.status === 'closed'],
    ['line_suspended', facts.status === 'suspended'],
    ['blacklisted', listed?.has('black') ?? false],
    ['switched_off', !facts.switchedOn],
    ['amount_too_small', asked < policy.amountMin],
    ['over_single_limit', asked > single.limit],
    ['too_soon', intervalLeftMs > 0],
    ['over_day_limit', facts.usedToday + asked > day.limit],
    ['over_month_limit', facts.usedThisMonth + asked > month.limit],
  ]
  const refusals = checks.flatMap(([refusal, holds]) => (holds ? [refusal] : []))
  const room = least(single.left, day.left, month.left)
  const barred = checks.slice(0, 4).some(([, holds]) => holds) || intervalLeftMs > 0
  const mostNow = barred || room < policy.amountMin ? 0n : room
  return {
    single,
    day,
    month,
    amountMin: policy.amountMin,
    mostNow,
    intervalLeftMs,
    refusals,
  }
}

function limitOf(operator: Amount, own: Amount | null, used: Amount): Limit {
  const limit = own !== null && own < operator ? own : operator
  return { operator, own, limit, used, left: used < limit ? limit - used : 0n }
}

function least(first: Amount, ...others: readonly Amount[]): Amount {
  let smallest = first
  for (const amount of others) if (amount < smallest) smallest = amount
  return smallest
}
