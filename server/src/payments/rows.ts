/** How payments and refunds stand in their tables, column by column. */
import type { Column } from '../db/columns.ts'
import type { Payment, Refund } from './payment.ts'

/** A payment with what only the purchase itself needs to know of it. */
export type Versioned = Payment & {
  /** The count of its changes, which is also the number of its last event. */
  readonly version: number
  /** Its number in the list the customer was last sent: `Y2` means what was told as 2. */
  readonly pick: number | null
}

export const paymentColumns: readonly Column<Versioned>[] = [
  { name: 'bucket', kind: 'int2', fixed: true, of: (p) => p.bucket },
  { name: 'id', kind: 'uuid', fixed: true, of: (p) => p.id },
  { name: 'version', kind: 'int4', of: (p) => p.version },
  { name: 'order_no', kind: 'text', fixed: true, of: (p) => p.orderNo },
  { name: 'msisdn', kind: 'text', fixed: true, of: (p) => p.msisdn },
  { name: 'language', kind: 'text', fixed: true, of: (p) => p.language },
  { name: 'carrier', kind: 'text', fixed: true, of: (p) => p.carrier },
  { name: 'billing', kind: 'text', fixed: true, of: (p) => p.billing },
  { name: 'region', kind: 'text', fixed: true, of: (p) => p.region },
  { name: 'merchant_id', kind: 'text', fixed: true, of: (p) => p.merchantId },
  { name: 'product', kind: 'text', fixed: true, of: (p) => p.product },
  { name: 'product_version', kind: 'int4', fixed: true, of: (p) => p.productVersion },
  { name: 'goods_zh', kind: 'text', fixed: true, of: (p) => p.goods.zh },
  { name: 'goods_en', kind: 'text', fixed: true, of: (p) => p.goods.en },
  { name: 'account', kind: 'text', fixed: true, of: (p) => p.account },
  { name: 'delivery', kind: 'text', fixed: true, of: (p) => p.delivery },
  { name: 'amount', kind: 'int8', fixed: true, of: (p) => p.amount },
  { name: 'channel', kind: 'text', fixed: true, of: (p) => p.channel },
  { name: 'consent', kind: 'text', fixed: true, of: (p) => p.consent },
  { name: 'flow', kind: 'text', fixed: true, of: (p) => p.flow },
  { name: 'source', kind: 'text', fixed: true, of: (p) => p.source },
  { name: 'card', kind: 'jsonb', fixed: true, of: (p) => p.card },
  { name: 'wallet_id', kind: 'uuid', fixed: true, of: (p) => p.purse?.walletId ?? null },
  { name: 'code_proof', kind: 'text', fixed: true, of: (p) => p.codeProof },
  { name: 'state', kind: 'text', of: (p) => p.state },
  { name: 'reason', kind: 'text', of: (p) => p.reason },
  { name: 'sender', kind: 'text', fixed: true, of: (p) => p.sender },
  { name: 'prompts', kind: 'int4', of: (p) => p.prompts },
  { name: 'prompted_at', kind: 'int8', of: (p) => p.promptedAt },
  { name: 'code_hash', kind: 'text', of: (p) => p.codeHash },
  { name: 'code_tries', kind: 'int4', of: (p) => p.codeTries },
  { name: 'created_at', kind: 'int8', fixed: true, of: (p) => p.createdAt },
  { name: 'deadline_at', kind: 'int8', of: (p) => p.deadlineAt },
  { name: 'confirmed_at', kind: 'int8', of: (p) => p.confirmedAt },
  { name: 'charge_id', kind: 'text', of: (p) => p.chargeId },
  { name: 'carrier_ref', kind: 'text', of: (p) => p.carrierRef },
  { name: 'unknown_since', kind: 'int8', of: (p) => p.unknownSince },
  { name: 'business_date', kind: 'date', of: (p) => p.businessDate },
  { name: 'charged_at', kind: 'int8', of: (p) => p.chargedAt },
  { name: 'ended_at', kind: 'int8', of: (p) => p.endedAt },
  { name: 'refunded', kind: 'int8', of: (p) => p.refunded },
  { name: 'refunding', kind: 'int8', of: (p) => p.refunding },
  { name: 'merchant_order_id', kind: 'text', fixed: true, of: (p) => p.merchantOrderId },
  { name: 'client', kind: 'text', fixed: true, of: (p) => p.client },
  { name: 'details', kind: 'jsonb', fixed: true, of: (p) => p.details },
  { name: 'pick', kind: 'int2', of: (p) => p.pick },
]

export const refundColumns: readonly Column<Refund>[] = [
  { name: 'bucket', kind: 'int2', fixed: true, of: (r) => r.bucket },
  { name: 'id', kind: 'uuid', fixed: true, of: (r) => r.id },
  { name: 'payment_id', kind: 'uuid', fixed: true, of: (r) => r.paymentId },
  { name: 'msisdn', kind: 'text', fixed: true, of: (r) => r.msisdn },
  { name: 'merchant_id', kind: 'text', fixed: true, of: (r) => r.merchantId },
  { name: 'amount', kind: 'int8', fixed: true, of: (r) => r.amount },
  { name: 'state', kind: 'text', of: (r) => r.state },
  { name: 'reason', kind: 'text', fixed: true, of: (r) => r.reason },
  { name: 'merchant_refund_id', kind: 'text', fixed: true, of: (r) => r.merchantRefundId },
  { name: 'requested_at', kind: 'int8', fixed: true, of: (r) => r.requestedAt },
  { name: 'ended_at', kind: 'int8', of: (r) => r.endedAt },
  { name: 'business_date', kind: 'date', of: (r) => r.businessDate },
  { name: 'client', kind: 'text', fixed: true, of: (r) => r.client },
  { name: 'details', kind: 'jsonb', fixed: true, of: (r) => r.details },
]

