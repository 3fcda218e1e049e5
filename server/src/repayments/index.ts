/** Bills and their repayment: the front door. */
export type { AutoAmount } from './auto-repayment.ts'
export { type AutoNotice, createAutoRepayments } from './auto-repayments.ts'
export { createRepayments, type Repayments } from './repayments.ts'
