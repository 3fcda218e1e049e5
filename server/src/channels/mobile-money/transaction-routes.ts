/** Transactions: made by type, looked at, taken back while the payer has not answered, reversed. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { MobileMoneyDependencies } from './dependencies.ts'
import { fault } from './errors.ts'
import type { Instruction } from './instruction.ts'
import { withdraw } from './instruction-store.ts'
import type { Instructions } from './instructions.ts'
import { answerInstruction, described, ownInstruction } from './operation.ts'
import { merchantProof, transferProof } from './parties.ts'
import { codePurpose } from './payer-code.ts'
import { present } from './present.ts'
import { resolvedIn } from './proof.ts'
import {
  changed,
  made,
  patchOf,
  read,
  reference,
  reversalBody,
  transactionBody,
  transactionType,
} from './schemas.ts'
import { callerOf, headerOf } from './scope.ts'

const tag = 'transactions'
const creating = 'mobile-money:transactions:create'
const reading = 'mobile-money:transactions:read'
const kinds: readonly string[] = ['transfer', 'merchantpay', 'reversal']

export function transactionRoutes(
  app: FastifyInstance,
  deps: MobileMoneyDependencies,
  instructions: Instructions,
): void {
  const { cipher, clock, db, payments, transfers } = deps
  const tools = { cipher, clock, instructions }
  const typed = app.withTypeProvider<ZodTypeProvider>()

  typed.post(
    '/transactions/type/:transactionType',
    {
      config: { scope: creating, admission: 'order' },
      schema: {
        ...described(tag, 'transactionstypetransactionTypePOST', {
          summary: 'Create a transaction; transfer and merchantpay',
          scope: creating,
        }),
        params: z.object({ transactionType }),
        body: transactionBody,
        response: made,
      },
    },
    async (request, reply) => {
      const { transactionType: kind } = request.params
      const { oneTimeCode, ...said } = request.body
      if (kind !== 'transfer' && kind !== 'merchantpay') throw fault('transactionType')
      const { debitParty = [], creditParty = [] } = said
      const caller = callerOf(request)
      const asked = { debitParty, creditParty, pin: headerOf(request, 'X-User-Credential-1') }
      // The code itself is kept nowhere but with its maker's instruction.
      const body = oneTimeCode === undefined ? said : { ...said, code: macOf(oneTimeCode) }
      const prove =
        kind === 'transfer'
          ? (name: string) => transferProof(deps, caller, { ...asked, request: name })
          : (name: string) => merchantProof(deps, caller, { ...asked, request: name, oneTimeCode })
      return answerInstruction(request, reply, { kind, body, prove }, tools)
    },
  )
  const macOf = (code: string) => cipher.mac(codePurpose, code)

  typed.get(
    '/transactions/:reference',
    {
      config: { scope: reading },
      schema: {
        ...described(tag, 'transactionsTransactionReferenceGET', {
          summary: 'View a transaction that this client made',
          scope: reading,
        }),
        params: reference,
        response: read,
      },
    },
    async (request) => {
      const found = transactionOf(await ownInstruction(request, deps, request.params.reference))
      return present(await instructions.current(found), { cipher, now: clock.now() })
    },
  )

  typed.patch(
    '/transactions/:reference',
    {
      config: { scope: creating },
      schema: {
        ...described(tag, 'transactionsTransactionReferencePATCH', {
          summary: 'Take back a transaction that its payer has not answered',
          scope: creating,
        }),
        params: reference,
        body: patchOf('/transactionStatus', 'cancelled'),
        response: changed,
      },
    },
    async (request, reply) => {
      const found = transactionOf(await ownInstruction(request, deps, request.params.reference))
      const before = await instructions.current(found)
      if (before.state !== 'waiting' || !(await takenBack(before))) throw fault('incorrectState')
      await instructions.current(before)
      return reply.code(204).send(null)
    },
  )

  async function takenBack(instruction: Instruction): Promise<boolean> {
    const { kind, subject, test } = instruction
    const { payer, payee } = resolvedIn(instruction)
    if (subject === null) return false
    if (test) return db.transact((tx) => withdraw(tx, instruction, clock.now()))
    const done =
      kind === 'merchantpay'
        ? await payments.cancel({ paymentId: subject, msisdn: payer })
        : await transfers.cancelRequest({ msisdn: payee, requestId: subject })
    return done.ok
  }

  typed.post(
    '/transactions/:reference/reversals',
    {
      config: { scope: creating, admission: 'order' },
      schema: {
        ...described(tag, 'transactionsTransactionReferenceReversalsPOST', {
          summary: 'Give a merchant’s payment back, in full or in part',
          scope: creating,
        }),
        params: reference,
        body: reversalBody,
        response: made,
      },
    },
    async (request, reply) => {
      const { reference: original } = request.params
      const { type, ...said } = request.body
      if (type !== 'reversal') throw fault('transactionType')
      const prove = async () => {
        const sale = transactionOf(await ownInstruction(request, deps, original))
        if (sale.kind !== 'merchantpay') throw fault('transactionType')
        return { agreed: true, resolved: resolvedIn(sale) }
      }
      const body = { currency: 'CNY', ...said, original }
      return answerInstruction(request, reply, { kind: 'reversal', body, prove }, tools)
    },
  )
}

function transactionOf(instruction: Instruction): Instruction {
  if (!kinds.includes(instruction.kind)) throw fault('identifier')
  return instruction
}
