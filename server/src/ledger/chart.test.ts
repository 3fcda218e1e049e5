import { expect, test } from 'vitest'
import {
  carrierReceivable,
  carrierRefundsDue,
  carrierSuspense,
  merchantPayable,
  merchantPending,
  parseAccountName,
  platformFeeIncome,
} from './chart.ts'

test.each([
  [carrierReceivable(3, 'cmcc'), 'carrier-receivable:cmcc', 2, 'cmcc', '应收运营商话费'],
  [carrierSuspense(3, 'cmcc'), 'carrier-suspense:cmcc', 0, 'cmcc', '运营商挂账'],
  [carrierRefundsDue(3, 'cmcc'), 'carrier-refunds-due:cmcc', 1, 'cmcc', '应付运营商退费'],
  [merchantPending(3, '6021'), 'merchant-pending:6021', 1, '6021', '商户待结算'],
  [merchantPayable(3, '6021'), 'merchant-payable:6021', 0, '6021', '应付商户'],
  [platformFeeIncome(3), 'platform-fee-income', 0, null, '平台服务费收入'],
])('%o is called %s', (account, name, flags, owner, title) => {
  expect(account).toEqual({ bucket: 3, name, flags })
  expect(parseAccountName(name)).toMatchObject({ owner, title: { zh: title } })
})

test('an owner may contain a colon; a name of another chart has no title', () => {
  expect(parseAccountName('merchant-pending:a:b')?.owner).toBe('a:b')
  expect(parseAccountName('constructor:x')).toBeUndefined()
  expect(parseAccountName('')).toBeUndefined()
})
