/** Payments from the phone bill, by card and from the wallet: the front door. */
export {
  accessPrefix,
  cardNumber,
  cardService,
  destinationOf,
  platformService,
  serviceNumber,
  webService,
} from './access-code.ts'
export type { Listing } from './book.ts'
export type { CardRefusal, CardTerms, PayingCard } from './card.ts'
export type {
  Carrier,
  CarrierAnswer,
  CarrierRefusal,
  Charge,
  ChargeStatus,
  Funding,
  Line,
  RefundStatus,
} from './carrier.ts'
export { type CodePayer, codeDayOf } from './code-limit.ts'
export { createPayments, type PaymentsModule, type PaymentsOptions } from './create-payments.ts'
export type { Incoming, Reading } from './incoming.ts'
export { CarrierAway, createKnownNumbers } from './known-numbers.ts'
export type { Notice, Outgoing } from './notice.ts'
export { eventJobs, type TravellingEvent } from './outbox.ts'
export {
  type Channel,
  type Consent,
  type Flow,
  isPaid,
  isUndecided,
  type Language,
  type Name,
  next,
  type Payment,
  paidStates,
  type Refund,
  type RefundRefusal,
  type RefundState,
  type Refusal,
  type Source,
  type State,
  sources,
  unfinished,
} from './payment.ts'
export { findPayment } from './payment-reader.ts'
export type {
  AcceptedOrders,
  BusinessKey,
  Order,
  OrderResult,
  PaymentFilter,
  Payments,
  Placed,
  RefundOrder,
  StepRefusal,
} from './payments.ts'
export type {
  PayingPurse,
  Purse,
  PurseFacts,
  PurseNames,
  PurseRefusal,
  PurseRefused,
  Purses,
} from './purse.ts'
export { type AsOfBackup, asOfBackup, skipOrderNumbers } from './restore-store.ts'
export { openedNotice, type SecretText, secretText, textKey } from './secret-text.ts'
export { numberForMerchant } from './shown-number.ts'
export { textsUnder } from './text-store.ts'
export { walletsOfOpenSales } from './tie-store.ts'
export { day, graceMs, promptsMax, queryDelay, resendDelay, topics } from './topics.ts'
export { closedThrough, historyOf } from './trace-store.ts'
export { paymentInvariants } from './verify.ts'
export { createWaiting } from './waiting.ts'
export { isDecided, type Watch } from './watch.ts'
