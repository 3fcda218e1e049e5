/** The merchant API (M-2): payments, refunds, checkout, statements, by API key. */
import type { FastifyInstance } from 'fastify'
import { callerOf } from './caller.ts'
import { checkoutOrderRoutes } from './checkout-routes.ts'
import type { MerchantApi } from './dependencies.ts'
import { paymentRoutes } from './payment-routes.ts'
import { qrRoutes } from './qr-routes.ts'
import { refundRoutes } from './refund-routes.ts'
import { scanRoutes } from './scan-routes.ts'
import { statementRoutes } from './statement-routes.ts'

export { callerOf } from './caller.ts'
export type { MerchantApi } from './dependencies.ts'

export async function merchantApiRoutes(root: FastifyInstance, api: MerchantApi): Promise<void> {
  await root.register(async (app) => {
    app.decorateRequest('client', null)
    // Before anything of the request is looked at: a stranger gets a 401 and nothing else.
    app.addHook('onRequest', async (request) => {
      request.setDecorator('client', await callerOf(request, api))
    })
    await paymentRoutes(app, api)
    await refundRoutes(app, api)
    await checkoutOrderRoutes(app, api)
    await scanRoutes(app, api)
    await qrRoutes(app, api)
    await statementRoutes(app, api)
  })
}