export interface PaymentRow {
  readonly bucket: number
  readonly id: Versioned['id']
  readonly version: number
  readonly order_no: Versioned['orderNo']
  readonly msisdn: Versioned['msisdn']
  readonly language: Versioned['language']
  readonly carrier: Versioned['carrier']
  readonly billing: Versioned['billing']
  readonly region: Versioned['region']
  readonly merchant_id: Versioned['merchantId']
  readonly product: Versioned['product']
  readonly product_version: number
  readonly goods_zh: string
  readonly goods_en: string
  readonly account: Versioned['account']
  readonly delivery: Versioned['delivery']
  readonly amount: bigint
  readonly channel: Versioned['channel']
  readonly consent: Versioned['consent']
  readonly flow: Versioned['flow']
  readonly source: Versioned['source']
  readonly card: Versioned['card']
  readonly wallet_id: string | null
  readonly code_proof: Versioned['codeProof']
  readonly state: Versioned['state']
  readonly reason: Versioned['reason']
  readonly sender: Versioned['sender']
  readonly prompts: number
  readonly prompted_at: bigint | null
  readonly code_hash: Versioned['codeHash']
  readonly code_tries: number
  readonly created_at: bigint
  readonly deadline_at: bigint
  readonly confirmed_at: bigint | null
  readonly charge_id: Versioned['chargeId']
  readonly carrier_ref: Versioned['carrierRef']
  readonly unknown_since: bigint | null
  readonly business_date: Versioned['businessDate']
  readonly charged_at: bigint | null
  readonly ended_at: bigint | null
  readonly refunded: bigint
  readonly refunding: bigint
  readonly merchant_order_id: Versioned['merchantOrderId']
  readonly client: Versioned['client']
  readonly details: Versioned['details']
  readonly pick: Versioned['pick']
}

export const toPayment = (row: PaymentRow): Versioned => ({
  bucket: row.bucket,
  id: row.id,
  version: row.version,
  orderNo: row.order_no,
  msisdn: row.msisdn,
  language: row.language,
  carrier: row.carrier,
  billing: row.billing,
  region: row.region,
  merchantId: row.merchant_id,
  product: row.product,
  productVersion: row.product_version,
  goods: { zh: row.goods_zh, en: row.goods_en },
  account: row.account,
  delivery: row.delivery,
  amount: row.amount,
  channel: row.channel,
  consent: row.consent,
  flow: row.flow,
  source: row.source,
  card: row.card,
  purse: row.wallet_id === null ? null : { walletId: row.wallet_id },
  codeProof: row.code_proof,
  state: row.state,
  reason: row.reason,
  sender: row.sender,
  prompts: row.prompts,
  promptedAt: milliseconds(row.prompted_at),
  codeHash: row.code_hash,
  codeTries: row.code_tries,
  createdAt: Number(row.created_at),
  deadlineAt: Number(row.deadline_at),
  confirmedAt: milliseconds(row.confirmed_at),
  chargeId: row.charge_id,
  carrierRef: row.carrier_ref,
  unknownSince: milliseconds(row.unknown_since),
  businessDate: row.business_date,
  chargedAt: milliseconds(row.charged_at),
  endedAt: milliseconds(row.ended_at),
  refunded: row.refunded,
  refunding: row.refunding,
  merchantOrderId: row.merchant_order_id,
  client: row.client,
  details: row.details,
  pick: row.pick,
})

export interface RefundRow {
  readonly bucket: number
  readonly id: Refund['id']
  readonly payment_id: Refund['paymentId']
  readonly msisdn: Refund['msisdn']
  readonly merchant_id: Refund['merchantId']
  readonly amount: bigint
  readonly state: Refund['state']
  readonly reason: Refund['reason']
  readonly merchant_refund_id: Refund['merchantRefundId']
  readonly requested_at: bigint
  readonly ended_at: bigint | null
  readonly business_date: Refund['businessDate']
  readonly client: Refund['client']
  readonly details: Refund['details']
}

export const toRefund = (row: RefundRow): Refund => ({
  bucket: row.bucket,
  id: row.id,
  paymentId: row.payment_id,
  msisdn: row.msisdn,
  merchantId: row.merchant_id,
  amount: row.amount,
  state: row.state,
  reason: row.reason,
  merchantRefundId: row.merchant_refund_id,
  requestedAt: Number(row.requested_at),
  endedAt: milliseconds(row.ended_at),
  businessDate: row.business_date,
  client: row.client,
  details: row.details,
})

const milliseconds = (at: bigint | null) => (at === null ? null : Number(at))
