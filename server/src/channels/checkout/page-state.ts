/** What the payment page shows, from the checkout and its payment alone. */
import type { Payment } from '../../payments/index.ts'
import type { Checkout } from './checkout-store.ts'

export type PageState =
  | 'enter'
  | 'waiting'
  | 'processing'
  | 'paid'
  | 'unknown'
  | 'declined'
  | 'expired'
  | 'cancelled'

/** A question past its time stays `waiting` until the payment says so: a reply may be on its way. */
export function stateOf(
  { cancelledAt, expiresAt }: Pick<Checkout, 'cancelledAt' | 'expiresAt'>,
  payment: Payment | undefined,
  now: number,
): PageState {
  const open = cancelledAt === null && now <= expiresAt
  const ended = cancelledAt === null ? 'expired' : 'cancelled'
  switch (payment?.state) {
    case 'awaiting_confirm':
      return 'waiting'
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
      return open ? 'declined' : ended
    case 'cancelled':
      return 'cancelled'
    case 'expired':
      return ended
    case undefined:
      return open ? 'enter' : ended
  }
}

/**
 * What the customer reads of it. A no that came after the page's time is told as a no: a reply had come, and
 * `expired` would say that there was none.
 */
export const shownState = (state: PageState, payment: Payment | undefined): PageState =>
  state === 'expired' && (payment?.state === 'charge_failed' || payment?.state === 'reversed')
    ? 'declined'
    : state

/** Another number may be entered: nothing was and nothing will be charged so far. */
export const takesNumber = (state: PageState): boolean => state === 'enter' || state === 'declined'
