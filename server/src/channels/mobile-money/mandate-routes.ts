/** Debit mandates: given by the payer with the PIN, seen by payer and payee, ended by either. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Mandate } from '../../transfers/index.ts'
import type { MobileMoneyDependencies } from './dependencies.ts'
import { fault } from './errors.ts'
import type { Instruction } from './instruction.ts'
import { withdraw } from './instruction-store.ts'
import type { Instructions } from './instructions.ts'
import {
  accountForms,
  accountIn,
  answerInstruction,
  described,
  ownInstruction,
} from './operation.ts'
import { foundBy, ownAccount, ownConsent } from './parties.ts'
import { present, presentMandate } from './present.ts'
import { changed, made as creates, mandateBody, patchOf, read } from './schemas.ts'
import { callerOf, shownPin } from './scope.ts'

const tag = 'debit mandates'
const scope = 'mobile-money:mandates'

export function mandateRoutes(
  app: FastifyInstance,
  deps: MobileMoneyDependencies,
  instructions: Instructions,
): void {
  const { cipher, clock, db, transfers } = deps
  const tools = { cipher, clock, instructions }
  const typed = app.withTypeProvider<ZodTypeProvider>()

  for (const [form, path] of accountForms('/debitmandates')) {
    typed.post(
      path,
      {
        config: { scope, admission: 'order' },
        schema: {
          ...described(tag, `accounts${form}DebitmandatesPOST`, {
            summary: 'Give a mandate; with the PIN of the token’s owner',
            scope,
          }),
          body: mandateBody,
          response: creates,
        },
      },
      async (request, reply) => {
        const caller = callerOf(request)
        const prove = async (name: string) => {
          const asked = { parties: accountIn(request), ...shownPin(request, name) }
          const { msisdn: payer, walletId } = await ownConsent(deps, caller, asked)
          const { msisdn: payee } = await foundBy(deps, caller, request.body.payee)
          if (payee === payer) throw fault('sameParties')
          return { agreed: true, resolved: { payer, payee, walletId } }
        }
        const body = { ...request.body, account: accountIn(request) }
        return answerInstruction(request, reply, { kind: 'debitmandate', body, prove }, tools)
      },
    )
    typed.get(
      `${path}/:reference`,
      {
        config: { scope },
        schema: {
          ...described(tag, `accounts${form}DebitmandatesDebitMandateReferenceGET`, {
            summary: 'View a mandate; by payer or payee',
            scope,
          }),
          response: read,
        },
      },
      async (request) => {
        const { made, mandate } = await mandateIn(request)
        return made ? present(made, { cipher, now: clock.now() }) : presentMandate(mandate)
      },
    )
    typed.patch(
      `${path}/:reference`,
      {
        config: { scope },
        schema: {
          ...described(tag, `accounts${form}DebitmandatesDebitMandateReferencePATCH`, {
            summary: 'End a mandate; by payer or payee',
            scope,
          }),
          body: patchOf('/mandateStatus', 'inactive'),
          response: changed,
        },
      },
      async (request, reply) => {
        const { msisdn } = await ownAccount(deps, callerOf(request), accountIn(request))
        const { made, mandate } = await mandateIn(request)
        if (made) await db.transact((tx) => withdraw(tx, made, clock.now()))
        else if (mandate.state === 'active') {
          const ended = await transfers.endMandate({ msisdn, mandateId: mandate.id })
          if (!ended.ok && ended.refusal !== 'not_open') throw fault('identifier')
        }
        return reply.code(204).send(null)
      },
    )
  }

  /** Of the account in the address, which is the token's owner's; in the sandbox what this client made. */
  async function mandateIn(request: FastifyRequest): Promise<OneOf> {
    const { reference } = z.object({ reference: z.string() }).parse(request.params)
    const { walletId } = await ownAccount(deps, callerOf(request), accountIn(request))
    if (callerOf(request).test)
      return { made: await sandboxMandate(request, reference), mandate: null }
    const mandate = await transfers.mandate(reference)
    // The number may have another owner since; the wallet has not.
    const isOwn = mandate && [mandate.walletId, mandate.payeeWalletId].some((id) => id === walletId)
    if (!isOwn) throw fault('identifier')
    return { made: null, mandate }
  }

  async function sandboxMandate(request: FastifyRequest, id: string): Promise<Instruction> {
    const made = await ownInstruction(request, deps, id)
    if (made.kind !== 'debitmandate' || made.msisdn !== callerOf(request).msisdn)
      throw fault('identifier')
    return made
  }
}

type OneOf =
  | { readonly made: Instruction; readonly mandate: null }
  | { readonly made: null; readonly mandate: Mandate }
