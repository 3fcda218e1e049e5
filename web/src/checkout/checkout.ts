// What the server tells the payer's page, whole each time. It holds nothing about the number but its mask.
import type { Fen } from '../fen.ts'
import type { Name } from '../names.ts'

export type CheckoutState =
  | 'enter'
  | 'waiting'
  | 'processing'
  | 'paid'
  | 'unknown'
  | 'declined'
  | 'expired'
  | 'cancelled'

/** Whose money pays. */
export type Source = 'phone_bill' | 'card' | 'wallet'

export type Checkout = {
  id: string
  merchant: { name: Name; site: string }
  goods: Name
  amount: Fen
  orderNo: string
  state: CheckoutState
  now: number
  expiresAt: number
  helpTel: string
  returnUrl?: string
  /** The limits of phone-bill payments, told before the number is asked; absent where the bill cannot pay. */
  limits?: { single: Fen; day: Fen; month: Fen }
  /** Those of payments by card; absent where no card can pay. */
  cardLimits?: { single: Fen; day: Fen }
  /** Those of payments from a wallet; absent where none can pay. */
  walletLimits?: { single: Fen; day: Fen }
  /** The order in the app, for whoever has a wallet. */
  appUrl?: string
  captcha?: { question: string }
  /** The number that was asked, masked: `138****8000`. */
  msisdn?: string
  /** Of a payment that has begun. */
  source?: Source
  /** The confirmation text: from which number, when, what, until when, and when it may be sent again. */
  from?: string
  text?: string
  sentAt?: number
  replyBy?: number
  resendAfter?: number
  paymentNo?: string
  paidAt?: number
  /** The latest moment at which an unknown outcome will be known. */
  answerBy?: number
}

/** What a person pays the carrier for one reply, beside the price. */
export const replyFee: Fen = '10'

/** What may be chosen to pay with, the usual one first. */
export function sourcesOf({ limits, cardLimits, walletLimits }: Checkout): Source[] {
  const offered: Source[] = []
  if (limits || (!cardLimits && !walletLimits)) offered.push('phone_bill')
  if (walletLimits) offered.push('wallet')
  if (cardLimits) offered.push('card')
  return offered
}

/** Of a payment that has begun; without a word of it the phone bill pays. */
export function sourceOf({ source }: Checkout): Source {
  return source ?? 'phone_bill'
}

export type Step = 'done' | 'current' | 'unknown' | 'ahead'

/** Number, reply, result: where the payment stands. */
export function stepsOf(state: CheckoutState): [Step, Step, Step] {
  switch (state) {
    case 'enter':
      return ['current', 'ahead', 'ahead']
    case 'waiting':
      return ['done', 'current', 'ahead']
    case 'processing':
      return ['done', 'done', 'current']
    case 'unknown':
      return ['done', 'done', 'unknown']
    case 'paid':
      return ['done', 'done', 'done']
    case 'declined':
    case 'expired':
    case 'cancelled':
      return ['ahead', 'ahead', 'current']
  }
}

/** Long figures are read and quoted in fours; anything else stays as it is. */
export function readableNo(paymentNo: string): string {
  return /^\d{9,}$/.test(paymentNo) ? paymentNo.replace(/(\d{4})(?=\d)/g, '$1 ') : paymentNo
}

/** `/pay/{id}`, also with a slash at the end; empty when the address names no payment. */
export function checkoutIdOf(pathname: string): string {
  return /^\/pay\/([\w-]{1,64})\/?$/.exec(pathname)?.[1] ?? ''
}

/** A merchant's address is followed only over HTTP: anything else would run in our page. */
export function safeReturnUrl(url: string | undefined): string | null {
  if (!url) return null
  return /^https?:\/\//i.test(url) || /^\/(?!\/)/.test(url) ? url : null
}
