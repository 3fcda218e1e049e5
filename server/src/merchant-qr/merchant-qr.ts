/**
 * The code that a merchant shows and a customer reads: EMVCo's merchant-presented mode with a template of our own, or
 * the address of a payment page.
 *
 *     26  00 whose it is: the name of this server, turned round (example.pay), or `telepurse` where it has none
 *         01 merchant number
 *         02 of an order: its payment page
 *     54  the amount of an order; without it the customer is asked
 *
 * What a code says of name and amount is for other readers. Ours goes by merchant number and page, and by nothing
 * else that a sticker may say.
 */
import { makeMerchantCode, objectIn, readMerchantCode, writeAmount } from '@telepurse/emv-qr'
import { type Amount, accept, assert, bucketOfId, type Result, refuse } from '../kernel/index.ts'
import type { Merchant } from '../merchants/index.ts'

export interface ShownOrder {
  /** The page that the order has. */
  readonly orderId: string
  readonly amount: Amount
}

export type Reading =
  | { readonly kind: 'order'; readonly orderId: string }
  | { readonly kind: 'merchant'; readonly merchantId: string }

export type ReadRefusal = 'not_a_code' | 'not_ours'

const account = '26'
const renminbi = '156'
/** EMV QRCPS: at most 25 characters of a name, all of them ASCII. */
const nameMax = 25

/** Among those of all others who make such codes: 32 characters at most. */
export function identifierOf(origin: string): string {
  const { hostname } = new URL(origin)
  const isName = /^[a-z][a-z\d.-]*\.[a-z]+$/i.test(hostname) && hostname.length <= 32
  return isName ? hostname.split('.').toReversed().join('.') : 'telepurse'
}

/** Of any amount without an order. */
export function merchantCode(origin: string, { id, name }: Merchant, order?: ShownOrder): string {
  const made = makeMerchantCode({
    initiation: order ? 'dynamic' : 'static',
    accounts: [
      {
        id: account,
        objects: [
          { id: '00', value: identifierOf(origin) },
          { id: '01', value: id },
          ...(order ? [{ id: '02', value: order.orderId }] : []),
        ],
      },
    ],
    categoryCode: '0000',
    currency: renminbi,
    ...(order && { amount: written(order.amount) }),
    country: 'CN',
    name: asciiName(name.en) || id,
    city: 'CHINA',
    localName: { language: 'zh', name: [...name.zh].slice(0, nameMax).join('') },
  })
  assert(made.ok, `a code can be made: ${made.ok ? '' : made.refusal.code}`)
  return made.value
}

function written(amount: Amount): string {
  const text = writeAmount(amount, renminbi)
  assert(text.ok, 'what a page may cost can be written')
  return text.value
}

const asciiName = (name: string) =>
  name
    .replace(/[^\x20-\x7e]/g, '')
    .trim()
    .slice(0, nameMax)
    .trim()

/** What a camera has read. Only what this server has made, or could have, says anything. */
export function readCode(origin: string, text: string): Result<Reading, ReadRefusal> {
  const page = pageIn(origin, text)
  if (page !== undefined) return accept({ kind: 'order', orderId: page })
  const read = readMerchantCode(text)
  if (!read.ok) return refuse('not_a_code')
  const { code } = read.value
  const ours = code.accounts.find(
    (one) => 'objects' in one && objectIn(one.objects, '00') === identifierOf(origin),
  )
  if (!ours || !('objects' in ours)) return refuse('not_ours')
  const orderId = objectIn(ours.objects, '02')
  if (orderId !== undefined && bucketOfId(orderId) !== undefined)
    return accept({ kind: 'order', orderId })
  const merchantId = objectIn(ours.objects, '01')
  return merchantId !== undefined && /^\d{4}$/.test(merchantId) && orderId === undefined
    ? accept({ kind: 'merchant', merchantId })
    : refuse('not_ours')
}

/** Of the address of a payment page of this server. */
function pageIn(origin: string, text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const [, id = ''] = /^\/pay\/([\da-f-]{36})$/.exec(url.pathname) ?? []
  return url.origin === new URL(origin).origin && bucketOfId(id) !== undefined ? id : undefined
}
