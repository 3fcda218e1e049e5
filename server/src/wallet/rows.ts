/** How wallets and movements stand in their tables, column by column. */
import type { Column } from '../db/columns.ts'
import type { Account } from './account.ts'
import type { Movement } from './movement.ts'

/** The count of its changes, which is also the number of its last event. */
interface Counted {
  readonly version: number
}

export type KeptAccount = Account & Counted
/** With what only the way to the bank needs to know. */
export type KeptMovement = Movement &
  Counted & { readonly sealedPin: string | null; readonly sealedPayee: string | null }

export const accountColumns: readonly Column<KeptAccount>[] = [
  { name: 'bucket', kind: 'int2', fixed: true, of: (a) => a.bucket },
  { name: 'id', kind: 'uuid', fixed: true, of: (a) => a.id },
  { name: 'version', kind: 'int4', of: (a) => a.version },
  { name: 'msisdn', kind: 'text', fixed: true, of: (a) => a.msisdn },
  { name: 'identity_id', kind: 'uuid', fixed: true, of: (a) => a.identityId },
  { name: 'class', kind: 'text', of: (a) => a.class },
  { name: 'state', kind: 'text', of: (a) => a.state },
  { name: 'frozen', kind: 'text', of: (a) => a.frozen },
  { name: 'opened_at', kind: 'int8', fixed: true, of: (a) => a.openedAt },
  { name: 'closed_at', kind: 'int8', of: (a) => a.closedAt },
  { name: 'released_at', kind: 'int8', of: (a) => a.releasedAt },
]

export const movementColumns: readonly Column<KeptMovement>[] = [
  { name: 'bucket', kind: 'int2', fixed: true, of: (m) => m.bucket },
  { name: 'id', kind: 'uuid', fixed: true, of: (m) => m.id },
  { name: 'version', kind: 'int4', of: (m) => m.version },
  { name: 'wallet_id', kind: 'uuid', fixed: true, of: (m) => m.walletId },
  { name: 'msisdn', kind: 'text', fixed: true, of: (m) => m.msisdn },
  { name: 'kind', kind: 'text', fixed: true, of: (m) => m.kind },
  { name: 'amount', kind: 'int8', fixed: true, of: (m) => m.amount },
  { name: 'fee', kind: 'int8', fixed: true, of: (m) => m.fee },
  { name: 'speed', kind: 'text', fixed: true, of: (m) => m.speed },
  { name: 'bank', kind: 'text', fixed: true, of: (m) => m.bank },
  { name: 'card_id', kind: 'uuid', fixed: true, of: (m) => m.cardId },
  { name: 'card_token', kind: 'uuid', fixed: true, of: (m) => m.cardToken },
  { name: 'last4', kind: 'text', fixed: true, of: (m) => m.last4 },
  { name: 'payee', kind: 'text', fixed: true, of: (m) => m.payee },
  { name: 'billed_on', kind: 'date', fixed: true, of: (m) => m.billedOn },
  { name: 'linked_id', kind: 'uuid', fixed: true, of: (m) => m.linkedId },
  { name: 'till', kind: 'text', fixed: true, of: (m) => m.till },
  { name: 'channel', kind: 'text', fixed: true, of: (m) => m.channel },
  { name: 'key', kind: 'text', fixed: true, of: (m) => m.key },
  { name: 'state', kind: 'text', of: (m) => m.state },
  { name: 'reason', kind: 'text', of: (m) => m.reason },
  { name: 'bank_code', kind: 'text', of: (m) => m.bankCode },
  { name: 'sealed_pin', kind: 'text', of: (m) => m.sealedPin },
  { name: 'sealed_payee', kind: 'text', of: (m) => m.sealedPayee },
  { name: 'requested_at', kind: 'int8', fixed: true, of: (m) => m.requestedAt },
  { name: 'send_at', kind: 'int8', fixed: true, of: (m) => m.sendAt },
  { name: 'unknown_since', kind: 'int8', of: (m) => m.unknownSince },
  { name: 'ended_at', kind: 'int8', of: (m) => m.endedAt },
  { name: 'business_date', kind: 'date', of: (m) => m.businessDate },
]

export interface AccountRow {
  readonly bucket: number
  readonly id: string
  readonly version: number
  readonly msisdn: string
  readonly identity_id: string
  readonly class: Account['class']
  readonly state: Account['state']
  readonly frozen: Account['frozen']
  readonly opened_at: bigint
  readonly closed_at: bigint | null
  readonly released_at: bigint | null
}

export const toAccount = (row: AccountRow): KeptAccount => ({
  bucket: row.bucket,
  id: row.id,
  version: row.version,
  msisdn: row.msisdn,
  identityId: row.identity_id,
  class: row.class,
  state: row.state,
  frozen: row.frozen,
  openedAt: Number(row.opened_at),
  closedAt: milliseconds(row.closed_at),
  releasedAt: milliseconds(row.released_at),
})

export interface MovementRow {
  readonly bucket: number
  readonly id: string
  readonly version: number
  readonly wallet_id: string
  readonly msisdn: string
  readonly kind: Movement['kind']
  readonly amount: bigint
  readonly fee: bigint
  readonly speed: Movement['speed']
  readonly bank: string | null
  readonly card_id: string | null
  readonly card_token: string | null
  readonly last4: string | null
  readonly payee: string | null
  readonly billed_on: string | null
  readonly linked_id: string | null
  readonly till: string | null
  readonly channel: Movement['channel']
  readonly key: string
  readonly state: Movement['state']
  readonly reason: Movement['reason']
  readonly bank_code: string | null
  readonly sealed_pin: string | null
  readonly sealed_payee: string | null
  readonly requested_at: bigint
  readonly send_at: bigint | null
  readonly unknown_since: bigint | null
  readonly ended_at: bigint | null
  readonly business_date: string | null
}

export const toMovement = (row: MovementRow): KeptMovement => ({
  bucket: row.bucket,
  id: row.id,
  version: row.version,
  walletId: row.wallet_id,
  msisdn: row.msisdn,
  kind: row.kind,
  amount: row.amount,
  fee: row.fee,
  speed: row.speed,
  bank: row.bank,
  cardId: row.card_id,
  cardToken: row.card_token,
  last4: row.last4,
  payee: row.payee,
  billedOn: row.billed_on,
  linkedId: row.linked_id,
  till: row.till,
  channel: row.channel,
  key: row.key,
  state: row.state,
  reason: row.reason,
  bankCode: row.bank_code,
  sealedPin: row.sealed_pin,
  sealedPayee: row.sealed_payee,
  requestedAt: Number(row.requested_at),
  sendAt: milliseconds(row.send_at),
  unknownSince: milliseconds(row.unknown_since),
  endedAt: milliseconds(row.ended_at),
  businessDate: row.business_date,
})

const milliseconds = (at: bigint | null) => (at === null ? null : Number(at))
