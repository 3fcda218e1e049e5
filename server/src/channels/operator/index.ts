/** The operator's API: merchants, products, clients, subscribers, lists, policy, banks, billers, and their log. */
import type { FastifyInstance } from 'fastify'
import type { Secret } from '../../kernel/index.ts'
import type { Guesses } from '../http/index.ts'
import { type BankActDesk, bankActRoutes } from './bank-act-routes.ts'
import { bankRoutes } from './bank-routes.ts'
import { type BillerActDesk, billerActRoutes } from './biller-act-routes.ts'
import { billerRoutes } from './biller-routes.ts'
import { clientChangeRoutes, clientRoutes } from './client-routes.ts'
import { checkToken } from './desk.ts'
import { listRoutes } from './list-routes.ts'
import {
  applicationRoutes,
  decisionRoutes,
  merchantChangeRoutes,
  merchantRoutes,
} from './merchant-routes.ts'
import { movementRoutes } from './movement-routes.ts'
import { programmeRoutes, rewardRoutes } from './points-routes.ts'
import { logRoutes, policyRoutes } from './policy-routes.ts'
import { productChangeRoutes, productRoutes } from './product-routes.ts'
import { subscriberChangeRoutes, subscriberRoutes } from './subscriber-routes.ts'
import { adjustmentRoutes, walletPointsRoutes } from './wallet-points-routes.ts'
import { type WalletDesk, walletChangeRoutes, walletRoutes } from './wallet-routes.ts'

export interface OperatorRoutesOptions extends BankActDesk, WalletDesk, BillerActDesk {
  readonly token: Secret
  readonly guesses: Guesses
}

/**
 * A Fastify plugin: everything below `/operator`. Every request bears the operator's token; every
 * change names its author in `X-Operator` and is written to the log with what was before and after.
 */
export async function operatorRoutes(
  app: FastifyInstance,
  options: OperatorRoutesOptions,
): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, admission: 'console' }
  })
  app.addHook('onRequest', (request) => checkToken(options, request, options))
  applicationRoutes(app, options)
  decisionRoutes(app, options)
  merchantRoutes(app, options)
  merchantChangeRoutes(app, options)
  productRoutes(app, options)
  productChangeRoutes(app, options)
  clientRoutes(app, options)
  clientChangeRoutes(app, options)
  subscriberRoutes(app, options)
  subscriberChangeRoutes(app, options)
  walletRoutes(app, options)
  walletChangeRoutes(app, options)
  movementRoutes(app, options)
  listRoutes(app, options)
  policyRoutes(app, options)
  programmeRoutes(app, options)
  rewardRoutes(app, options)
  walletPointsRoutes(app, options)
  adjustmentRoutes(app, options)
  bankRoutes(app, options)
  bankActRoutes(app, options)
  billerRoutes(app, options)
  billerActRoutes(app, options)
  logRoutes(app, options)
}
