/** Paying a merchant on the customer's own device: from the balance at once, by a bound card, or on the phone bill. */
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Amount, bucketOf, type Msisdn } from '../../kernel/index.ts'
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
import {
  isAtMostOne,
  key,
  mayProve,
  oneProof,
  own,
  type Proof,
  pin,
  positiveAmount,
} from './fields.ts'
import { paymentView, viewOfPayment } from './payment-view.ts'
import { bankPinOf, mustConfirm } from './proof.ts'
import { byId } from './transfer-routes.ts'

const means = {
  source: z.enum(['wallet', 'card', 'phone_bill']).default('wallet'),
  cardId: byId.shape.id.optional().describe('The preferred card without it'),
  ...mayProve(
    pin.describe(
      'Above a little (409 `pin_needed`), and of a card whose bank keeps it, the PIN is asked for',
    ),
  ),
  key,
}
const orders = z.union([
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
const orderBody = orders.refine(isAtMostOne, oneProof)

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
      const { key: name, pin, passkey, source, cardId, ...wanted } = request.body
      const content = JSON.stringify([wanted, source, cardId])
      const contentHash = createHash('sha256').update(content).digest('hex')
      const appKey = { scope: `app:${msisdn}`, key: name, contentHash }
      const proof = { pin, passkey, key: name }
      const confirm = () => mustConfirm(desk, request, proof)
      const given = { source, cardId, ...(isShown(proof) && { proof: { ...proof, confirm } }) }
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
  /** Absent where the owner is not asked for one. */
  readonly proof?: Proof & { readonly confirm: () => Promise<void> }
}

const isShown = ({ pin, passkey }: Proof): boolean => pin !== undefined || passkey !== undefined

interface Paying {
  readonly msisdn: Msisdn
  readonly key: BusinessKey
}

interface Paid {
  readonly payment: Payment
  /** The key was used before. */
  readonly replayed: boolean
}

/** The card that pays, when the proof has been looked at; a PIN that its bank keeps is not looked at here. */
async function meansOf(desk: ConsumerDesk, { msisdn }: Paying, { source, cardId, proof }: Means) {
  const card = source === 'card' ? await cardNamed(desk, msisdn, cardId) : null
  const isKeptByBank = card?.pinKeptBy === 'bank'
  if (isKeptByBank && !proof) throw refusedByPayments(desk, { refusal: 'pin_needed' })
  const bankPin = isKeptByBank && proof ? bankPinOf(proof) : null
  if (!isKeptByBank) await proof?.confirm()
  return { card: card?.terms ?? null, bankPin }
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
  const { card, bankPin } = await meansOf(desk, { msisdn, key: appKey }, given)
  const done = await payments.order({
    msisdn,
    merchantId,
    channel: 'web',
    flow: 'charge',
    keys: [appKey],
    what: 'amount' in what ? { amount: amountOf(what.amount) } : what,
    // A PIN that a bank keeps goes with a payment that is there already.
    consent: bankPin ? 'app' : 'device',
    ...(given.source === 'wallet' && { source: given.source }),
    ...(given.source === 'card' && { card }),
    ...(given.proof && { isPinChecked: true }),
    // Whoever is asked how much has come from a code without an order, or from a sign that says the same.
    ...('amount' in what && { codeProof: 'static_code' }),
  })
  if (!done.ok) throw refusedByPayments(desk, done)
  const { payment, replayed } = done.value
  const isAsked = payment.state === 'awaiting_confirm'
  if (isAsked && bankPin) await desk.cards.keepPin(payment.id, bankPin)
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
  const { card, bankPin } = await meansOf(desk, { msisdn, key: appKey }, given)
  const order = earlier ?? (await desk.orders.get(orderId))
  if (!order) {
    // The first of two taps may have paid it since the key was looked for.
    const paid = await desk.payments.keyed(appKey)
    if (!paid) throw refused('order_over')
    return { payment: await settled(desk, paid, card), replayed: true }
  }
  if (
    !given.proof &&
    (await needsPin(desk, { msisdn, card, source: given.source, amount: order.amount }))
  )
    throw refusedByPayments(desk, { refusal: 'pin_needed' })
  const codeProof = given.proof ? 'two_factors' : 'one_factor'
  const payer = { msisdn, card, codeProof, key: appKey, source: given.source } as const
  const payment = earlier ?? (await takeOn(desk, orderId, payer))
  if (bankPin) await desk.cards.keepPin(payment.id, bankPin)
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
