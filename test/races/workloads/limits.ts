/**
 * Orders at every limit, to the fen and to the millisecond: the day, the month, the merchant's cap, a
 * single payment, the interval; across midnight and the end of a month; while holds end and refunds
 * give room back. Never more than fits, and all that fits.
 */
import { manualClock } from '../../../server/src/kernel/index.ts'
import { invariant } from '../../../server/src/ledger/index.ts'
import { defaultPolicy, type Policy } from '../../../server/src/risk/index.ts'
import type { LaneWorld } from '../../lane.ts'
import { instead, noCapGuard, noNumberLock, noNumberLockNoWalls } from '../broken.ts'
import { freely, type Stage, said, unlimited } from '../stage.ts'
import type { Workload } from '../workload.ts'
import { expectOnly, orderOf } from './purchase.ts'
import { restless } from './restless.ts'

const day = 24 * 3_600_000

const withinLimits = invariant(
  'race_limits_are_kept',
  'No counter stands above the limit its race has, at any instant.',
  `select format('%s in %s: %s of %s', c.subject, c.period, c.used, l.most) as example
    from race_limit l join limit_counter c on c.subject = l.subject and c.period = l.period
    where c.used > l.most`,
)

export interface Limit {
  readonly subject: string
  readonly period: string
  readonly most: bigint
}

/** Writes down what a race may use; `race_limit` is what the watcher holds the counters against. */
export const limitTo = (stage: Stage, limits: readonly Limit[]) =>
  stage.db.transact((tx) =>
    tx.query(
      `insert into race_limit select * from jsonb_to_recordset($1::jsonb)
        as l (subject text, period text, most int8)`,
      [JSON.stringify(limits.map((one) => ({ ...one, most: String(one.most) })))],
    ),
  )

/** x.00, x.99 and x.01 around an amount. */
const around = (amount: bigint) => [amount, amount - 1n, amount + 1n]
const bounds = [50_00n, 49_99n, 50_01n, 29_99n, 100_00n]
const prices = [5_00n, 9_99n, 10_00n, 10_01n, 16_67n, 24_99n, 25_00n, 29_99n]

interface Race {
  readonly policy?: Partial<Policy>
  readonly cap?: bigint
  /** Each caller is another customer. */
  readonly apart?: true
  /** Those who come first are still before midnight, the others after it. */
  readonly midnight?: true
  readonly amounts: readonly bigint[]
  /** What is limited; used up to the last amount that fits. */
  readonly most: bigint
  readonly by: 'day' | 'month' | 'merchant'
  readonly refusal: string
}

/** A yes from before midnight may come after one from after it. */
const skewed: Partial<Policy> = { ...freely, intervalMs: -1 }

type Kind = (stage: Stage) => Race

const kinds: readonly Kind[] = [
  ({ random }) => {
    const most = random.pick(bounds)
    const policy = { ...freely, dayLimit: most }
    return {
      policy,
      amounts: around(random.pick(prices)),
      most,
      by: 'day',
      refusal: 'over_day_limit',
    }
  },
  ({ random }) => {
    const most = random.pick(bounds)
    const policy = { ...freely, monthLimit: most }
    const amounts = around(random.pick(prices))
    return { policy, amounts, most, by: 'month', refusal: 'over_month_limit' }
  },
  ({ random }) => {
    const most = random.pick(bounds)
    const amounts = around(random.pick(prices))
    return { cap: most, apart: true, amounts, most, by: 'merchant', refusal: 'over_merchant_cap' }
  },
  ({ random }) => {
    const most = random.pick(bounds)
    const policy = { ...skewed, dayLimit: most }
    const amounts = around(random.pick(prices))
    return { policy, midnight: true, amounts, most, by: 'day', refusal: 'over_day_limit' }
  },
  ({ random }) => {
    const most = random.pick(bounds)
    const policy = { ...skewed, monthLimit: most }
    const amounts = around(random.pick(prices))
    return { policy, midnight: true, amounts, most, by: 'month', refusal: 'over_month_limit' }
  },
]

const dearest = 30_01n
/** How many orders a caller has in its batch. */
const lengths = [1, 1, 2, 4, 8, 24]

