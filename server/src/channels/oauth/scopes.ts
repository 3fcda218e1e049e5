/** What a token may allow: the scopes of CAMARA Carrier Billing r3.2, and the words of the consent. */

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
} as const

export type Scope = keyof typeof scopes

export const isScope = (text: string): text is Scope => Object.hasOwn(scopes, text)

/** The scopes of a space-separated list that exist here and that the client may have. */
export const allowedScopes = (requested: string, client: { readonly scopes: readonly string[] }) =>
  requested
    .split(' ')
    .filter((scope): scope is Scope => isScope(scope) && client.scopes.includes(scope))
