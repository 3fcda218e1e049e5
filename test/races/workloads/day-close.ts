/**
 * The day is closed by two processes while others, whose clocks are a moment behind, still charge and
 * refund on it. It is closed once, with all that was posted on it; what comes later is the next day's.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { manualClock } from '../../../server/src/kernel/index.ts'
import { type Invariant, invariant } from '../../../server/src/ledger/index.ts'
import type { Command } from '../../../server/src/payments/command.ts'
import { closeDay } from '../../../server/src/settlement/index.ts'
import { newId } from '../../lane.ts'
import { instead } from '../broken.ts'
import { type Stage, said } from '../stage.ts'
import type { Workload } from '../workload.ts'
import { committed, expectOnly, orderOf, prepare } from './purchase.ts'

const day = 24 * 3_600_000
const lockDay = 'select closed_through from business_day for update'

const closedRight: Invariant = invariant(
  'race_closed_days_stand',
  'A closed day says what was posted on it, and nothing was posted on it after.',
  `select format('%s was closed with %s, payments say %s, refunds %s', d.date, d.sales, p.sales, r.sum)
      as example
    from closed_day d
    cross join lateral (select coalesce(sum(amount), 0) as sales, count(*) as count from payment
      where business_date = d.date) p
    cross join lateral (select coalesce(sum(amount), 0) as sum, count(*) as count from refund
      where business_date = d.date) r
    where (d.sales, d.sales_count, d.refunds, d.refunds_count)
      is distinct from (p.sales, p.count, r.sum, r.count)`,
)

/** Asked for and answered in one batch. */
function refunded(msisdn: string, paymentId: string): Command[] {
  const refundId = newId(msisdn)
  const order = { paymentId, msisdn, refundId, amount: 5_00n, reason: 'race' }
  const outcome = { kind: 'refunded' } as const
  return [
    { kind: 'refund', msisdn, paymentId, order },
    { kind: 'refund_answered', msisdn, paymentId, refundId, outcome, attempt: 1 },
  ]
}

async function close(stage: Stage, n: number, date: string, at: number): Promise<string> {
  await sleep(stage.random.below(20))
  const { time } = stage.left
  const options = { db: stage.caller(n), clock: { now: () => at }, time }
  try {
    const closed = await closeDay(options, date)
    return closed.ok ? 'accepted' : closed.refusal
  } catch (error) {
    return `failed: ${error}`
  }
}

export const dayClose: Workload = {
  name: 'day-close',
  proves: 'a day closed against postings, and twice at once, is closed once with all that is on it',
  callers: 16,
  attempts: 6_000,
  mutants: [
    {
      name: 'no-share-lock',
      lacks: 'the lock by which postings hold the day open',
      spoil: instead('business_day.closed_through', ' for share', ''),
    },
    {
      name: 'no-close-lock',
      lacks: 'the lock by which closing waits for postings and for another closing',
      spoil: ({ text }) => (text === lockDay ? text.replace(' for update', '') : text),
    },
    {
      name: 'no-close-look',
      lacks: 'the look at which days are closed',
      spoil: instead(
        'business_day.closed_through',
        'closed_through from',
        'null::date as closed_through from',
      ),
    },
  ],
  async open(stage) {
    const { time } = stage.left
    return {
      rules: [closedRight],
      async round() {
        stage.clock.advance(day)
        const date = time.dateOf(stage.clock.now())
        const midnight = time.startOf(time.nextDate(date))
        const orders: ReturnType<typeof orderOf>[] = []
        for (let n = 0; n < stage.callers; n += 1) orders.push(orderOf(await stage.newNumber()))
        await prepare(stage, ...orders)
        const isSold = (n: number) => n % 4 === 0
        const sold = orders.filter((_, n) => isSold(n))
        await prepare(stage, ...sold.map(({ msisdn, order }) => committed(msisdn, order.paymentId)))
        const posts = orders.map(({ msisdn, order: { paymentId } }, n): Command[] =>
          isSold(n) ? refunded(msisdn, paymentId) : [committed(msisdn, paymentId)],
        )
        const clock = manualClock(midnight - 1)
        // A clock that is behind says "yesterday" still after the closing.
        const third = Math.ceil(posts.length / 3)
        const wave = async (n: number, waitMs: number) => {
          await sleep(waitMs)
          return stage.race(posts.slice(n * third, (n + 1) * third), { clock })
        }
        const [first, second, ...closings] = await Promise.all([
          wave(0, 0),
          wave(1, stage.random.below(40)),
          close(stage, 0, date, midnight),
          close(stage, 1, date, midnight),
        ])
        const heard = [first, second, await wave(2, 0)].flat(2)
        expectOnly(
          stage,
          heard.map((answer) => said(answer)),
          ['accepted'],
        )
        expectOnly(stage, closings, ['accepted', 'already_closed'])
        const closed = closings.filter((word) => word === 'accepted').length
        if (closed !== 1) stage.complain(`${date} was closed ${closed} times`)
        for (const command of posts.flat())
          if ('paymentId' in command)
            stage.acknowledged.add({ kind: 'payment', id: command.paymentId })
        return posts.flat().length + closings.length
      },
    }
  },
}
