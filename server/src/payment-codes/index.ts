/** The customer's payment codes: what a device makes them of, and taking them once. */
export type { Taken } from './alias.ts'
export {
  type CodeTools,
  createPaymentCodes,
  type PaymentCodes,
  type Pool,
  type Reading,
  type TakeRefusal,
} from './payment-codes.ts'
export { paymentCodeInvariants } from './verify.ts'
