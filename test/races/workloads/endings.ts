/**
 * One purchase, many who would end it, at the same instant: confirmed, cancelled or run out of time.
 * One of them wins, the others see it, and what is over is never charged.
 */

import { manualClock } from '../../../server/src/kernel/index.ts'
import { invariant } from '../../../server/src/ledger/index.ts'
import type { Command } from '../../../server/src/payments/command.ts'
import type { Payment } from '../../../server/src/payments/index.ts'
import { instead, noNumberLock, noNumberLockNoWalls } from '../broken.ts'
import { type Stage, said } from '../stage.ts'
import type { Workload } from '../workload.ts'
import { atCarrier, committed, expectOnly, prepare, stateOf, supply, textOf } from './purchase.ts'

const oneEnd = invariant(
  'race_ends_once',
  'A purchase is confirmed, cancelled or expired by one step, never by two.',
  `select format('payment %s has %s ends', payment_id, count(*)) as example
    from payment_event where type in ('charge_ordered', 'cancelled', 'expired')
    group by payment_id having count(*) > 1
   union all
   select format('payment %s was confirmed %s times', payment_id, count(*))
    from payment_event where type in ('confirmed') group by payment_id having count(*) > 1`,
)

/** What a state machine would do that looks at a state of long ago. */
const staleState = {
  name: 'stale-state',
  lacks: 'the look at the present state (it is always taken for open)',
  spoil: instead(
    'payment.by_ids',
    'p.state,',
    `case p.state when 'cancelled' then 'reserved' when 'expired' then 'reserved'
      when 'charging' then 'reserved' else p.state end as state,`,
  ),
}
const mutants = [noNumberLock, noNumberLockNoWalls, staleState]

/** All at once; at most one is told that it was he, and the rows agree. */
async function end(
  stage: Stage,
  payment: Payment,
  { acts, at }: { readonly acts: readonly (() => Command)[]; readonly at: number },
) {
  const { id, msisdn } = payment
  const turn = stage.random.below(acts.length)
  const commands = Array.from({ length: stage.callers }, (_, n) => [
    acts[(n + turn) % acts.length]?.() ?? committed(msisdn, id),
  ])
  const heard = (await stage.race(commands, { clock: manualClock(at) })).map(([answer]) =>
    said(answer),
  )
  expectOnly(stage, heard, ['accepted', 'not_allowed_now', 'too_late', 'taken'])
  const winners = heard.flatMap((word, n) =>
    word === 'accepted' ? (commands[n]?.map(({ kind }) => kind) ?? []) : [],
  )
  if (winners.length > 1) stage.complain(`${winners.join(' and ')} were both accepted`)
  stage.acknowledged.add({ kind: 'payment', id })
  const { state } = await stateOf(stage, id)
  const expected = { confirm: 'charging', cancel: 'cancelled', expire: 'expired' }
  const [winner] = winners
  if (winner && expected[winner as keyof typeof expected] !== state)
    stage.complain(`${winner} was accepted and the payment is ${state}`)
  if (state === 'charging') await prepare(stage, committed(msisdn, id))
  return stage.callers
}

/** Questions and reservations in turn. */
function purchases(stage: Stage) {
  const questions = supply(stage, { given: { consent: 'reply', channel: 'web' } })
  const reservations = supply(stage, { given: { flow: 'reserve' }, after: atCarrier })
  return async (n: number) =>
    n % 2 === 1
      ? { payment: await questions(), isQuestion: true }
      : { payment: await reservations(), isQuestion: false }
}

export const confirmExpire: Workload = {
  name: 'confirm-expire',
  proves: 'a confirmation, or a yes, and the deadline at the same instant: one of them wins',
  callers: 16,
  attempts: 8_000,
  mutants,
  async open(stage) {
    const next = purchases(stage)
    return {
      rules: [oneEnd],
      async round(n) {
        const { payment, isQuestion } = await next(n)
        const { id: paymentId, msisdn, deadlineAt } = payment
        const expire = () => ({ kind: 'expire', msisdn, paymentId }) as const
        const yes = isQuestion
          ? () => textOf(payment, 'Y', { at: deadlineAt })
          : () => ({ kind: 'confirm', msisdn, paymentId }) as const
        // On the last millisecond only the yes is in time; on the next one only the deadline is.
        return end(stage, payment, { acts: [yes, expire], at: deadlineAt + ((n >> 1) % 2) })
      },
    }
  },
}

export const confirmCancel: Workload = {
  name: 'confirm-cancel',
  proves: 'a confirmation, or a yes, and a cancellation at the same instant: one of them wins',
  callers: 16,
  attempts: 8_000,
  mutants,
  async open(stage) {
    const next = purchases(stage)
    return {
      rules: [oneEnd],
      async round(n) {
        const { payment, isQuestion } = await next(n)
        const { id: paymentId, msisdn } = payment
        const at = stage.clock.now()
        const cancel = () => ({ kind: 'cancel', msisdn, paymentId }) as const
        const say = (words: string) => () => textOf(payment, words, { at })
        const confirm = () => ({ kind: 'confirm', msisdn, paymentId }) as const
        const acts = isQuestion ? [say('Y'), cancel, say('N')] : [confirm, cancel]
        return end(stage, payment, { acts, at })
      },
    }
  },
}
