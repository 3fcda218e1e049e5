/** What a token may allow: CAMARA Carrier Billing r3.2, the GSMA Mobile Money API, and the words of the consent. */

export const scopes = {
  'carrier-billing:payments:create': { zh: '用你的话费付款', en: 'Charge payments to your bill' },
  'carrier-billing:payments:write': {
    zh: '验证、确认或取消它发起的付款',
    en: 'Validate, confirm or cancel the payments it started',
  },
  'carrier-billing:payments:read': {
    zh: '查看它发起的付款',
    en: 'See the payments it started',
  },
  'carrier-billing-refund:refunds:create': {
    zh: '把款退回你的话费',
    en: 'Return money to your bill',
  },
  'carrier-billing-refund:refunds:read': {
    zh: '查看它发起的退款',
    en: 'See the refunds it started',
  },
  'mobile-money:accounts:read': {
    zh: '查看你的钱包余额、状态、账单和生活缴费',
    en: 'See the balance, state and statement of your wallet, and your bills',
  },
  'mobile-money:transactions:create': {
    zh: '发起钱包付款、转账、收款和缴费；每一笔由你用支付密码、付款码或授权同意',
    en: 'Start payments, transfers, requests and bills; you agree to each by PIN, code or mandate',
  },
  'mobile-money:transactions:read': {
    zh: '查看它发起的钱包交易',
    en: 'See the wallet transactions it started',
  },
  'mobile-money:mandates': {
    zh: '设立和查看代扣授权；设立时需你的支付密码',
    en: 'Make and see debit mandates; making one takes your PIN',
  },
  'mobile-money:codes': {
    zh: '生成和查看付款授权码；生成时需你的支付密码',
    en: 'Make and see payment codes; making one takes your PIN',
  },
} as const

export type Scope = keyof typeof scopes

export const isScope = (text: string): text is Scope => Object.hasOwn(scopes, text)

/** The scopes of a space-separated list that exist here and that the client may have. */
export const allowedScopes = (requested: string, client: { readonly scopes: readonly string[] }) =>
  requested
    .split(' ')
    .filter((scope): scope is Scope => isScope(scope) && client.scopes.includes(scope))
