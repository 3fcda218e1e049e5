/** The operations of both contracts: where they are and what they need. */
import type { Contract } from './contract.ts'

export interface Operation {
  readonly contract: Contract
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly scope: string
}

const payments = (method: 'GET' | 'POST', path: string, scope: string): Operation => ({
  contract: 'payments',
  method,
  path,
  scope: `carrier-billing:payments:${scope}`,
})
const refunds = (method: 'GET' | 'POST', path: string, scope: string): Operation => ({
  contract: 'refunds',
  method,
  path,
  scope: `carrier-billing-refund:refunds:${scope}`,
})

export const operations = {
  createPayment: payments('POST', '/payments', 'create'),
  preparePayment: payments('POST', '/payments/prepare', 'create'),
  validatePayment: payments('POST', '/payments/{paymentId}/validate', 'write'),
  confirmPayment: payments('POST', '/payments/{paymentId}/confirm', 'write'),
  cancelPayment: payments('POST', '/payments/{paymentId}/cancel', 'write'),
  retrievePayment: payments('GET', '/payments/{paymentId}', 'read'),
  retrievePayments: payments('GET', '/payments', 'read'),
  createRefund: refunds('POST', '/payments/{paymentId}/refunds', 'create'),
  retrieveRefund: refunds('GET', '/payments/{paymentId}/refunds/{refundId}', 'read'),
  retrieveRefunds: refunds('GET', '/payments/{paymentId}/refunds', 'read'),
  retrievePaymentRemainingAmount: refunds(
    'GET',
    '/payments/{paymentId}/refunds/remaining-amount',
    'read',
  ),
} as const satisfies Record<string, Operation>

export type OperationId = keyof typeof operations

export const prefixes: Record<Contract, string> = {
  payments: '/carrier-billing/v0.5',
  refunds: '/carrier-billing-refund/v0.3',
}
