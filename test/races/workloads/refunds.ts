/** Refunds of one payment at once: together never more than was paid, and not less than they could. */
import type { Command } from '../../../server/src/payments/command.ts'
import { newId } from '../../lane.ts'
import { instead, noNumberLock, noNumberLockNoWalls } from '../broken.ts'
import { said } from '../stage.ts'
import type { Workload } from '../workload.ts'
import { committed, expectOnly, supply } from './purchase.ts'

const paid = 30_00n
const amounts = [1_00n, 4_00n, 7_50n, 10_00n, 15_00n, 29_99n, 30_00n]

export const refunds: Workload = {
  name: 'refunds',
  proves:
    'refunds at once never give back more than was paid, while the carrier answers earlier ones',
  callers: 16,
  attempts: 8_000,
  mutants: [
    noNumberLock,
    noNumberLockNoWalls,
    {
      name: 'no-sum',
      lacks: 'what was returned before, in the sum that limits the next one',
      spoil: instead(
        'payment.by_ids',
        /p\.refunded, p\.refunding/,
        '0::int8 as refunded, 0::int8 as refunding',
      ),
    },
  ],
  async open(stage) {
    // More sales of each number, so that the merchant's account has more to give than one of them.
    const next = supply(stage, { after: committed, besides: 2 })
    return {
      rules: [],
      async round(n) {
        const { id: paymentId, msisdn } = await next()
        const amount = stage.random.pick(amounts)
        const wishes = Array.from({ length: stage.callers }, () => {
          const refundId = newId(msisdn)
          const order = { paymentId, msisdn, refundId, amount, reason: 'race' }
          return { kind: 'refund', msisdn, paymentId, order } as const
        })
        const heard = await stage.race(wishes.map((wish) => [wish]))
        const words = heard.map(([answer]) => said(answer))
        const granted = wishes.filter((_, i) => words[i] === 'accepted')
        for (const { order } of granted)
          stage.acknowledged.add({ kind: 'refund', id: order.refundId })
        expectOnly(stage, words, ['accepted', 'over_paid_amount'])
        const fits = Number(paid / amount)
        if (granted.length !== Math.min(fits, stage.callers))
          stage.complain(`${granted.length} refunds of ${amount} were promised, ${fits} fit`)
        // The carrier answers while others try again, now for a fen.
        const again = granted.map(({ order: { refundId } }, i): Command[] => [
          {
            kind: 'refund_answered',
            msisdn,
            paymentId,
            refundId,
            outcome: { kind: (i + n) % 3 === 0 ? 'refused' : 'refunded' },
            attempt: 1,
          },
        ])
        for (const word of (await stage.race(again)).map(([answer]) => said(answer)))
          expectOnly(stage, [word], ['accepted'])
        return stage.callers + again.length
      },
    }
  },
}
