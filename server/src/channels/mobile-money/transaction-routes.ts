/** Transactions: made by type, looked at, taken back while the payer has not answered, reversed. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { billPayProof } from './bill-parties.ts'
import type { MobileMoneyDependencies } from './dependencies.ts'
import { fault } from './errors.ts'
import type { Instruction } from './instruction.ts'
import { withdraw } from './instruction-store.ts'
import type { Instructions } from './instructions.ts'
import { answerInstruction, described, ownInstruction } from './operation.ts'
import { merchantProof, transferProof } from './parties.ts'
import { codePurpose } from './payer-code.ts'
import { present, transaction } from './present.ts'
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
import { callerOf, shownPin } from './scope.ts'

const tag = 'transactions'
const creating = 'mobile-money:transactions:create'
const reading = 'mobile-money:transactions:read'
const kinds: readonly string[] = ['transfer', 'merchantpay', 'billpay', 'reversal']

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
          summary: 'Create a transaction; transfer, merchantpay and billpay',
          scope: creating,
        }),
        params: z.object({ transactionType }),
        body: transactionBody,
        response: made,
      },
    },
    async (request, reply) => create(request, reply, request.params.transactionType, request.body),
  )
  typed.post(
    '/transactions',
    {
      config: { scope: creating, admission: 'order' },
      schema: {
        ...described(tag, 'transactionsPOST', {
          summary: 'Create a transaction, its type in the body; deprecated by the standard',
          scope: creating,
        }),
        body: transactionBody.extend({ type: transactionType }),
        response: made,
      },
    },
    async (request, reply) => {
      const { type, ...said } = request.body
      return create(request, reply, type, said)
    },
  )

  async function create(
    request: FastifyRequest,
    reply: FastifyReply,
    kind: string,
    { oneTimeCode, ...said }: z.infer<typeof transactionBody>,
  ): Promise<FastifyReply> {
    if (kind !== 'transfer' && kind !== 'merchantpay' && kind !== 'billpay')
      throw fault('transactionType')
    const { debitParty = [], creditParty = [] } = said
    const caller = callerOf(request)
    // The code itself is kept nowhere but with its maker's instruction.
    const code = oneTimeCode === undefined ? {} : { code: cipher.mac(codePurpose, oneTimeCode) }
    const proofs = { transfer: transferProof, merchantpay: merchantProof, billpay: billPayProof }
    const prove = (name: string) => {
      const asked = { debitParty, creditParty, oneTimeCode, ...shownPin(request, name) }
      return proofs[kind](deps, caller, asked)
    }
    return answerInstruction(request, reply, { kind, body: { ...said, ...code }, prove }, tools)
  }

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
      const now = await instructions.current(found)
      return now.kind === 'billpay' ? transaction(now) : present(now, { cipher, now: clock.now() })
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
    if (subject === null || kind === 'billpay') return false
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
