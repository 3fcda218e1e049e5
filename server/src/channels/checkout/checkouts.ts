/**
 * The hosted payment page (CB-4): the customer enters a number, answers our text, and the page shows
 * what became of it. The page never says whether a number exists, has credit or is on a list.
 */
import { createHash, createHmac } from 'node:crypto'
import type { Database } from '../../db/index.ts'
import {
  accept,
  bucketOf,
  type Clock,
  type Ids,
  type Msisdn,
  type Result,
  refuse,
  type Secret,
} from '../../kernel/index.ts'
import type { ApiClient, Catalogue } from '../../merchants/index.ts'
import type { Order, Payment, Payments } from '../../payments/index.ts'
import { captchaOf } from './captcha.ts'
import {
  type Checkout,
  claimOrderId,
  insertCheckout,
  lockCheckout,
  noteQuestion,
  questionsSince,
  readCheckout,
  saveCheckout,
} from './checkout-store.ts'

export interface CheckoutOptions {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly payments: Payments
  readonly catalogue: Catalogue
  /** Where this server is reached from outside, without a path. */
  readonly origin: string
  readonly fieldKey: Secret
}

export interface CheckoutOrder {
  readonly client: ApiClient
  readonly what: Order['what']
  readonly merchantOrderId: string
  readonly returnUrl: string | null
  readonly validMs: number
}

export type EnterRefusal = 'not_allowed_now' | 'captcha_wrong' | 'too_many_questions'

const hour = 3_600_000
/** Questions a number gets from the page, by hour and day; and an address asks for, by hour. */
const perNumberHour = 3
const perNumberDay = 10
const perAddressHour = 20

export type Checkouts = ReturnType<typeof createCheckouts>

