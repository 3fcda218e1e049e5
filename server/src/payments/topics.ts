/** The work that payments leave behind, by topic, and when an unanswered carrier is asked again. */
export const topics = {
  /** A text to a customer; payload `Outgoing`. Handled by the SMS channel. */
  sms: 'sms.send',
  /** Something happened to a payment; payload `{type, paymentId, seq, at}`. Handled by notifiers. */
  event: 'payment.event',
  /** The next step at the carrier for a payment; payload `{msisdn}`. */
  drive: 'payment.drive',
  /** A reservation to give back; payload `{chargeId}`. */
  release: 'payment.release',
  /** A charge that came through after we had given it up: taken back until the carrier says so. */
  undo: 'payment.undo',
  /** The time to answer (or to confirm a reservation) is over; payload `{msisdn}`. */
  deadline: 'payment.deadline',
  /** Money on its way back; payload `{msisdn, paymentId}`; the subject is the refund. */
  refund: 'payment.refund',
  /** A purchase that earns points was paid, or money of it went back; payload `{msisdn}`. Handled by points. */
  points: 'payment.points',
  /** Goods nobody has spoken for; payload `{msisdn}`. */
  delivery: 'payment.delivery',
} as const

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
export const day = 24 * hour

/** Waits before the n-th question about an unknown charge: 5 s, 30 s, 2 min, 10 min, 1 h, hourly. */
export function queryDelay(attempt: number): number {
  const delays = [5 * second, 30 * second, 2 * minute, 10 * minute]
  return delays[attempt - 1] ?? hour
}

/** Waits before a call is sent again that surely never left: the carrier's door was closed. */
export function resendDelay(attempt: number): number {
  const delays = [second, 2 * second, 5 * second, 10 * second, 20 * second]
  return delays[attempt - 1] ?? 30 * second
}

/** While a purchase is this young, an unknown charge that the carrier never saw is sent again. */
export const wantedMs = 30 * minute
/** Texts wait in gateways: a reply that came in time may reach us this much after the deadline. */
export const graceMs = 5 * second
/** A question is repeated when the same order comes again within this time, at most twice. */
export const repeatMs = 120 * second
export const promptsMax = 3
export const pendingMax = 5
/** A confirmation number is not used again this soon after its purchase ended. */
export const slotRestMs = day
export const codeTriesMax = 3
