/** Each rule finds what breaks it: rows are changed by hand, behind the back of the program. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { foundAfter } from '../../../test/books.ts'
import { createStage, type Stage } from '../../../test/wallet/stage.ts'
import { walletInvariants } from './verify.ts'

let stage: Stage
let one: Awaited<ReturnType<Stage['customer']>>
beforeAll(async () => {
  stage = await createStage()
  one = await stage.customer('+8613100000001', 500_00n)
  const { msisdn, card: cardId } = one
  const order = { msisdn, cardId, channel: 'api' } as const
  await stage.wallet.topUp({ ...order, amount: 10_00n, key: 'a' })
  await stage.settle()
  stage.bank.next('refused', 'silent')
  await stage.wallet.topUp({ ...order, amount: 20_00n, key: 'b' })
  await stage.settle()
  await stage.wallet.withdraw({ ...order, amount: 30_00n, speed: 'same_day', key: 'c' })
  await stage.settle()
})
afterAll(() => stage.close())

const found = (change: string) => foundAfter(stage.db, walletInvariants, change)

test('nothing is found in what the wallet itself wrote', async () => {
  expect(await found('select 1')).toEqual([])
})

const move = `update wallet_movement set`
test.each([
  ['wallet_history_has_no_gap', `update wallet_event set seq = seq + 1 where type = 'cash_in'`],
  [
    'wallet_states_follow_the_table',
    `update wallet_event set state = 'paid' where type = 'refused'`,
  ],
  ['wallet_movements_are_in_the_ledger', `${move} amount = amount + 1 where kind = 'cash_in'`],
  ['wallet_movements_are_in_the_ledger', `${move} fee = 0 where kind = 'withdrawal'`],
  ['wallet_movements_are_in_the_ledger', `delete from transfer where reason = 'withdrawal_fee'`],
  [
    'wallet_movements_are_in_the_ledger',
    `${move} state = 'paid', ended_at = 1 where kind = 'withdrawal'`,
  ],
  [
    'wallet_movements_are_in_the_ledger',
    `${move} state = 'reversed' where state = 'done' and bank = 'ABC'`,
  ],
  ['wallet_movements_have_their_date', `${move} business_date = null where kind = 'cash_in'`],
  ['wallet_movements_have_their_date', `${move} unknown_since = null where state = 'unknown'`],
  ['wallet_transit_is_what_is_open', `${move} amount = 1 where kind = 'withdrawal'`],
  [
    'wallet_transit_is_what_is_open',
    `update account set credits_posted = credits_posted + 1 where name like 'withdrawals%'`,
  ],
  [
    'wallet_balances_are_sound',
    `update account set flags = 0, debits_posted = credits_posted + 1 where name like 'user-bal%'`,
  ],
  ['wallet_balances_are_sound', `update wallet_account set state = 'closed', closed_at = 1`],
  ['wallet_balances_are_sound', `delete from wallet_account`],
  ['wallet_numbers_have_one', `${move} msisdn = '+8613100000002' where kind = 'cash_in'`],
  ['wallet_timers_are_set', `delete from job where topic = 'wallet.drive'`],
  [
    'wallet_timers_are_set',
    `insert into job (bucket, topic, subject, due_at, first_due_at, payload)
      select bucket, 'wallet.undo', id, 1, 1, '{}' from wallet_movement where kind = 'cash_in'`,
  ],
])('%s finds: %s', async (name, change) => {
  expect(await found(change)).toContain(name)
})
