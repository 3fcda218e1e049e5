/** The kinds of accounts in the chart: their side, what they must not do, and their names for people. */
import { accountFlags } from './transfer.ts'

export type Title = Readonly<Record<'zh' | 'en', string>>

/** On which side it normally stands: assets on the debit side, debts and income on the credit side. */
export type Side = 'debit' | 'credit'

interface Kind {
  readonly side: Side
  readonly flags: number
  readonly title: Title
}

export const kinds = {
  /** A refund cannot give back more than was charged. */
  'carrier-receivable': {
    side: 'debit',
    flags: accountFlags.creditsMustNotExceedDebits,
    title: { zh: '应收运营商话费', en: 'Receivable from carrier' },
  },
  /** Differences with the carrier, in either direction, until someone explains them. */
  'carrier-suspense': {
    side: 'debit',
    flags: accountFlags.none,
    title: { zh: '运营商挂账', en: 'Carrier suspense' },
  },
  /** What a bank has taken from cards and not yet paid, or paid out for us: either side may be ahead. */
  'bank-clearing': {
    side: 'debit',
    flags: accountFlags.none,
    title: { zh: '银行清算', en: 'Bank clearing' },
  },
  'carrier-refunds-due': {
    side: 'credit',
    flags: accountFlags.debitsMustNotExceedCredits,
    title: { zh: '应付运营商退费', en: 'Refunds due to carrier' },
  },
  'merchant-pending': {
    side: 'credit',
    flags: accountFlags.debitsMustNotExceedCredits,
    title: { zh: '商户待结算', en: 'Merchant, not yet due' },
  },
  /** May fall below zero: a refund after the payout is carried into the merchant's next bill. */
  'merchant-payable': {
    side: 'credit',
    flags: accountFlags.none,
    title: { zh: '应付商户', en: 'Payable to merchant' },
  },
  'platform-fee-income': {
    side: 'credit',
    flags: accountFlags.none,
    title: { zh: '平台服务费收入', en: 'Platform fee income' },
  },
  /** What a customer has in the wallet. What is held or spent cannot exceed what came in. */
  'user-balance': {
    side: 'credit',
    flags: accountFlags.debitsMustNotExceedCredits,
    title: { zh: '用户余额', en: 'Wallet balance' },
  },
  /** Of the same wallet: on its way to another, and still its owner's. */
  'user-holds': {
    side: 'credit',
    flags: accountFlags.debitsMustNotExceedCredits,
    title: { zh: '用户冻结款', en: 'Held in a wallet' },
  },
  /** Sent to numbers that have no wallet yet. */
  'unclaimed-transfers': {
    side: 'credit',
    flags: accountFlags.debitsMustNotExceedCredits,
    title: { zh: '待领取转账', en: 'Unclaimed transfers' },
  },
  'red-packets': {
    side: 'credit',
    flags: accountFlags.debitsMustNotExceedCredits,
    title: { zh: '未领红包', en: 'Unopened red packets' },
  },
  /** Paid for bills of a biller, and not yet paid over to it. */
  'biller-payable': {
    side: 'credit',
    flags: accountFlags.debitsMustNotExceedCredits,
    title: { zh: '应付缴费单位', en: 'Payable to biller' },
  },
  /** What a biller got out of own money for payments that nobody made: the operator's loss until it is explained. */
  'biller-suspense': {
    side: 'debit',
    flags: accountFlags.creditsMustNotExceedDebits,
    title: { zh: '缴费差错挂账', en: 'Biller suspense' },
  },
  /** What a seller owes for vouchers that were activated; a credit when it paid for some that were blocked then. */
  'top-up-voucher-receivable': {
    side: 'debit',
    flags: accountFlags.none,
    title: { zh: '应收充值卡款', en: 'Receivable for top-up vouchers' },
  },
  /** Customers' money: vouchers of a batch that were sold and can still be used. */
  'top-up-voucher-float': {
    side: 'credit',
    flags: accountFlags.debitsMustNotExceedCredits,
    title: { zh: '未用充值卡', en: 'Top-up vouchers not used' },
  },
  'withdrawals-in-transit': {
    side: 'credit',
    flags: accountFlags.debitsMustNotExceedCredits,
    title: { zh: '提现在途', en: 'Withdrawals in transit' },
  },
  'withdrawal-fee-income': {
    side: 'credit',
    flags: accountFlags.none,
    title: { zh: '提现手续费收入', en: 'Withdrawal fee income' },
  },
  /** A till has one in every bucket it served: only their sum is what lies in the drawer. */
  'counter-cash': {
    side: 'debit',
    flags: accountFlags.none,
    title: { zh: '营业厅现金', en: 'Cash at the counter' },
  },
  /** Customers' money in central custody (备付金). */
  reserve: {
    side: 'debit',
    flags: accountFlags.none,
    title: { zh: '备付金存款', en: 'Reserve in custody' },
  },
  /** What a till had too little, or with a credit too much, until someone explains it. */
  'till-suspense': {
    side: 'debit',
    flags: accountFlags.none,
    title: { zh: '钱箱长短款挂账', en: 'Till over and short' },
  },
  /** What a bank took or kept and we have no owner for (长款), until somebody is identified. */
  'bank-long-suspense': {
    side: 'credit',
    flags: accountFlags.debitsMustNotExceedCredits,
    title: { zh: '银行长款挂账', en: 'Bank suspense, long' },
  },
  /** What we booked and the bank does not have (短款): the operator's loss until it is explained. */
  'bank-short-suspense': {
    side: 'debit',
    flags: accountFlags.creditsMustNotExceedDebits,
    title: { zh: '银行短款挂账', en: 'Bank suspense, short' },
  },
  /** The operator's own money; what it gives to cover customers' is a credit. */
  'own-bank': {
    side: 'debit',
    flags: accountFlags.none,
    title: { zh: '自有资金', en: 'Own money' },
  },
  /** Points of a wallet that were earned and not spent. */
  'points-balance': {
    side: 'credit',
    flags: accountFlags.debitsMustNotExceedCredits,
    title: { zh: '用户积分', en: 'Points of a wallet' },
  },
  /** The other side of all points. */
  'points-issued': {
    side: 'debit',
    flags: accountFlags.creditsMustNotExceedDebits,
    title: { zh: '已发积分', en: 'Points issued' },
  },
  /** What one bucket has to get from another, or owes it: all of a pair sum to zero. */
  'between-buckets': {
    side: 'credit',
    flags: accountFlags.none,
    title: { zh: '桶间往来', en: 'Due between buckets' },
  },
} as const satisfies Record<string, Kind>

export type AccountKind = keyof typeof kinds
