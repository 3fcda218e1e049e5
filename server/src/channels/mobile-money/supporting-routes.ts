/** Whether we are there, what became of a request, and what a lost answer said. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { MobileMoneyDependencies } from './dependencies.ts'
import { fault } from './errors.ts'
import type { Instruction } from './instruction.ts'
import { canRead, findByCorrelation } from './instruction-store.ts'
import type { Instructions } from './instructions.ts'
import { basePath, described, ownInstruction } from './operation.ts'
import { openedCode, requestState } from './present.ts'
import { resolvedIn } from './proof.ts'
import { correlationId, read, readState } from './schemas.ts'
import { callerOf, type OperationConfig } from './scope.ts'

const tag = 'supporting'

export function supportingRoutes(
  app: FastifyInstance,
  deps: MobileMoneyDependencies,
  instructions: Instructions,
): void {
  const { db } = deps
  const config: OperationConfig = { scope: null }
  const scope = null
  const typed = app.withTypeProvider<ZodTypeProvider>()
  typed.get(
    '/heartbeat',
    {
      config,
      schema: {
        ...described(tag, 'heartbeatGET', { summary: 'Check API availability', scope }),
        response: read,
      },
    },
    async () => {
      const isThere = await canRead(db).catch(() => false)
      return { serviceStatus: isThere ? 'available' : 'unavailable' }
    },
  )
  typed.get(
    '/requeststates/:serverCorrelationId',
    {
      config,
      schema: {
        ...described(tag, 'requeststatesServerCorrelationIdGET', {
          summary: 'View a request state',
          scope,
        }),
        params: z.object({ serverCorrelationId: correlationId }),
        response: readState,
      },
    },
    async (request) => {
      const { serverCorrelationId: id } = request.params
      const found = await ownInstruction(request, deps, id.toLowerCase())
      return requestState(await instructions.current(found)) as never
    },
  )
  typed.get(
    '/responses/:clientCorrelationId',
    {
      config,
      schema: {
        ...described(tag, 'responsesClientCorrelationIdGET', {
          summary: 'Find what an earlier request made',
          scope,
        }),
        params: z.object({ clientCorrelationId: correlationId }),
        response: read,
      },
    },
    async (request) => {
      const { clientId } = callerOf(request)
      const asked = { clientId, correlationId: request.params.clientCorrelationId.toLowerCase() }
      const found = await findByCorrelation(db, asked)
      if (!found) throw fault('identifier')
      return { link: `${basePath}${linkOf(await instructions.current(found), deps)}` }
    },
  )
}

/** The resource, where there is one already; else the state, which has the error of one that failed. */
function linkOf(
  instruction: Instruction,
  { cipher }: Pick<MobileMoneyDependencies, 'cipher'>,
): string {
  const { id, kind, state, subject, test } = instruction
  if (state !== 'completed') return `/requeststates/${id}`
  const account = () => `/accounts/msisdn/${encodeURIComponent(resolvedIn(instruction).payer)}`
  if (kind === 'quotation') return `/quotations/${id}`
  if (kind === 'debitmandate') return `${account()}/debitmandates/${test ? id : subject}`
  if (kind === 'authorisationcode')
    return `${account()}/authorisationcodes/${openedCode(instruction, cipher)}`
  if (kind === 'billpay') return `/bills/${resolvedIn(instruction).billId}/payments`
  return `/transactions/${id}`
}
