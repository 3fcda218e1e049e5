/** The operator's API: what is sold, to whom and how; what differs with banks and billers; people, and the log. */
import type { FastifyInstance } from 'fastify'
import type { Secret } from '../../kernel/index.ts'
import { operatorRoles, type Staff } from '../../staff/index.ts'
import { type Guesses, keepNowhere } from '../http/index.ts'
import { type Door, enter, sessionRoutes, sessionView, viewOfSession } from '../staff-door/index.ts'
import { waysIn } from './access.ts'
import { type BankActDesk, bankActRoutes } from './bank-act-routes.ts'
import { bankRoutes } from './bank-routes.ts'
import { type BillerActDesk, billerActRoutes } from './biller-act-routes.ts'
import { billerRoutes } from './biller-routes.ts'
import { clientChangeRoutes, clientRoutes } from './client-routes.ts'
import { checkToken } from './desk.ts'
import { described } from './fields.ts'
import { listRoutes } from './list-routes.ts'
import {
  applicationRoutes,
  decisionRoutes,
  merchantChangeRoutes,
  merchantRoutes,
} from './merchant-routes.ts'
import { movementRoutes } from './movement-routes.ts'
import { peopleRoutes, personChangeRoutes } from './people-routes.ts'
import { programmeRoutes, rewardRoutes } from './points-routes.ts'
import { logRoutes, policyRoutes } from './policy-routes.ts'
import { refused } from './problems.ts'
import { productChangeRoutes, productRoutes } from './product-routes.ts'
import { subscriberChangeRoutes, subscriberRoutes } from './subscriber-routes.ts'
import { topUpVoucherRoutes } from './top-up-voucher-routes.ts'
import { adjustmentRoutes, walletPointsRoutes } from './wallet-points-routes.ts'
import { type WalletDesk, walletChangeRoutes, walletRoutes } from './wallet-routes.ts'

export interface OperatorRoutesOptions extends BankActDesk, WalletDesk, BillerActDesk {
  /** For programs; without it there are people only. */
  readonly token: Secret | null
  readonly staff: { readonly signIn: Door['signIn']; readonly people: Staff['people'] }
  /** By address. */
  readonly wrongTokens: Guesses
  readonly wrongSignIns: Guesses
  /** The outside reaches this server by TLS. */
  readonly https: boolean
}

/**
 * A Fastify plugin: everything below `/operator`. Every request is of somebody who is signed in or bears the
 * operator's token; every change is written to the log with its author and with what was before and after.
 */
export async function operatorRoutes(
  app: FastifyInstance,
  options: OperatorRoutesOptions,
): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, admission: 'console' }
    route.schema = { ...route.schema, security: waysIn(route.config) }
  })
  const door: Door = {
    ...{ page: 'operator', https: options.https, signIn: options.staff.signIn },
    ...{ wrongSignIns: options.wrongSignIns, refusedAtDoor: refused },
  }
  app.addHook('onRequest', async (request, reply) => {
    keepNowhere(reply)
    if (request.headers.authorization === undefined) await enter(door, request)
    else await checkToken(options, request, options)
  })
  sessionRoutes(app, door, {
    path: '/operator/session',
    roles: operatorRoles,
    ...{ described, view: sessionView, viewOf: viewOfSession },
  })
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
  topUpVoucherRoutes(app, options)
  bankRoutes(app, options)
  bankActRoutes(app, options)
  billerRoutes(app, options)
  billerActRoutes(app, options)
  peopleRoutes(app, options)
  personChangeRoutes(app, options)
  logRoutes(app, options)
}
