/** An order of a payment page is taken on by one customer, also when another is just paying it. */
import { expect, test } from 'vitest'
import type { Database } from '../../db/index.ts'
import { refuse } from '../../kernel/index.ts'
import type { Payment, Payments } from '../../payments/index.ts'
import { createAppOrders } from './app-orders.ts'

const id = '01990000-0000-7000-8000-000000000001'
const row = {
  ...{
    id,
    bucket: 1,
    merchant_id: '6022',
    client: 'c',
    test: false,
    product: null,
    amount: 20_00n,
  },
  ...{ goods_zh: '书', goods_en: 'Book', merchant_order_id: 'qr1', return_url: null },
  ...{ created_at: 0n, expires_at: 180_000n, cancelled_at: null, payment_id: id, attempts: 1 },
}
const key = { scope: 'app:b', key: 'k', contentHash: 'h' }
const payer = {
  ...({ msisdn: '+8613900000002', source: 'wallet', card: null } as const),
  ...({ codeProof: 'one_factor', key } as const),
}

/** Paid the moment after it was looked at first; nothing may be written and nobody else be asked. */
function takenOnWhilePaid(states: readonly Payment['state'][]) {
  let looks = 0
  const written = () => Promise.reject(new Error('it was taken on again'))
  return createAppOrders({
    clock: { now: () => 1_000 },
    db: { query: async () => [row], transact: written } as unknown as Database,
    payments: {
      keyed: async () => undefined,
      order: written,
      cancel: async () => refuse('not_allowed_now'),
    } as unknown as Payments,
    checkouts: {
      get: async () => undefined,
      async paymentOf() {
        const state = states[looks] ?? states.at(-1)
        looks += 1
        return { id, msisdn: '+8613900000001', state } as Payment
      },
    },
  }).takeOn(id, payer)
}

test.each([
  [['awaiting_confirm', 'delivered']],
  [['charging']],
  [['delivered']],
  [['charge_unknown']],
] as const)('what another is paying is over: %j', async (states) => {
  expect(await takenOnWhilePaid(states)).toEqual({ ok: false, refusal: 'order_over' })
})
