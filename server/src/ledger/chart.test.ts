import { expect, test } from 'vitest'
import {
  bankClearing,
  bankLongSuspense,
  bankShortSuspense,
  billerSuspense,
  carrierReceivable,
  carrierRefundsDue,
  carrierSuspense,
  counterCash,
  merchantPayable,
  merchantPending,
  ownBank,
  parseAccountName,
  platformFeeIncome,
  reserve,
  tillSuspense,
  topUpVoucherFloat,
  topUpVoucherReceivable,
  userBalance,
  withdrawalFeeIncome,
  withdrawalsInTransit,
} from './chart.ts'

test.each([
  [carrierReceivable(3, 'cmcc'), 'carrier-receivable:cmcc', 2, 'cmcc', '应收运营商话费'],
  [carrierSuspense(3, 'cmcc'), 'carrier-suspense:cmcc', 0, 'cmcc', '运营商挂账'],
  [carrierRefundsDue(3, 'cmcc'), 'carrier-refunds-due:cmcc', 1, 'cmcc', '应付运营商退费'],
  [merchantPending(3, '6021'), 'merchant-pending:6021', 1, '6021', '商户待结算'],
  [merchantPayable(3, '6021'), 'merchant-payable:6021', 0, '6021', '应付商户'],
  [platformFeeIncome(3), 'platform-fee-income', 0, null, '平台服务费收入'],
  [userBalance(3, 'w'), 'user-balance:w', 1, 'w', '用户余额'],
  [bankClearing(3, 'ABC'), 'bank-clearing:ABC', 0, 'ABC', '银行清算'],
  [withdrawalsInTransit(3, 'ABC'), 'withdrawals-in-transit:ABC', 1, 'ABC', '提现在途'],
  [withdrawalFeeIncome(3), 'withdrawal-fee-income', 0, null, '提现手续费收入'],
  [counterCash(3, 't1'), 'counter-cash:t1', 0, 't1', '营业厅现金'],
  [reserve(3), 'reserve', 0, null, '备付金存款'],
  [tillSuspense(3, 't1'), 'till-suspense:t1', 0, 't1', '钱箱长短款挂账'],
  [bankLongSuspense(3, 'ABC'), 'bank-long-suspense:ABC', 1, 'ABC', '银行长款挂账'],
  [bankShortSuspense(3, 'ABC'), 'bank-short-suspense:ABC', 2, 'ABC', '银行短款挂账'],
  [billerSuspense(3, 'power'), 'biller-suspense:power', 2, 'power', '缴费差错挂账'],
  [topUpVoucherReceivable(3, 's'), 'top-up-voucher-receivable:s', 0, 's', '应收充值卡款'],
  [topUpVoucherFloat(3, 'b'), 'top-up-voucher-float:b', 1, 'b', '未用充值卡'],
  [ownBank(3), 'own-bank', 0, null, '自有资金'],
])('%o is called %s', (account, name, flags, owner, title) => {
  expect(account).toEqual({ bucket: 3, name, flags })
  expect(parseAccountName(name)).toMatchObject({ owner, title: { zh: title } })
})

test('an owner may contain a colon; a name of another chart has no title', () => {
  expect(parseAccountName('merchant-pending:a:b')?.owner).toBe('a:b')
  expect(parseAccountName('constructor:x')).toBeUndefined()
  expect(parseAccountName('')).toBeUndefined()
})
