/**
 * The hosted payment page (CB-4): the customer enters a number, answers our text, and the page shows
 * what became of it. The page never says whether a number exists, has credit or a card, or is on a list.
 */
import { createHmac } from 'node:crypto'
import { accept, type Msisdn, type Result, refuse } from '../../kernel/index.ts'
import { type CardTerms, type Payment, type Payments, promptsMax } from '../../payments/index.ts'
import {
  type AdmissionOptions,
  type AdmissionRefusal,
  createAdmission,
  type Entered,
} from './admission.ts'
import { captchaOf } from './captcha.ts'
import {
  attemptKey,
  type CheckoutOrder,
  createCheckout,
  type OrderTools,
  purchaseOf,
} from './checkout-order.ts'
import {
  type Checkout,
  lockCheckout,
  readCheckout,
  saveCheckout,
  subjectOf,
} from './checkout-store.ts'
import { stateOf, takesNumber } from './page-state.ts'
import { type Offered, sourcesFor } from './sources.ts'

export interface CheckoutOptions extends AdmissionOptions, OrderTools {
  readonly payments: Payments
  /** Where this server is reached from outside, without a path. */
  readonly origin: string
  /** The card that pays first for a number, with what it may pay now; null when none can. */
  readonly cardOf: (msisdn: Msisdn) => Promise<CardTerms | null>
}

export type EnterRefusal = AdmissionRefusal | 'source_not_offered' | 'carrier_away'
type Entry = Result<Checkout, EnterRefusal>
type Step = Result<Checkout, 'not_allowed_now'>

/** A question that is put at the last moment of the page still gets this long. */
const replyMinMs = 60_000

export type Checkouts = ReturnType<typeof createCheckouts>

