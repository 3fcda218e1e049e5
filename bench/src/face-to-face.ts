/**
 * The routes of the product by which people pay face to face: a till that has read a payment code, and a customer who
 * has read a merchant's. Whose request it is, is said by turns; all behind it is the product's.
 */
import type { FastifyInstance } from 'fastify'
import { type ConsumerDesk, keepSession } from '../../server/src/channels/consumer/desk.ts'
import { paymentRoutes } from '../../server/src/channels/consumer/payment-routes.ts'
import type { MerchantApi } from '../../server/src/channels/merchant-api/dependencies.ts'
import { scanRoutes } from '../../server/src/channels/merchant-api/scan-routes.ts'
import { openCodes, openScans } from '../../server/src/composition/scans.ts'
import type { Database, Log } from '../../server/src/db/index.ts'
import type { BusinessTime, Clock, Ids } from '../../server/src/kernel/index.ts'
import type { Catalogue } from '../../server/src/merchants/index.ts'
import type { Payments } from '../../server/src/payments/index.ts'
import type { Policy } from '../../server/src/risk/index.ts'
import { createSignIns } from '../../server/src/sign-ins/index.ts'
import { cipher } from './code-seed.ts'
import { merchantId } from './seed.ts'

export interface Shop {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly time: BusinessTime
  readonly log: Log
  readonly catalogue: Catalogue
  readonly payments: Payments
  readonly policy: { current(): Policy }
  /** The number that asks next. */
  readonly next: () => string
}

export async function faceToFace(app: FastifyInstance, shop: Shop): Promise<void> {
  const { db, clock, ids, time, log, catalogue, payments, policy } = shop
  const signIns = createSignIns({ db, clock, ids, cipher } as never)
  const codes = openCodes({ db, clock, ids, cipher, signIns })
  const parts = { db, clock, ids, time, log, policy }
  const { scans } = openScans(parts as Parameters<typeof openScans>[0], {
    ...{ codes, payments },
    cards: { view: { cardsOf: async () => [] } },
  })
  await app.register(async (tills) => {
    tills.decorateRequest('client', { getter: () => ({ id: 'bench', merchantId }) as never })
    await scanRoutes(tills, { scans, catalogue, clock } as MerchantApi)
  })
  await app.register(async (handsets) => {
    handsets.addHook('onRequest', async (request) => {
      const [id, now] = [ids.next(0, clock.now()), clock.now()]
      const device = { device: 'bench', method: 'code', credentialId: null } as const
      const session = { id, msisdn: shop.next(), ...device, beganAt: now, activeAt: now }
      keepSession(request, session)
    })
    const words = { zh: '', en: '' }
    const named = { merchantName: () => words, paymentWords: () => words }
    paymentRoutes(handsets, { payments, policy: policy.current, ...named } as never as ConsumerDesk)
  })
}
