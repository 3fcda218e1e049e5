/** A catalogue in memory: one merchant, and the clients that the sandbox documents. */
import { createHash } from 'node:crypto'
import type { ApiClient, Catalogue, Merchant } from '../../server/src/merchants/index.ts'

export const secretOf = (clientId: string) => `${clientId}-secret`
const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex')

export const merchant: Merchant = {
  id: '6021',
  name: { zh: '星际游戏', en: 'Star Games' },
  site: 'stargames.example',
  helpTel: '4001006021',
  status: 'on',
  feeRate: 500,
  carrierShare: 1_500,
  settlementPeriod: 'day',
  dailyCap: 20_000_00n,
  refundDays: 180,
  directCharge: true,
  openAmount: null,
}
/** As above, but two-legged payments wait for the customer's answer. */
export const asking: Merchant = { ...merchant, id: '6022', directCharge: false }

const allScopes = [
  'carrier-billing:payments:create',
  'carrier-billing:payments:read',
  'carrier-billing:payments:write',
  'carrier-billing-refund:refunds:create',
  'carrier-billing-refund:refunds:read',
]

const client = (id: string, change: Partial<ApiClient> = {}): ApiClient => ({
  id,
  merchantId: '6021',
  name: 'Shop',
  secretHash: hashOf(secretOf(id)),
  scopes: allScopes,
  grantTypes: ['client_credentials', 'authorization_code', 'refresh_token'],
  redirectUris: ['https://shop.example/back'],
  tokenSeconds: 3_600,
  test: true,
  revokedAt: null,
  ...change,
})

export const clients = [
  client('test-shop'),
  client('test-other'),
  client('test-asking', { merchantId: '6022' }),
  client('test-short', { tokenSeconds: 2 }),
  client('test-readonly', {
    scopes: ['carrier-billing:payments:read', 'carrier-billing-refund:refunds:read'],
  }),
  client('test-unscoped', { scopes: [] }),
  client('live-shop', { test: false }),
]

export function testCatalogue(): Catalogue & {
  change(id: string, change: Partial<ApiClient>): void
} {
  const known = new Map(clients.map((one) => [one.id, one]))
  const merchants = [merchant, asking]
  return {
    merchant: (id) => merchants.find((one) => one.id === id),
    product: () => undefined,
    productByWord: () => undefined,
    productsOf: () => [],
    merchants: () => merchants,
    client: (id) => known.get(id),
    change(id, change) {
      const before = known.get(id)
      if (before) known.set(id, { ...before, ...change })
    },
  }
}
