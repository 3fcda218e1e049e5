/** Each rule finds what breaks it: rows are changed by hand, behind the back of the program. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { foundAfter } from '../../../test/books.ts'
import { createStage, type Stage } from '../../../test/top-up-vouchers/stage.ts'
import { endVouchers, topUpVoucherInvariants } from './index.ts'

const msisdn = '+8613600000001'
let stage: Stage
beforeAll(async () => {
  stage = await createStage()
  await stage.customer(msisdn)
  const { id, codes } = await stage.batch({ count: 6n, sold: 4n })
  await stage.use(msisdn, codes[0], 'one')
  const ending = {
    step: 'block',
    id,
    first: 2n,
    last: 2n,
    askedBy: 'lin',
    agreedBy: 'zhao',
  } as const
  await stage.db.transact((tx) => endVouchers(tx, stage.tools, ending, stage.clock.now()))
})
afterAll(() => stage?.close())

const found = (change: string) => foundAfter(stage.db, topUpVoucherInvariants, change)

test('nothing is found in what vouchers themselves wrote', async () => {
  expect(await found('select 1')).toEqual([])
})

const oneOf = (state: string) =>
  `serial = (select min(serial) from top_up_voucher where state = '${state}')`

const breaks: readonly (readonly [rule: string, change: string])[] = [
  [
    'top_up_voucher_float_is_what_can_be_used',
    `update top_up_voucher set state = 'made', activated_at = null where ${oneOf('active')}`,
  ],
  [
    'top_up_voucher_float_is_what_can_be_used',
    `update top_up_voucher set amount = amount + 1 where ${oneOf('active')}`,
  ],
  [
    'top_up_vouchers_sold_once',
    `update top_up_voucher set state = 'active', activated_at = 1 where ${oneOf('made')}`,
  ],
  ['top_up_vouchers_sold_once', `delete from transfer where reason = 'top_up_voucher_sold'`],
  [
    'top_up_vouchers_returned_once',
    `update top_up_voucher set state = 'expired', ended_at = 1 where ${oneOf('active')}`,
  ],
  [
    'top_up_vouchers_returned_once',
    `delete from transfer where reason = 'top_up_voucher_returned'`,
  ],
  ['top_up_vouchers_used_once', 'delete from top_up_voucher_use'],
  ['top_up_vouchers_used_once', 'update top_up_voucher_use set serial = serial + 1'],
  ['top_up_vouchers_used_once', 'update top_up_voucher_use set amount = amount + 1'],
  ['top_up_voucher_uses_are_posted', `delete from transfer where reason = 'top_up_voucher'`],
  [
    'top_up_voucher_uses_are_posted',
    `update top_up_voucher_use set wallet_id = '01890000-0000-7000-8000-000000000001'`,
  ],
  ['top_up_voucher_batches_are_whole', `delete from top_up_voucher where ${oneOf('made')}`],
  ['top_up_voucher_batches_are_whole', 'update top_up_voucher_batch set count = count + 1'],
  ['top_up_voucher_batches_are_whole', 'update top_up_voucher set serial = serial + 1'],
]

test.each(breaks)('%s finds: %s', async (rule, change) => {
  expect(await found(change)).toContain(rule)
})