export function createCheckouts(options: CheckoutOptions) {
  const { db, clock, ids, payments, catalogue } = options
  const paymentOf = (checkout: Checkout) =>
    checkout.paymentId === null ? Promise.resolve(undefined) : payments.get(checkout.paymentId)

  /** Under the lock of the checkout: may a question go to this number now? Notes it when it may. */
  function admit(id: string, asked: { msisdn: Msisdn; address: string; captcha: string | null }) {
    const { msisdn, address, captcha } = asked
    return db.transact(async (tx) => {
      const now = clock.now()
      const checkout = await lockCheckout(tx, id)
      if (!checkout) return refuse('not_allowed_now')
      const number = `number:${msisdn}`
      const from = `address:${address}`
      const [byHour, byDay, byAddress] = await Promise.all([
        questionsSince(tx, number, now - hour),
        questionsSince(tx, number, now - 24 * hour),
        questionsSince(tx, from, now - hour),
      ])
      if (byHour >= perNumberHour || byDay >= perNumberDay || byAddress >= perAddressHour)
        return refuse('too_many_questions')
      const wanted = captchaOf(options.fieldKey, id, checkout.attempts)
      if (checkout.attempts > 0 && captcha !== wanted.answer) return refuse('captcha_wrong')
      noteQuestion(tx, number, now, ids.next(bucketOf(number), now))
      noteQuestion(tx, from, now, ids.next(bucketOf(from), now))
      const admitted = { ...checkout, attempts: checkout.attempts + 1 }
      saveCheckout(tx, admitted)
      return accept(admitted)
    })
  }

  return {
    get: (id: string) => readCheckout(db, id),
    paymentOf,
    /** The sum to solve with the next number, or null when none is asked. */
    captchaFor: (checkout: Checkout) =>
      checkout.attempts > 0 ? captchaOf(options.fieldKey, checkout.id, checkout.attempts) : null,
    urlOf: (checkout: Checkout) => `${options.origin}/pay/${checkout.id}`,

    /** A payment page for an order of the merchant's. The same order again is the same page. */
    async create(
      order: CheckoutOrder,
    ): Promise<Result<Checkout, 'goods_unknown' | 'exists_with_different_content'>> {
      const { client, what, merchantOrderId, returnUrl } = order
      const now = clock.now()
      const { merchantId } = client
      const product = 'product' in what ? catalogue.product(merchantId, what.product) : undefined
      if ('product' in what && !product) return refuse('goods_unknown')
      const amount = 'amount' in what ? what.amount : (product?.price ?? 0n)
      const open = catalogue.merchant(merchantId)?.openAmount?.goods
      const named = 'amount' in what ? (what.goods ?? open) : product?.name
      const bucket = bucketOf(merchantId + merchantOrderId)
      const checkout: Checkout = {
        id: ids.next(bucket, now),
        bucket,
        merchantId,
        client: client.id,
        test: client.test,
        product: product?.code ?? null,
        amount,
        goods: named ?? { zh: '商品', en: 'Goods' },
        merchantOrderId,
        returnUrl,
        createdAt: now,
        expiresAt: now + order.validMs,
        cancelledAt: null,
        paymentId: null,
        attempts: 0,
      }
      const content = [product?.code, amount.toString(), named, returnUrl]
      const contentHash = createHash('sha256').update(JSON.stringify(content)).digest('hex')
      const claim = { scope: `order:${merchantId}`, key: merchantOrderId, contentHash }
      const owner = await db.transact(async (tx) => {
        const owner = await claimOrderId(tx, { ...claim, subject: checkout.id }, now)
        if (owner.subject === checkout.id) await insertCheckout(tx, checkout)
        return owner
      })
      if (owner.subject === checkout.id) return accept(checkout)
      const earlier = await readCheckout(db, owner.subject)
      return earlier && owner.contentHash === contentHash
        ? accept(earlier)
        : refuse('exists_with_different_content')
    },

    /** The customer entered a number: the question goes to it, once, however often this is sent. */
    async enter(
      id: string,
      entered: {
        readonly msisdn: Msisdn
        readonly address: string
        readonly captcha: string | null
        /** From the page: the same on every retry of one click. */
        readonly key: string
      },
    ): Promise<Result<Checkout, EnterRefusal>> {
      const checkout = await readCheckout(db, id)
      if (!checkout || checkout.cancelledAt !== null || clock.now() > checkout.expiresAt)
        return refuse('not_allowed_now')
      const earlier = await paymentOf(checkout)
      if (earlier && !isOver(earlier)) return accept(checkout)
      const admitted = await admit(id, entered)
      if (!admitted.ok) return admitted
      const { msisdn } = entered
      const contentHash = createHash('sha256').update(msisdn).digest('hex')
      const placed = await payments.order({
        msisdn,
        merchantId: checkout.merchantId,
        what:
          checkout.product === null
            ? { amount: checkout.amount, goods: checkout.goods }
            : { product: checkout.product },
        channel: 'web',
        consent: 'reply',
        flow: 'charge',
        replyMs: Math.min(10 * 60_000, checkout.expiresAt - clock.now()),
        keys: [{ scope: `checkout:${id}`, key: entered.key, contentHash }],
        merchantOrderId: checkout.merchantOrderId,
        client: checkout.client,
      })
      const payment = placed.ok ? placed.value.payment : placed.payment
      if (!payment) return accept(admitted.value)
      return db.transact(async (tx) => {
        const locked = (await lockCheckout(tx, id)) ?? admitted.value
        const linked = { ...locked, paymentId: payment.id }
        saveCheckout(tx, linked)
        return accept(linked)
      })
    },

    async cancel(id: string): Promise<Result<Checkout, 'not_allowed_now'>> {
      const stopped = await this.stopPayment(id)
      if (!stopped.ok) return stopped
      return db.transact(async (tx) => {
        const checkout = await lockCheckout(tx, id)
        if (!checkout) return refuse('not_allowed_now')
        const cancelled = { ...checkout, cancelledAt: clock.now() }
        saveCheckout(tx, cancelled)
        return accept(cancelled)
      })
    },

    /** Takes the question back, so that another number can be entered. */
    async stopPayment(id: string): Promise<Result<Checkout, 'not_allowed_now'>> {
      const checkout = await readCheckout(db, id)
      if (!checkout || checkout.cancelledAt !== null) return refuse('not_allowed_now')
      const payment = await paymentOf(checkout)
      if (!payment || isOver(payment)) return accept(checkout)
      const step = { paymentId: payment.id, msisdn: payment.msisdn }
      const cancelled = await payments.cancel(step)
      return cancelled.ok ? accept(checkout) : refuse('not_allowed_now')
    },

    async remind(id: string): Promise<Result<Checkout, 'not_allowed_now'>> {
      const checkout = await readCheckout(db, id)
      const payment = checkout && (await paymentOf(checkout))
      if (!checkout || !payment) return refuse('not_allowed_now')
      if (clock.now() < (payment.promptedAt ?? 0) + resendAfterMs) return refuse('not_allowed_now')
      const step = { paymentId: payment.id, msisdn: payment.msisdn }
      const reminded = await payments.remind(step)
      return reminded.ok ? accept(checkout) : refuse('not_allowed_now')
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
        paymentId: checkout.paymentId,
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

export const resendAfterMs = 60_000

/** The number can be changed: nothing was and nothing will be charged for this payment. */
const isOver = (payment: Payment) =>
  ['refused', 'cancelled', 'expired', 'charge_failed', 'reversed'].includes(payment.state)

export type PageState =
  | 'enter'
  | 'waiting'
  | 'processing'
  | 'paid'
  | 'unknown'
  | 'declined'
  | 'expired'
  | 'cancelled'

export function stateOf(checkout: Checkout, payment: Payment | undefined, now: number): PageState {
  const open = checkout.cancelledAt === null && now <= checkout.expiresAt
  switch (payment?.state) {
    case 'awaiting_confirm':
      return now <= payment.deadlineAt ? 'waiting' : 'expired'
    case 'charging':
    case 'reserving':
    case 'reserved':
      return 'processing'
    case 'charge_unknown':
    case 'reversing':
      return 'unknown'
    case 'delivering':
    case 'delivery_unknown':
    case 'delivered':
    case 'delivery_failed':
    case 'refunded':
      return 'paid'
    case 'refused':
    case 'charge_failed':
    case 'reversed':
      return open ? 'declined' : 'expired'
    case 'cancelled':
      return checkout.cancelledAt !== null ? 'cancelled' : open ? 'enter' : 'expired'
    case 'expired':
      return 'expired'
    case undefined:
      if (checkout.cancelledAt !== null) return 'cancelled'
      return open ? 'enter' : 'expired'
  }
}
