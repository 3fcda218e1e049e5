/** What a merchant orders a page for, and the purchase that each number entered on it stands for. */
import { createHash } from 'node:crypto'
import type { Database } from '../../db/index.ts'
import {
  type Amount,
  accept,
  bucketOf,
  type Clock,
  type Ids,
  type Msisdn,
  type Result,
  refuse,
} from '../../kernel/index.ts'
import type { ApiClient, Catalogue } from '../../merchants/index.ts'
import type { CardTerms, Name, Order } from '../../payments/index.ts'
import {
  type Checkout,
  claimOrderId,
  insertCheckout,
  readCheckout,
  subjectOf,
} from './checkout-store.ts'
import { type SourceTools, sourcesFor } from './sources.ts'

export interface CheckoutOrder {
  readonly client: ApiClient
  readonly what: Order['what']
  readonly merchantOrderId: string
  readonly returnUrl: string | null
  readonly validMs: number
}

export interface OrderTools extends SourceTools {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly catalogue: Catalogue
}

type OfferRefusal =
  | 'merchant_off'
  | 'goods_unknown'
  | 'goods_off'
  | 'amount_too_small'
  | 'over_single_limit'
export type CheckoutOrderRefusal = OfferRefusal | 'exists_with_different_content'
type Created = Result<Checkout, CheckoutOrderRefusal>

/** A payment page for an order of the merchant's. The same order again is the same page. */
export async function createCheckout(tools: OrderTools, order: CheckoutOrder): Promise<Created> {
  const { db, clock, ids } = tools
  const { client, merchantOrderId, returnUrl } = order
  const contentHash = hashOf(order)
  const claim = { ...orderKey(client.merchantId, merchantOrderId), contentHash }
  const answerOf = async (subject: string, itsHash: string): Promise<Created> => {
    const earlier = itsHash === contentHash ? await readCheckout(db, subject) : undefined
    return earlier ? accept(earlier) : refuse('exists_with_different_content')
  }
  const known = await subjectOf(db, claim)
  if (known) return answerOf(known.subject, known.contentHash)
  const offer = offerOf(tools, order)
  if (!offer.ok) return offer
  const now = clock.now()
  const bucket = bucketOf(client.merchantId + merchantOrderId)
  const checkout: Checkout = {
    ...offer.value,
    id: ids.next(bucket, now),
    bucket,
    merchantId: client.merchantId,
    client: client.id,
    test: client.test,
    merchantOrderId,
    returnUrl,
    createdAt: now,
    expiresAt: now + order.validMs,
    cancelledAt: null,
    paymentId: null,
    attempts: 0,
  }
  const owner = await db.transact(async (tx) => {
    const owner = await claimOrderId(tx, { ...claim, subject: checkout.id }, now)
    if (owner.subject === checkout.id) await insertCheckout(tx, checkout)
    return owner
  })
  return owner.subject === checkout.id
    ? accept(checkout)
    : answerOf(owner.subject, owner.contentHash)
}

/** Of what was asked, not of what it cost then: a new price makes no other request of the same. */
function hashOf({ what, returnUrl, validMs }: CheckoutOrder): string {
  const wanted =
    'product' in what ? [what.product] : [null, what.amount.toString(), what.goods ?? null]
  return createHash('sha256')
    .update(JSON.stringify([...wanted, returnUrl, validMs]))
    .digest('hex')
}

interface Offer {
  readonly product: string | null
  readonly goods: Name
  readonly amount: Amount
}

/** What no number could pay for gets no page. */
function offerOf(tools: OrderTools, { client, what }: CheckoutOrder): Result<Offer, OfferRefusal> {
  const { catalogue } = tools
  const merchant = catalogue.merchant(client.merchantId)
  if (!merchant || !isSold(merchant.status)) return refuse('merchant_off')
  const offer = 'product' in what ? productOffer(tools, client.merchantId, what.product) : undefined
  if (offer && !offer.ok) return offer
  const open = merchant.openAmount?.goods ?? { zh: '商品', en: 'Goods' }
  const value =
    'amount' in what
      ? { product: null, goods: what.goods ?? open, amount: what.amount }
      : offer?.value
  if (!value) return refuse('goods_unknown')
  if (value.amount < tools.policy().amountMin) return refuse('amount_too_small')
  const isPayable = Object.keys(sourcesFor(value.amount, tools)).length > 0
  return isPayable ? accept(value) : refuse('over_single_limit')
}

function productOffer(
  { catalogue, clock }: OrderTools,
  merchantId: string,
  code: string,
): Result<Offer, 'goods_unknown' | 'goods_off'> {
  const product = catalogue.product(merchantId, code)
  if (!product) return refuse('goods_unknown')
  const { status, validFrom, validTo } = product
  const now = clock.now()
  const inTime = (validFrom === null || now >= validFrom) && (validTo === null || now < validTo)
  if (!isSold(status) || !inTime) return refuse('goods_off')
  return accept({ product: product.code, goods: product.name, amount: product.price })
}

const isSold = (status: string) => status === 'on' || status === 'test'

/** The merchant's order number, among all it orders in whatever way. */
export const orderKey = (merchantId: string, merchantOrderId: string) => ({
  scope: `order:${merchantId}`,
  key: merchantOrderId,
})

/** Names the purchase of the page's present attempt, so that it can be made only once. */
export const attemptKey = ({ id, attempts }: Checkout) => ({
  scope: `checkout:${id}`,
  key: String(attempts),
})

/** Who is to pay with the present attempt: `card` as in the order of a payment. */
export interface Payer {
  readonly msisdn: Msisdn
  readonly card?: CardTerms | null
  readonly source?: 'wallet'
}

/** The purchase that the present attempt stands for. */
export const purchaseOf = (checkout: Checkout, payer: Payer): Order => ({
  ...payer,
  merchantId: checkout.merchantId,
  what:
    checkout.product === null
      ? { amount: checkout.amount, goods: checkout.goods }
      : { product: checkout.product },
  channel: 'web',
  consent: meansOf(payer) === '' ? 'reply' : 'pin',
  flow: 'charge',
  keys: [
    {
      ...attemptKey(checkout),
      contentHash: contentHashOf(payer),
    },
  ],
  merchantOrderId: checkout.merchantOrderId,
  client: checkout.client,
})

/** Of what was entered, not of what the card may pay at the moment. */
const contentHashOf = (payer: Payer) =>
  createHash('sha256')
    .update(payer.msisdn + meansOf(payer))
    .digest('hex')

/** Beside the phone bill. */
const meansOf = ({ card, source }: Payer): string => {
  if (source !== undefined) return `|${source}`
  return card === undefined ? '' : '|card'
}
