/** Money to another person: who it is, sending, looking, taking back what has not arrived. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Msisdn, masked, Secret } from '../../kernel/index.ts'
import type { Sent, Transfer } from '../../transfers/index.ts'
import { fields, notFound } from '../http/index.ts'
import {
  amountOf,
  type ConsumerDesk,
  msisdnOf,
  refused,
  refusedByTransfers,
  sessionOf,
} from './desk.ts'
import {
  key,
  line,
  number,
  own,
  type Proof,
  positiveAmount,
  proven,
  sixDigits,
  uuid,
} from './fields.ts'
import { mustConfirm } from './proof.ts'
import { transferView, viewOfTransfer } from './transfer-views.ts'

/** What every request that pays somebody bears. */
export const paying = {
  key,
  nameCharacter: z
    .string()
    .min(1)
    .max(4)
    .optional()
    .describe('Of the payee’s name, the character that the mask leaves out; where it is asked for'),
}
/** With the wallet's own PIN, or a passkey in its place. */
export const paid = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => proven(shape, sixDigits)
export const memo = line(40).optional()
export const byId = z.object({ id: uuid })

export function transferRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const { transfers } = desk

  // A look, but not a GET: addresses end up in logs, and this one would bear a number.
  routes.post(
    '/consumer/payees',
    {
      config: { admission: 'read' },
      schema: {
        ...own('Who would get it, to look at before'),
        body: z.strictObject({ number }),
        response: {
          200: z.object({
            number: z.string(),
            name: z.string().nullable(),
            hasWallet: z.boolean(),
            delayFrom: z
              .string()
              .nullable()
              .describe('From this amount on 24 h are the better arrival; null for whom one knows'),
          }),
        },
      },
    },
    async (request) => {
      const { msisdn } = sessionOf(request)
      const to = msisdnOf(request.body.number)
      const lockedMs = desk.payeeLooks.lockedMs(msisdn)
      if (lockedMs > 0) throw refused('too_many_looks', { retryAfterMs: lockedMs })
      desk.payeeLooks.wrong(msisdn)
      const { maskedName, hasWallet, isKnown } = await transfers.payee(to, msisdn)
      const delayFrom = isKnown ? null : desk.policy().transferDelayFrom.toString()
      return { number: masked(to), name: maskedName, hasWallet, delayFrom }
    },
  )
  routes.post(
    '/consumer/transfers',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Money to a number, with a wallet or without'),
        body: paid({
          ...{ to: number, amount: positiveAmount, memo },
          arrival: z.enum(['now', '2h', '24h']).default('now'),
          ...paying,
        }),
        response: { 200: transferView, 201: transferView },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const { to, amount, arrival, memo: said } = request.body
      const named = { to: msisdnOf(to), amount: amountOf(amount), arrival }
      const order = await payer(desk, request, request.body)
      const note = said === undefined ? {} : { memo: said }
      return sent(desk, reply, msisdn, await transfers.send({ ...order, ...named, ...note }))
    },
  )
  routes.get(
    '/consumer/transfers',
    {
      schema: {
        ...own('Sent and got, the newest first'),
        querystring: z.strictObject(fields.page),
        response: { 200: fields.pageOfView(transferView) },
      },
    },
    async (request) => {
      const walletId = await walletOf(desk, sessionOf(request).msisdn)
      const all =
        walletId === undefined ? [] : await transfers.list(walletId, pageOf(request.query))
      return paged(
        all.map((one) => viewOfTransfer(one, walletId)),
        request.query.limit,
      )
    },
  )
  routes.get(
    '/consumer/transfers/:id',
    { schema: { ...own('One transfer'), params: byId, response: { 200: transferView } } },
    async (request) => {
      const { msisdn } = sessionOf(request)
      const walletId = await walletOf(desk, msisdn)
      const transfer = await transfers.get(request.params.id)
      if (!transfer || !isOf(transfer, { msisdn, walletId })) throw notFound('transfer')
      return viewOfTransfer(transfer, walletId)
    },
  )
  routes.post(
    '/consumer/transfers/:id/cancel',
    {
      schema: {
        ...own('Take back what has not arrived'),
        params: byId,
        body: paid({ key }),
        response: { 200: transferView },
      },
    },
    async (request) => {
      const { msisdn } = sessionOf(request)
      await mustConfirm(desk, request, request.body)
      const done = await transfers.cancel({ msisdn, transferId: request.params.id })
      if (!done.ok) throw refusedByTransfers(desk, done)
      return viewOfTransfer(done.value, done.value.walletId)
    },
  )
}

/** Throws unless it is the payer; answers what every payment names. */
export async function payer(
  desk: ConsumerDesk,
  request: FastifyRequest,
  body: Proof & { readonly key: string; readonly nameCharacter?: string | undefined },
) {
  await mustConfirm(desk, request, body)
  const { msisdn } = sessionOf(request)
  const { nameCharacter } = body
  const channel: Transfer['channel'] = 'web'
  return {
    ...{ msisdn, channel, key: keyOf(body.key) },
    ...(nameCharacter !== undefined && { nameCharacter: new Secret(nameCharacter) }),
  }
}

export const keyOf = (key: string): string => `app:${key}`

export async function sent(desk: ConsumerDesk, reply: FastifyReply, msisdn: Msisdn, done: Sent) {
  if (!done.ok) throw refusedByTransfers(desk, done)
  const { transfer, replayed } = done.value
  return reply
    .status(replayed ? 200 : 201)
    .send(viewOfTransfer(transfer, transfer.msisdn === msisdn ? transfer.walletId : undefined))
}

export const walletOf = async ({ wallet }: ConsumerDesk, msisdn: Msisdn) =>
  (await wallet.balance(msisdn))?.account.id

/** A number that was given up takes its transfers with it: it is the wallets that say whose they are. */
function isOf(
  { walletId, payeeWalletId, payee, state }: Transfer,
  who: { readonly msisdn: Msisdn; readonly walletId: string | undefined },
): boolean {
  if (state === 'waiting_claim' && payee === who.msisdn) return true
  return who.walletId !== undefined && [walletId, payeeWalletId].includes(who.walletId)
}

interface Query {
  readonly before?: string | undefined
  readonly limit: number
}

export const pageOf = ({ before, limit }: Query) => ({
  limit,
  ...(before !== undefined && { before }),
})

export const paged = <View extends { readonly id: string }>(items: View[], limit: number) => ({
  items,
  next: items.length < limit ? null : (items.at(-1)?.id ?? null),
})
