/** Quotations: what a payment from wallet to wallet would cost, which is nothing, and for how long that holds. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { amountOf } from './amount.ts'
import type { MobileMoneyDependencies } from './dependencies.ts'
import { fault } from './errors.ts'
import type { Instructions } from './instructions.ts'
import { answerInstruction, described, ownInstruction } from './operation.ts'
import { foundBy } from './parties.ts'
import { present } from './present.ts'
import { made, quotationBody, read, reference } from './schemas.ts'
import { callerOf } from './scope.ts'

const tag = 'quotations'
const creating = 'mobile-money:transactions:create'
const reading = 'mobile-money:transactions:read'

export function quotationRoutes(
  app: FastifyInstance,
  deps: MobileMoneyDependencies,
  instructions: Instructions,
): void {
  const { cipher, clock, looks } = deps
  const tools = { cipher, clock, instructions }
  const typed = app.withTypeProvider<ZodTypeProvider>()
  typed.post(
    '/quotations',
    {
      config: { scope: creating },
      schema: {
        ...described(tag, 'quotationsPOST', { summary: 'Create a quotation', scope: creating }),
        body: quotationBody,
        response: made,
      },
    },
    async (request, reply) => {
      const { body } = request
      const caller = callerOf(request)
      const prove = async () => {
        const { debitParty, creditParty, type = 'transfer', requestAmount } = body
        if (type !== 'transfer' && type !== 'merchantpay') throw fault('transactionType')
        if (looks.lockedMs(caller.clientId) > 0) throw fault('rateLimit')
        looks.wrong(caller.clientId)
        const { msisdn: payer, walletId } = await foundBy(deps, caller, debitParty)
        const payee = type === 'transfer' ? (await foundBy(deps, caller, creditParty)).msisdn : ''
        if (payer === payee) throw fault('sameParties')
        if (amountOf(requestAmount) === 0n) throw fault('tooSmall', { field: 'requestAmount' })
        return { agreed: false, resolved: { payer, payee, walletId } }
      }
      return answerInstruction(request, reply, { kind: 'quotation', body, prove }, tools)
    },
  )
  typed.get(
    '/quotations/:reference',
    {
      config: { scope: reading },
      schema: {
        ...described(tag, 'quotationsQuotationReferenceGET', {
          summary: 'View a quotation',
          scope: reading,
        }),
        params: reference,
        response: read,
      },
    },
    async (request) => {
      const found = await ownInstruction(request, deps, request.params.reference)
      if (found.kind !== 'quotation') throw fault('identifier')
      return present(found, { cipher, now: clock.now() })
    },
  )
}
