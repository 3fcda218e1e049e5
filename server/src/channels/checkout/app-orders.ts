/**
 * Orders of payment pages that a customer takes on in the app, where the question stands instead of in a text.
 * Whoever was asked before is asked no more. Nothing is paid by taking an order on: the yes comes after it has
 * become the page's payment, so that of two customers one pays.
 */
import { accept, createTurns, type Msisdn, type Result, refuse } from '../../kernel/index.ts'
import type { BusinessKey, CardTerms, Order, OrderResult, Payment } from '../../payments/index.ts'
import type { CodeProof } from '../../risk/index.ts'
import { attemptKey } from './checkout-order.ts'
import { type Checkout, lockCheckout, readCheckout, saveCheckout } from './checkout-store.ts'
import type { CheckoutOptions, Checkouts } from './checkouts.ts'
import { stateOf, takesNumber } from './page-state.ts'

export interface AppPayer {
  readonly msisdn: Msisdn
  readonly source: 'wallet' | 'card' | 'phone_bill'
  readonly card: CardTerms | null
  /** How the customer has agreed. */
  readonly codeProof: CodeProof
  /** The app's own, with the hash of all that it has sent. */
  readonly key: BusinessKey
}

export type TakeOnRefusal = 'order_over' | Extract<OrderResult, { ok: false }>

export type AppOrders = ReturnType<typeof createAppOrders>

interface Tools extends Pick<CheckoutOptions, 'db' | 'clock' | 'payments'> {
  readonly checkouts: Pick<Checkouts, 'get' | 'paymentOf'>
}

/** Whoever takes an order on at its last moment still gets this long. */
const answerMinMs = 60_000

export function createAppOrders({ db, clock, payments, checkouts }: Tools) {
  const inTurn = createTurns()

  const isOpen = (checkout: Checkout, payment: Payment | undefined): boolean => {
    const state = stateOf(checkout, payment, clock.now())
    return takesNumber(state) || state === 'waiting'
  }
  /** The next attempt of the page, if nobody else has begun one since it was read. */
  const admit = ({ id, attempts }: Checkout) =>
    change(id, (now) =>
      now.attempts === attempts && now.cancelledAt === null
        ? { attempts: attempts + 1, paymentId: null }
        : null,
    )
  const link = ({ id, attempts }: Checkout, payment: Payment) =>
    change(id, (now) =>
      now.attempts === attempts && now.cancelledAt === null ? { paymentId: payment.id } : null,
    )
  const change = (id: string, decide: (now: Checkout) => Partial<Checkout> | null) =>
    db.transact(async (tx) => {
      const now = await lockCheckout(tx, id)
      const patch = now && decide(now)
      if (!now || !patch) return undefined
      const changed = { ...now, ...patch }
      saveCheckout(tx, changed)
      return changed
    })
  const withdraw = ({ id: paymentId, msisdn }: Payment) => payments.cancel({ paymentId, msisdn })

  async function takeOn(id: string, payer: AppPayer): Promise<Result<Payment, TakeOnRefusal>> {
    // The same tap again, whose first one has come this far.
    const earlier = await payments.keyed(payer.key)
    if (earlier) return accept(earlier)
    const checkout = await readCheckout(db, id)
    if (!checkout) return refuse('order_over')
    // Read once: between two looks it may have been paid, and would then be neither asked about nor over.
    const before = await checkouts.paymentOf(checkout)
    if (!isOpen(checkout, before)) return refuse('order_over')
    const isAsked = before?.state === 'awaiting_confirm'
    if (isAsked && !(await withdraw(before)).ok) return refuse('order_over')
    const admitted = await admit(checkout)
    if (!admitted) return refuse('order_over')
    const replyMs = Math.max(answerMinMs, checkout.expiresAt - clock.now())
    const placed = await payments.order({ ...purchaseOf(admitted, payer), replyMs })
    const payment = placed.ok ? placed.value.payment : placed.payment
    const linked = payment && (await link(admitted, payment))
    if (!placed.ok) return { ok: false, refusal: placed }
    if (linked) return accept(placed.value.payment)
    await withdraw(placed.value.payment)
    return refuse('order_over')
  }

  return {
    /** Undefined when it is none, or over. */
    async get(id: string): Promise<Checkout | undefined> {
      const checkout = await checkouts.get(id)
      return checkout && isOpen(checkout, await checkouts.paymentOf(checkout))
        ? checkout
        : undefined
    },
    takeOn: (id: string, payer: AppPayer) => inTurn(id, () => takeOn(id, payer)),
  }
}

const purchaseOf = (
  checkout: Checkout,
  { msisdn, source, card, codeProof, key }: AppPayer,
): Order => ({
  ...{ msisdn, merchantId: checkout.merchantId, channel: 'web', consent: 'app', flow: 'charge' },
  what:
    checkout.product === null
      ? { amount: checkout.amount, goods: checkout.goods }
      : { product: checkout.product },
  ...(source === 'wallet' && { source }),
  ...(source === 'card' && { card }),
  codeProof,
  keys: [key, { ...attemptKey(checkout), contentHash: key.contentHash }],
  merchantOrderId: checkout.merchantOrderId,
  client: checkout.client,
})
