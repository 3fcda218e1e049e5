/** The counter's API: what the app in a business hall asks for. */
import type { FastifyInstance } from 'fastify'
import { keepNowhere } from '../http/index.ts'
import { actRoutes } from './act-routes.ts'
import { approvalRoutes } from './approval-routes.ts'
import { customerRoutes } from './customer-routes.ts'
import type { CounterDesk } from './desk.ts'
import { door } from './door.ts'
import { sessionRoutes } from './session-routes.ts'
import { tillRoutes } from './till-routes.ts'
import { voucherRoutes } from './voucher-routes.ts'

export type { Agreement, CounterDesk } from './desk.ts'
export { createLater } from './later.ts'
export type * from './ports.ts'

/**
 * A Fastify plugin: everything below `/counter/api`. Every request comes through one door, and every act is
 * written to the operator's log with who did it.
 */
export async function counterRoutes(app: FastifyInstance, desk: CounterDesk): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { admission: 'console', ...route.config }
  })
  app.addHook('onRequest', async (request, reply) => {
    keepNowhere(reply)
    await door(desk, request)
  })
  app.addHook('onClose', async () => desk.later.stop())
  sessionRoutes(app, desk)
  customerRoutes(app, desk)
  actRoutes(app, desk)
  approvalRoutes(app, desk)
  tillRoutes(app, desk)
  voucherRoutes(app, desk)
}
