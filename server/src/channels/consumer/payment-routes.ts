/** Paying a merchant on the customer's own device: from the balance at once, by a bound card, or on the phone bill. */
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Amount, bucketOf, type Msisdn, Secret } from '../../kernel/index.ts'
import { type BusinessKey, type CardTerms, isPaid, type Payment } from '../../payments/index.ts'
import { notFound } from '../http/index.ts'
import { cardNamed, ownPayment, refusedStep, waitMs } from './asked-routes.ts'
import {
  amountOf,
  type ConsumerDesk,
  type OrderPayer,
  refused,
  refusedByPayments,
  sessionOf,
} from './desk.ts'
import { key, own, pin, positiveAmount } from './fields.ts'
import { paymentView, viewOfPayment } from './payment-view.ts'
import { mustKnowPin } from './proof.ts'
import { byId } from './transfer-routes.ts'

const means = {
  source: z.enum(['wallet', 'card', 'phone_bill']).default('wallet'),
  cardId: byId.shape.id.optional().describe('The preferred card without it'),
  pin: pin
    .optional()
    .describe(
      'Above a little (409 `pin_needed`), and of a card whose bank keeps it, the PIN is asked for',
    ),
  key,
}
const orderBody = z.union([
  z.strictObject({
    merchant: z.string().regex(/^\d{4}$/, 'must be a merchant number of four digits'),
    what: z.union([
      z.strictObject({ product: z.string().regex(/^\d{3}$/, 'must be a product code') }),
      z.strictObject({ amount: positiveAmount }),
    ]),
    ...means,
  }),
  z.strictObject({ order: byId.shape.id.describe('Of a payment page'), ...means }),
])

const sharedView = z.object({
  amount: z.string(),
  returned: z.string().describe('What has come back of it, or is about to'),
  shared: z.string().describe('What others owe or have paid of it in bills'),
  left: z.string(),
})

export function paymentRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.post(
    '/consumer/payments',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Pay a merchant, or an order that has a payment page'),
        body: orderBody,
        response: { 200: paymentView, 201: paymentView },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const { key: name, pin, source, cardId, ...wanted } = request.body
      const content = JSON.stringify([wanted, source, cardId])
      const contentHash = createHash('sha256').update(content).digest('hex')
      const appKey = { scope: `app:${msisdn}`, key: name, contentHash }
      const given = { source, cardId, pin: pin === undefined ? undefined : new Secret(pin) }
      const { payment, replayed } =
        'order' in wanted
          ? await payOrder(desk, { orderId: wanted.order, msisdn, key: appKey }, given)
          : await payMerchant(desk, { msisdn, key: appKey, ...wanted }, given)
      return reply.status(replayed ? 200 : 201).send(await viewOfPayment(desk, payment))
    },
  )
  routes.get(
    '/consumer/payments/:id',
    {
      schema: {
        ...own('A payment of one’s own, whatever paid it'),
        params: byId,
        response: { 200: paymentView },
      },
    },
    async (request) => viewOfPayment(desk, await ownPayment(desk, request, request.params.id)),
  )
  routes.get(
    '/consumer/payments/:id/shared',
    {
      schema: {
        ...own('What of a payment of one’s own can still be divided, and why that is less than it'),
        params: byId,
        response: { 200: sharedView },
      },
    },
    async (request) => {
      const payment = await ownPayment(desk, request, request.params.id)
      if (!isPaid(payment.state)) throw notFound('payment')
      const { kept, shared } = await desk.transfers.sharedOf(payment.msisdn, payment.id)
      const left = kept > shared ? kept - shared : 0n
      return {
        ...{ amount: payment.amount.toString(), returned: (payment.amount - kept).toString() },
        ...{ shared: shared.toString(), left: left.toString() },
      }
    },
  )
}

interface Means {
  readonly source: 'wallet' | 'card' | 'phone_bill'
  readonly cardId: string | undefined
  readonly pin: Secret | undefined
}

interface Paying {
  readonly msisdn: Msisdn
  readonly key: BusinessKey
}

interface Paid {
  readonly payment: Payment
  /** The key was used before. */
  readonly replayed: boolean
}

/** The card that pays, and whether the PIN has been looked at: a bank's own is not looked at here. */
async function meansOf(
  desk: ConsumerDesk,
  { msisdn, key: { key: name } }: Paying,
  { source, cardId, pin }: Means,
) {
  const card = source === 'card' ? await cardNamed(desk, msisdn, cardId) : null
  const isKeptByBank = card?.pinKeptBy === 'bank'
  if (isKeptByBank && pin === undefined) throw refusedByPayments(desk, { refusal: 'pin_needed' })
  if (!isKeptByBank && pin !== undefined) await mustKnowPin(desk, msisdn, pin, name)
  return { card: card?.terms ?? null, isKeptByBank }
}