export function createCheckouts(options: CheckoutOptions) {
  const { db, clock, payments, catalogue } = options
  const admission = createAdmission(options)

  /** Of the last attempt: found by its key when this process ended before it could write it down. */
  async function paymentOf(checkout: Checkout): Promise<Payment | undefined> {
    const { paymentId, attempts } = checkout
    if (paymentId === null && attempts === 0) return undefined
    const id = paymentId ?? (await subjectOf(db, attemptKey(checkout)))?.subject
    return id === undefined ? undefined : payments.get(id)
  }
  const change = (id: string, patch: (checkout: Checkout) => Partial<Checkout>) =>
    db.transact(async (tx) => {
      const checkout = await lockCheckout(tx, id)
      if (!checkout) return undefined
      const changed = { ...checkout, ...patch(checkout) }
      saveCheckout(tx, changed)
      return changed
    })
  const withdraw = (payment: Payment) =>
    payments.cancel({ paymentId: payment.id, msisdn: payment.msisdn })

  /** The attempt's payment becomes the page's, unless the page has gone on without it. */
  async function link(admitted: Checkout, payment: Payment): Promise<Entry> {
    const isCurrent = (checkout: Checkout) =>
      checkout.attempts === admitted.attempts && checkout.cancelledAt === null
    const linked = await change(admitted.id, (checkout) =>
      isCurrent(checkout) ? { paymentId: payment.id } : {},
    )
    if (linked && isCurrent(linked)) return accept(linked)
    await withdraw(payment)
    return refuse('not_allowed_now')
  }

  return {
    get: (id: string) => readCheckout(db, id),
    paymentOf,
    create: (order: CheckoutOrder) => createCheckout(options, order),
    /** The sum to solve with the next number, or null when none is asked. */
    captchaFor: (checkout: Checkout) =>
      checkout.attempts > 0 ? captchaOf(options.fieldKey, checkout.id, checkout.attempts) : null,
    sourcesOf: ({ amount }: Checkout): Offered => sourcesFor(amount, options),
    urlOf: (checkout: Checkout) => `${options.origin}/pay/${checkout.id}`,
    /** Where the wallet's own app takes the order on. */
    appUrlOf: (checkout: Checkout) => `${options.origin}/app/code/orders/${checkout.id}`,

    /** The customer entered a number: the question goes to it, once, however often this is sent. */
    async enter(id: string, entered: Entered): Promise<Entry> {
      const checkout = await readCheckout(db, id)
      if (!checkout) return refuse('not_allowed_now')
      const state = stateOf(checkout, await paymentOf(checkout), clock.now())
      if (state === 'expired' || state === 'cancelled') return refuse('not_allowed_now')
      if (!takesNumber(state)) return accept(checkout)
      const { msisdn, source } = entered
      if (!this.sourcesOf(checkout)[source]) return refuse('source_not_offered')
      const admitted = await admission.admit(id, entered)
      if (!admitted.ok) return admitted
      const card = source === 'card' ? { card: await options.cardOf(msisdn) } : {}
      const purse = source === 'wallet' ? { source } : {}
      const left = Math.max(replyMinMs, checkout.expiresAt - clock.now())
      const order = purchaseOf(admitted.value, { msisdn, ...card, ...purse })
      const replyMs = Math.min(options.policy().webReplyMs, left)
      const placed = await payments.order({ ...order, replyMs })
      const payment = placed.ok ? placed.value.payment : placed.payment
      return payment ? link(admitted.value, payment) : refuse('carrier_away')
    },

    /** For good: a number entered at the same moment is not asked, or asked no more. */
    async cancel(id: string): Promise<Step> {
      const closed = await change(id, ({ cancelledAt }) => ({
        cancelledAt: cancelledAt ?? clock.now(),
      }))
      if (!closed) return refuse('not_allowed_now')
      const payment = await paymentOf(closed)
      if (!payment || isOver(payment) || (await withdraw(payment)).ok) return accept(closed)
      // The yes came first, and the page goes on.
      await change(id, () => ({ cancelledAt: null }))
      return refuse('not_allowed_now')
    },

    /** Takes the question back, so that another number can be entered. */
    async changeNumber(id: string): Promise<Step> {
      const checkout = await readCheckout(db, id)
      if (!checkout || checkout.cancelledAt !== null) return refuse('not_allowed_now')
      const payment = await paymentOf(checkout)
      if (payment?.state !== 'awaiting_confirm')
        return takesNumber(stateOf(checkout, payment, clock.now()))
          ? accept(checkout)
          : refuse('not_allowed_now')
      if (!(await withdraw(payment)).ok) return refuse('not_allowed_now')
      const freed = await change(id, ({ attempts }) =>
        attempts === checkout.attempts ? { paymentId: null, attempts: attempts + 1 } : {},
      )
      return freed ? accept(freed) : refuse('not_allowed_now')
    },

    /** The question once more, to a customer who says it has not come. */
    async remind(id: string, address: string): Promise<Entry> {
      const checkout = await readCheckout(db, id)
      const payment = checkout && (await paymentOf(checkout))
      if (payment?.state !== 'awaiting_confirm' || payment.prompts >= promptsMax)
        return refuse('not_allowed_now')
      const { id: paymentId, msisdn } = payment
      const admitted = await admission.admitAgain(id, { msisdn, address })
      if (!admitted.ok) return admitted
      const reminded = await payments.remind({ paymentId, msisdn })
      return reminded.ok ? admitted : refuse('not_allowed_now')
    },

    /** What the merchant is told of the page. */
    async merchantView(checkout: Checkout) {
      const payment = await paymentOf(checkout)
      return {
        id: checkout.id,
        url: this.urlOf(checkout),
        orderId: checkout.merchantOrderId,
        amount: checkout.amount.toString(),
        state: stateOf(checkout, payment, clock.now()),
        paymentId: payment?.id ?? null,
        expiresAt: new Date(checkout.expiresAt).toISOString(),
      }
    },

    /** The way back to the merchant, signed with the hash of its secret; no proof of payment. */
    returnUrlOf(checkout: Checkout, state: string): string | null {
      const client = catalogue.client(checkout.client)
      if (checkout.returnUrl === null || !client) return null
      const url = new URL(checkout.returnUrl)
      url.searchParams.set('checkout', checkout.id)
      url.searchParams.set('state', state)
      const signature = createHmac('sha256', client.secretHash)
        .update(`${checkout.id}.${checkout.merchantOrderId}.${state}`)
        .digest('base64url')
      url.searchParams.set('signature', signature)
      return url.href
    },
  }
}

/** Nothing was and nothing will be charged for it. */
const isOver = ({ state }: Payment) =>
  ['refused', 'cancelled', 'expired', 'charge_failed', 'reversed'].includes(state)