/** Of those with one counter: no more than fits, and nobody was refused who would have fitted. */
async function fill(stage: Stage, race: Race, at: number): Promise<number> {
  const { time, catalogue } = stage.left
  const { by, most } = race
  const policy = () => ({ ...defaultPolicy, ...freely, ...race.policy, singleLimit: dearest })
  const known = catalogue.merchant('6022')
  const merchant = (id: string) =>
    known && id === '6022' ? { ...known, dailyCap: race.cap ?? unlimited } : catalogue.merchant(id)
  const given: Partial<LaneWorld> = { policy, catalogue: { ...catalogue, merchant } }
  const shared = await stage.newNumber()
  const periodOf = (instant: number) =>
    by === 'month' ? `M${time.monthOf(instant)}` : `D${time.dateOf(instant)}`
  const instants = race.midnight ? [at, at + 1] : [at]
  const subject = by === 'merchant' ? 'merchant:6022' : `number:${shared}`
  const periods = [...new Set(instants.map(periodOf))]
  await limitTo(
    stage,
    periods.map((period) => ({ subject, period, most })),
  )
  const wishes = []
  for (let n = 0; n < stage.callers; n += 1) {
    const msisdn = race.apart ? await stage.newNumber() : shared
    const instant = instants[n % instants.length] ?? at
    const length = stage.random.pick(lengths)
    const list = Array.from({ length }, () =>
      orderOf(msisdn, { what: { amount: stage.random.pick(race.amounts) } }),
    )
    wishes.push({ instant, list })
  }
  const heard = await Promise.all(
    wishes.map(({ instant, list }, n) =>
      stage.lane(n, { ...given, clock: manualClock(instant) }).together(list),
    ),
  )
  const answers = wishes.flatMap(({ instant, list }, n) =>
    list.map(({ order }, i) => ({
      period: periodOf(instant),
      id: order.paymentId,
      amount: 'amount' in order.what ? order.what.amount : 0n,
      word: said(heard[n]?.[i]),
    })),
  )
  expectOnly(
    stage,
    answers.map(({ word }) => word),
    ['accepted', race.refusal],
  )
  for (const period of periods) {
    const here = answers.filter((one) => one.period === period)
    const taken = here.filter(({ word }) => word === 'accepted')
    const used = taken.reduce((sum, { amount }) => sum + amount, 0n)
    for (const { id } of taken) stage.acknowledged.add({ kind: 'payment', id })
    if (used > most) stage.complain(`${used} of ${most} were used in ${period}`)
    for (const { word, amount } of here)
      if (word === race.refusal && used + amount <= most)
        stage.complain(`${amount} was refused at ${used} of ${most}`)
  }
  return answers.length
}

/** Only what is not above the limit of a single payment, and one yes an interval. */
async function single(stage: Stage): Promise<number> {
  const msisdn = await stage.newNumber()
  const policy = () => ({ ...defaultPolicy, ...freely, singleLimit: 9_99n, intervalMs: 60_000 })
  const lists = Array.from({ length: stage.callers }, (_, n) => [
    orderOf(msisdn, { what: { amount: n % 2 === 0 ? 9_99n : 10_00n } }),
  ])
  const heard = (await stage.race(lists, { policy })).map(([answer]) => said(answer))
  const small = heard.filter((_, n) => n % 2 === 0)
  expectOnly(stage, small, ['accepted', 'too_soon'])
  expectOnly(
    stage,
    heard.filter((_, n) => n % 2 === 1),
    ['over_single_limit'],
  )
  const accepted = small.filter((word) => word === 'accepted').length
  if (accepted !== 1) stage.complain(`${accepted} yeses within one interval`)
  return heard.length
}

export const limits: Workload = {
  name: 'limits',
  proves: 'no limit is exceeded at any boundary, and all of it can be used',
  callers: 16,
  attempts: 100_000,
  mutants: [
    noNumberLock,
    noNumberLockNoWalls,
    noCapGuard,
    {
      name: 'no-counters',
      lacks: 'what was used before',
      spoil: instead(
        'limit_counter.read',
        'select c.subject, c.period, c.used',
        'select c.subject, c.period, 0::int8 as used',
      ),
    },
    {
      name: 'no-holds',
      lacks: 'the room that a yes takes',
      spoil: instead('limit_counter.save', 'do update set used = excluded.used', 'do nothing'),
    },
  ],
  async open(stage) {
    await stage.db.transact((tx) =>
      tx.query('create table race_limit (subject text, period text, most int8)'),
    )
    const { time } = stage.left
    return {
      rules: [withinLimits],
      watched: [withinLimits],
      async round(n) {
        // Each round has two days of its own; every third ends a month with the first of them.
        stage.clock.advance(2 * day)
        const today = time.dateOf(stage.clock.now())
        const date = n % 3 === 0 ? lastOfMonth(today) : today
        if (date !== today) stage.clock.set(time.startOf(date) + day / 2)
        const at = time.startOf(time.nextDate(date)) - 1
        const kind = kinds[n % (kinds.length + 2)]
        if (kind) return fill(stage, kind(stage), at)
        return n % 2 === 0 ? single(stage) : restless(stage, limitTo)
      },
    }
  },
}

function lastOfMonth(date: string): string {
  const [year = 0, month = 0] = date.split('-').map(Number)
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)
}
