/** Each rule finds what breaks it: rows are changed by hand, behind the back of the program. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createStage, type Stage } from '../../../test/billers/stage.ts'
import { foundAfter } from '../../../test/books.ts'
import { armDays } from './day-store.ts'
import { billerInvariants } from './verify.ts'

let stage: Stage
beforeAll(async () => {
  stage = await createStage()
  const { billers, power, clock } = stage
  await armDays(stage.db, stage.time, ['power'], clock.now())
  const { msisdn } = await stage.customer('+8613200000001', 900_00n)
  await stage.paid(msisdn, stage.key(), '0000000001')
  await stage.settle()
  clock.advance(26 * 3_600_000)
  await stage.settle()
  const back = await stage.paid(msisdn, stage.key(), '0000000002')
  power.refuseAll(back.id)
  await stage.settle()
  await stage.paid(msisdn, stage.key(), '0000000003')
  await stage.settle()
  await stage.paid(msisdn, stage.key(), '0000000004')
  power.order('lost')
  await stage.settle()
  await stage.inquired(msisdn, '0000000005')
  const keep = { msisdn, biller: 'power', accountNo: '0000000001', label: 'x' }
  await billers.keep({ ...keep, remindDay: 5 })
})
afterAll(() => stage.close())

const found = (change: string) => foundAfter(stage.db, billerInvariants, change)

test('nothing is found in what bills themselves wrote', async () => {
  expect(await found('select 1')).toEqual([])
})

const bill = 'update biller_bill set'
test.each([
  ['bills_history_has_no_gap', `delete from biller_bill_event where type = 'refunded'`],
  ['bills_states_follow_the_table', `update biller_bill_event set state = 'lapsed' where seq = 2`],
  ['bills_are_in_the_ledger', `${bill} max = 9000, amount = 8641 where account_no = '0000000003'`],
  ['bills_are_in_the_ledger', `delete from transfer where reason = 'bill_return'`],
  [
    'bills_are_in_the_ledger',
    `${bill} state = 'refunded', reason = 'refused', receipt_no = null, biller_date = null
      where account_no = '0000000003'`,
  ],
  ['bills_have_their_date', `${bill} business_date = '2020-01-01' where amount is not null`],
  [
    'bills_owe_what_was_paid',
    `update account set credits_posted = credits_posted + 1 where name like 'biller-payable:%'`,
  ],
  ['bills_owe_what_was_paid', `${bill} paid_over_on = null`],
  ['bills_are_paid_over_once', `${bill} paid_over_on = null`],
  ['bills_are_paid_over_once', `update biller_day set paid_over = paid_over + 1`],
  ['bills_are_paid_over_once', `delete from transfer where reason = 'bill_paid_over'`],
  ['bills_tie_their_wallets', `update wallet_account set state = 'closed', closed_at = 1`],
  [
    'bills_tie_their_wallets',
    `update wallet_account set msisdn = '+8613200000009' where msisdn like '%1'`,
  ],
  [
    'bills_are_paid_one_at_a_time',
    `${bill} state = 'writing_off', account_no = '0000000004', receipt_no = null,
      biller_date = null, ended_at = null where account_no = '0000000003'`,
  ],
  ['bills_timers_are_set', `delete from job where topic = 'biller.bill_due'`],
  ['bills_timers_are_set', `delete from job where topic = 'biller.reminder'`],
  [
    'bills_timers_are_set',
    `insert into job (bucket, topic, subject, due_at, first_due_at, payload)
      select bucket, 'biller.bill_due', id, 1, 1, '{}' from biller_bill where state = 'refunded'`,
  ],
])('%s finds: %s', async (name, change) => {
  expect(await found(change)).toContain(name)
})