async function payMerchant(
  desk: ConsumerDesk,
  {
    merchant: merchantId,
    what,
    msisdn,
    key: appKey,
  }: Paying & {
    readonly merchant: string
    readonly what: { readonly product: string } | { readonly amount: string }
  },
  given: Means,
): Promise<Paid> {
  const { payments } = desk
  const { card, isKeptByBank } = await meansOf(desk, { msisdn, key: appKey }, given)
  const done = await payments.order({
    msisdn,
    merchantId,
    channel: 'web',
    flow: 'charge',
    keys: [appKey],
    what: 'amount' in what ? { amount: amountOf(what.amount) } : what,
    // A PIN that a bank keeps goes with a payment that is there already.
    consent: isKeptByBank ? 'app' : 'device',
    ...(given.source === 'wallet' && { source: given.source }),
    ...(given.source === 'card' && { card }),
    ...(given.pin !== undefined && { isPinChecked: true }),
    // Whoever is asked how much has come from a code without an order, or from a sign that says the same.
    ...('amount' in what && { codeProof: 'static_code' }),
  })
  if (!done.ok) throw refusedByPayments(desk, done)
  const { payment, replayed } = done.value
  const isAsked = payment.state === 'awaiting_confirm'
  if (isAsked && given.pin) await desk.cards.keepPin(payment.id, given.pin)
  return { payment: await settled(desk, payment, card), replayed }
}

/** The order is taken on first, and paid when it is this customer's: two cannot pay one. */
async function payOrder(
  desk: ConsumerDesk,
  { orderId, msisdn, key: appKey }: Paying & { readonly orderId: string },
  given: Means,
): Promise<Paid> {
  const earlier = await desk.payments.keyed(appKey)
  if (earlier && earlier.state !== 'awaiting_confirm')
    return { payment: await settled(desk, earlier, null), replayed: true }
  const { card, isKeptByBank } = await meansOf(desk, { msisdn, key: appKey }, given)
  const order = earlier ?? (await desk.orders.get(orderId))
  if (!order) {
    // The first of two taps may have paid it since the key was looked for.
    const paid = await desk.payments.keyed(appKey)
    if (!paid) throw refused('order_over')
    return { payment: await settled(desk, paid, card), replayed: true }
  }
  if (
    given.pin === undefined &&
    (await needsPin(desk, { msisdn, card, source: given.source, amount: order.amount }))
  )
    throw refusedByPayments(desk, { refusal: 'pin_needed' })
  const codeProof = given.pin === undefined ? 'one_factor' : 'two_factors'
  const payer = { msisdn, card, codeProof, key: appKey, ...given } as const
  const payment = earlier ?? (await takeOn(desk, orderId, payer))
  if (isKeptByBank && given.pin) await desk.cards.keepPin(payment.id, given.pin)
  return { payment: await settled(desk, payment, card), replayed: earlier !== undefined }
}

/** Above a little, and where so much was paid by codes without it today that there is no room. */
async function needsPin(
  desk: ConsumerDesk,
  {
    msisdn,
    source,
    card,
    amount,
  }: Pick<OrderPayer, 'msisdn' | 'source' | 'card'> & { readonly amount: Amount },
): Promise<boolean> {
  if (amount > desk.policy().walletPinFreeLimit) return true
  const account = source === 'wallet' ? (await desk.wallet.balance(msisdn))?.account : undefined
  const purse = account ? { walletId: account.id } : null
  const codeProof = 'one_factor'
  const room = await desk.codeRoom({ bucket: bucketOf(msisdn), msisdn, card, purse, codeProof })
  return room !== null && amount > room
}

async function takeOn(desk: ConsumerDesk, orderId: string, payer: OrderPayer): Promise<Payment> {
  const taken = await desk.orders.takeOn(orderId, payer)
  if (taken.ok) return taken.value
  if (taken.refusal === 'order_over') throw refused('order_over')
  throw refusedByPayments(desk, taken.refusal)
}

/** The yes, where there is one to be said; then what the carrier or the bank says to it, in a while. */
async function settled(
  desk: ConsumerDesk,
  payment: Payment,
  card: CardTerms | null,
): Promise<Payment> {
  const { payments } = desk
  const { id: paymentId, msisdn } = payment
  if (payment.state === 'awaiting_confirm') {
    const said = await payments.approve({ paymentId, msisdn, ...(card && { card }) })
    if (!said.ok && said.refusal !== 'not_allowed_now')
      throw await refusedStep(desk, payment, said.refusal)
  }
  // What a wallet pays is decided by then, and needs no second look.
  const isOpen = ['awaiting_confirm', 'reserving', 'charging'].includes(payment.state)
  const now = (isOpen && (await payments.settled(paymentId, waitMs))) || payment
  if (now.state === 'cancelled' || now.state === 'expired') throw refused('question_over')
  if (now.reason !== null && (now.state === 'refused' || now.state === 'charge_failed'))
    throw refusedByPayments(desk, { refusal: now.reason })
  return now
}
