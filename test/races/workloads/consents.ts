/**
 * Yes from two channels at once: a code typed on a page and sent by text, a reply that two gateways
 * bring, a yes to each of two purchases. One yes charges once, three wrong codes are all one gets, and
 * of two yeses within the interval one counts.
 */
import { invariant } from '../../../server/src/ledger/index.ts'
import type { Command } from '../../../server/src/payments/command.ts'
import type { Payment } from '../../../server/src/payments/index.ts'
import { theCode } from '../../lane.ts'
import { instead, noNumberLock, noNumberLockNoWalls } from '../broken.ts'
import { freely, type Stage, said } from '../stage.ts'
import type { Workload } from '../workload.ts'
import {
  committed,
  expectOnly,
  orderOf,
  prepare,
  stateOf,
  supply,
  tally,
  textOf,
} from './purchase.ts'

const intervalMs = 60_000
const byCode = { consent: 'code', channel: 'web' } as const

const oneYes = invariant(
  'race_one_yes',
  'A purchase is confirmed once, and yeses of one number are an interval apart.',
  `select format('payment %s was confirmed %s times', payment_id, count(*)) as example
    from payment_event where type = 'confirmed' group by payment_id having count(*) > 1
   union all
   select format('payments %s and %s were confirmed too close', a.id, b.id)
    from payment a join payment b on b.bucket = a.bucket and b.msisdn = a.msisdn and b.id > a.id
    where a.channel = 'web' and b.channel = 'web'
      and abs(a.confirmed_at - b.confirmed_at) < ${intervalMs}`,
)
const threeTries = invariant(
  'race_three_tries',
  'Nobody tries more than three codes of one purchase.',
  `select format('%s tries of payment %s', count(*), payment_id) as example from payment_event
    where type = 'code_wrong' group by payment_id having count(*) > 2
   union all
   select format('payment %s (%s) counts %s tries', id, state, code_tries) from payment
    where code_tries > 3 or code_tries = 3 and state <> 'refused'`,
)

const validate = (payment: Payment, code: string): Command => ({
  kind: 'validate',
  msisdn: payment.msisdn,
  paymentId: payment.id,
  code,
})

/** The right code on the page and by text: one of the callers is the one who confirmed. */
async function rightCodes(stage: Stage, payment: Payment): Promise<void> {
  const at = stage.clock.now()
  const commands = Array.from({ length: stage.callers }, (_, n) => [
    n % 3 === 0 ? textOf(payment, theCode, { at }) : validate(payment, theCode),
  ])
  const heard = (await stage.race(commands)).map(([answer]) => said(answer))
  expectOnly(stage, heard, ['accepted', 'not_allowed_now', 'taken'])
  if ((tally(heard).get('accepted') ?? 0) > 1) stage.complain('one code confirmed twice')
  const { state } = await stateOf(stage, payment.id)
  if (state !== 'charging') stage.complain(`the right code led to ${state}`)
  stage.acknowledged.add({ kind: 'payment', id: payment.id })
  await prepare(stage, committed(payment.msisdn, payment.id))
}

/** Sixteen guesses at once are three tries all the same. */
async function wrongCodes(stage: Stage, payment: Payment): Promise<void> {
  const at = stage.clock.now()
  const commands = Array.from({ length: stage.callers }, (_, n) => {
    const guess = String(100_000 + n)
    return [n % 4 === 0 ? textOf(payment, guess, { at }) : validate(payment, guess)]
  })
  const heard = (await stage.race(commands)).map(([answer]) => said(answer))
  expectOnly(stage, heard, ['code_wrong', 'no_tries_left', 'not_allowed_now', 'taken'])
  const judged = heard.filter((word) => word === 'code_wrong' || word === 'no_tries_left')
  if (judged.length > 3) stage.complain(`${judged.length} guesses were judged`)
  const { state, codeTries } = await stateOf(stage, payment.id)
  if (state !== 'refused' || codeTries !== 3)
    stage.complain(`wrong codes led to ${state} after ${codeTries} tries`)
}

export const validateTwice: Workload = {
  name: 'validate',
  proves: 'one code from two channels at once charges once, and guesses at once are three tries',
  callers: 16,
  attempts: 8_000,
  mutants: [
    noNumberLock,
    noNumberLockNoWalls,
    {
      name: 'no-tries',
      lacks: 'the count of the wrong tries before',
      spoil: instead('payment.by_ids', 'p.code_tries', '0::int4 as code_tries'),
    },
  ],
  async open(stage) {
    const next = supply(stage, { given: byCode })
    return {
      rules: [oneYes, threeTries],
      async round(n) {
        await (n % 2 === 0 ? rightCodes : wrongCodes)(stage, await next())
        return stage.callers
      },
    }
  },
}

export const yesTwice: Workload = {
  name: 'yes-twice',
  proves:
    'a yes by text from two gateways and one on a page at once: one purchase is charged, once',
  callers: 16,
  attempts: 8_000,
  mutants: [
    noNumberLock,
    noNumberLockNoWalls,
    {
      name: 'no-interval',
      lacks: 'the time of the last yes',
      spoil: instead('subscriber.lock', 's.last_yes_at::text', 'null::text as last_yes_at'),
    },
  ],
  async open(stage) {
    const policy = () => ({ ...stage.left.policy(), ...freely, intervalMs })
    const next = supply(stage, { given: { consent: 'reply', channel: 'web' } })
    return {
      rules: [oneYes],
      async round(n) {
        const asked = await next()
        const { msisdn } = asked
        const second = orderOf(msisdn, byCode)
        await prepare(stage, second)
        const coded = await stateOf(stage, second.order.paymentId)
        const at = stage.clock.now()
        const acts = [
          () => textOf(asked, 'Y', { at }),
          () => textOf(asked, 'Y', { at, messageId: `again-${n}` }),
          () => validate(coded, theCode),
        ]
        const turn = stage.random.below(acts.length)
        const commands = Array.from({ length: stage.callers }, (_, i) => [
          acts[(i + turn) % acts.length]?.() ?? validate(coded, theCode),
        ])
        const heard = (await stage.race(commands, { policy })).map(([answer]) => said(answer))
        expectOnly(stage, heard, ['accepted', 'not_allowed_now', 'too_soon', 'taken'])
        const both = [await stateOf(stage, asked.id), await stateOf(stage, coded.id)]
        const charging = both.filter(({ state }) => state === 'charging')
        if (charging.length !== 1) stage.complain(`${charging.length} of two yeses count`)
        for (const { id } of charging) {
          stage.acknowledged.add({ kind: 'payment', id })
          await prepare(stage, committed(msisdn, id))
        }
        return stage.callers
      },
    }
  },
}
