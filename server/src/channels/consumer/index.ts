/** The app's API: what a customer asks for with the wallet in his hand. */
import type { FastifyInstance } from 'fastify'
import { keepNowhere } from '../http/index.ts'
import { askedRoutes } from './asked-routes.ts'
import { billRoutes } from './bill-routes.ts'
import { cardBillRoutes } from './card-bill-routes.ts'
import { cardTransferRoutes } from './card-transfer-routes.ts'
import { closingRoutes } from './closing-routes.ts'
import { codeRoutes } from './code-routes.ts'
import { collectRoutes } from './collect-routes.ts'
import type { ConsumerDesk } from './desk.ts'
import { consumerCookie, door } from './door.ts'
import { eventRoutes } from './event-routes.ts'
import { lineRoutes } from './line-routes.ts'
import { mandateRoutes } from './mandate-routes.ts'
import { meRoutes } from './me-routes.ts'
import { packetRoutes } from './packet-routes.ts'
import { passkeyRoutes } from './passkey-routes.ts'
import { paymentRoutes } from './payment-routes.ts'
import { pointsRoutes } from './points-routes.ts'
import { keepContent } from './proof.ts'
import { requestRoutes } from './request-routes.ts'
import { scanRoutes } from './scan-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { splitRoutes } from './split-routes.ts'
import { topUpVoucherRoutes } from './top-up-voucher-routes.ts'
import { transferRoutes } from './transfer-routes.ts'
import { walletRoutes } from './wallet-routes.ts'

export type { AppCard, ConsumerDesk } from './desk.ts'
export { consumerCookie } from './door.ts'

/** A Fastify plugin: everything below `/consumer`. Every request comes through one door. */
export async function consumerRoutes(app: FastifyInstance, desk: ConsumerDesk): Promise<void> {
  const cookie = consumerCookie(desk)
  app.addHook('onRequest', async (request, reply) => {
    keepNowhere(reply)
    await door(desk, cookie, request)
  })
  app.addHook('preValidation', async (request) => keepContent(request))
  sessionRoutes(app, desk, cookie)
  passkeyRoutes(app, desk, cookie)
  meRoutes(app, desk)
  walletRoutes(app, desk)
  topUpVoucherRoutes(app, desk)
  closingRoutes(app, desk)
  cardBillRoutes(app, desk)
  cardTransferRoutes(app, desk)
  lineRoutes(app, desk)
  paymentRoutes(app, desk)
  askedRoutes(app, desk)
  codeRoutes(app, desk)
  scanRoutes(app, desk)
  transferRoutes(app, desk)
  requestRoutes(app, desk)
  collectRoutes(app, desk)
  splitRoutes(app, desk)
  packetRoutes(app, desk)
  mandateRoutes(app, desk)
  billRoutes(app, desk)
  pointsRoutes(app, desk)
  eventRoutes(app, desk, cookie)
}
