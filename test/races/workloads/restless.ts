/** One number whose limit is full of holds, charges, failures and refunds, all at the same instant. */
import type { Command } from '../../../server/src/payments/command.ts'
import { defaultPolicy } from '../../../server/src/risk/index.ts'
import { newId } from '../../lane.ts'
import { freely, type Stage, said } from '../stage.ts'
import type { Limit } from './limits.ts'
import { committed, expectOnly, orderOf } from './purchase.ts'

const waves = 6
const most = 50_00n
const amount = 7_50n

/**
 * Every wave, some want to buy, and what was bought before is charged, refused, cancelled, refunded.
 * Room comes back by the declared policy; the counters never stand above the limit, and `verify`
 * adds them up from the payments at the end.
 */
export async function restless(
  stage: Stage,
  limitTo: (stage: Stage, limits: readonly Limit[]) => Promise<unknown>,
): Promise<number> {
  const msisdn = await stage.newNumber()
  const { time } = stage.left
  const now = stage.clock.now()
  const subject = `number:${msisdn}`
  await limitTo(stage, [{ subject, period: `D${time.dateOf(now)}`, most }])
  const policy = () => ({ ...defaultPolicy, ...freely, dayLimit: most })
  const bought: { readonly id: string; refundId?: string }[] = []
  let attempts = 0
  for (let wave = 0; wave < waves; wave += 1) {
    const lists = Array.from({ length: stage.callers }, (_, n): Command[] =>
      n % 2 === 0 || bought.length === 0
        ? [orderOf(msisdn, { what: { amount }, flow: n % 4 === 0 ? 'reserve' : 'charge' })]
        : [next(stage, msisdn, stage.random.pick(bought))],
    )
    const heard = await stage.race(lists, { policy })
    for (const [n, list] of lists.entries())
      for (const [i, command] of list.entries()) {
        const word = said(heard[n]?.[i])
        attempts += 1
        if (word === 'failed') stage.complain(`${command.kind} failed`)
        if (command.kind !== 'order') continue
        expectOnly(stage, [word], ['accepted', 'over_day_limit'])
        if (word !== 'accepted') continue
        bought.push({ id: command.order.paymentId })
        stage.acknowledged.add({ kind: 'payment', id: command.order.paymentId })
      }
  }
  return attempts
}

/** Anything that may come next, sensible or not. */
function next(
  stage: Stage,
  msisdn: string,
  one: { readonly id: string; refundId?: string },
): Command {
  const paymentId = one.id
  const answered = { kind: 'carrier_answered', msisdn, paymentId, attempt: 1 } as const
  const { refundId } = one
  switch (stage.random.below(6)) {
    case 0:
    case 1:
      return committed(msisdn, paymentId)
    case 2:
      return { ...answered, outcome: { kind: 'refused', reason: 'low_credit' } }
    case 3:
      return { ...answered, outcome: { kind: 'reserved' } }
    case 4:
      return { kind: 'cancel', msisdn, paymentId }
    default: {
      if (refundId !== undefined) {
        const outcome = { kind: 'refunded' } as const
        return { kind: 'refund_answered', msisdn, paymentId, refundId, outcome, attempt: 1 }
      }
      one.refundId = newId(msisdn)
      const order = { paymentId, msisdn, refundId: one.refundId, amount: 2_50n, reason: 'race' }
      return { kind: 'refund', msisdn, paymentId, order }
    }
  }
}
