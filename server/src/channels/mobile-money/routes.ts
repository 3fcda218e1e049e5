/** GSMA Mobile Money API 1.2 over the wallet: the operations that we do. */
import type { FastifyPluginAsync } from 'fastify'
import { defaultRate } from '../http/index.ts'
import { accountRoutes } from './account-routes.ts'
import { billRoutes } from './bill-routes.ts'
import { codeRoutes } from './code-routes.ts'
import type { MobileMoneyDependencies } from './dependencies.ts'
import type { Instructions } from './instructions.ts'
import { mandateRoutes } from './mandate-routes.ts'
import { basePath } from './operation.ts'
import { quotationRoutes } from './quotation-routes.ts'
import { installScope } from './scope.ts'
import { statementRoutes } from './statement-routes.ts'
import { supportingRoutes } from './supporting-routes.ts'
import { transactionRoutes } from './transaction-routes.ts'

/** Register at the root: it brings its own prefix. */
export function mobileMoneyRoutes(
  deps: MobileMoneyDependencies,
  instructions: Instructions,
): FastifyPluginAsync {
  const { verify, guesses, clock, rate = defaultRate } = deps
  return async (app) => {
    await app.register(
      async (scope) => {
        installScope(scope, { verify, guesses, clock, rate })
        supportingRoutes(scope, deps, instructions)
        accountRoutes(scope, deps)
        statementRoutes(scope, deps)
        transactionRoutes(scope, deps, instructions)
        quotationRoutes(scope, deps, instructions)
        mandateRoutes(scope, deps, instructions)
        codeRoutes(scope, deps, instructions)
        billRoutes(scope, deps, instructions)
      },
      { prefix: basePath },
    )
  }
}
