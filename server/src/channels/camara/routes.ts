/** CAMARA Carrier Billing 0.5 and Carrier Billing Refund 0.3 (release r3.2), and the sandbox beside. */
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { defaultRate } from '../http/index.ts'
import { registerCreate } from './create-routes.ts'
import type { CamaraDependencies } from './dependencies.ts'
import { paymentsPath, refundsPath } from './present.ts'
import { registerRefundRetrieve } from './refund-retrieve-routes.ts'
import { registerRefund } from './refund-routes.ts'
import { registerRetrieve } from './retrieve-routes.ts'
import { registerSandbox } from './sandbox/routes.ts'
import { installScope } from './scope.ts'
import { registerSteps } from './step-routes.ts'

/** Register at the root: it brings its own prefixes. */
export function camaraRoutes(deps: CamaraDependencies): FastifyPluginAsync {
  const { verify, guesses, clock, ids, rate = defaultRate } = deps
  const scoped = (add: (scope: FastifyInstance) => void): FastifyPluginAsync => {
    return async (scope) => {
      installScope(scope, { verify, guesses, clock, ids, rate })
      add(scope)
    }
  }
  const payments = scoped((scope) => {
    registerCreate(scope, deps)
    registerSteps(scope, deps)
    registerRetrieve(scope, deps)
  })
  const refunds = scoped((scope) => {
    registerRefund(scope, deps)
    registerRefundRetrieve(scope, deps)
  })
  const sandbox = scoped((scope) => registerSandbox(scope, deps.sandboxMessages))
  return async (app) => {
    await app.register(payments, { prefix: paymentsPath })
    await app.register(refunds, { prefix: refundsPath })
    await app.register(sandbox, { prefix: '/sandbox' })
  }
}
