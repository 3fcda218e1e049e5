/** How bills and kept accounts stand in their tables, field by field. */
import type { Field } from '../db/fields.ts'
import type { BillAccount } from './account.ts'
import type { Bill } from './bill.ts'

/** With the count of its changes, which is also the number of its last event. */
export type KeptBill = Bill & { readonly version: number }

export const billFields: readonly Field<KeptBill>[] = [
  ['bucket', 'int2', 'fixed'],
  ['id', 'uuid', 'fixed'],
  ['version', 'int4'],
  ['walletId', 'uuid', 'fixed'],
  ['msisdn', 'text', 'fixed'],
  ['key', 'text'],
  ['state', 'text'],
  ['biller', 'text', 'fixed'],
  ['nameZh', 'text', 'fixed'],
  ['nameEn', 'text', 'fixed'],
  ['accountNo', 'text', 'fixed'],
  ['holder', 'text', 'fixed'],
  ['billNo', 'text', 'fixed'],
  ['items', 'json', 'fixed'],
  ['due', 'amount', 'fixed'],
  ['min', 'amount', 'fixed'],
  ['max', 'amount', 'fixed'],
  ['amount', 'amount'],
  ['channel', 'text'],
  ['unsent', 'int4'],
  ['reason', 'text'],
  ['receiptNo', 'text'],
  ['billerDate', 'date'],
  // Written by the day that pays it over, and by nothing else.
  ['paidOverOn', 'date', 'fixed'],
  ['inquiredAt', 'time', 'fixed'],
  ['validUntil', 'time', 'fixed'],
  ['paidAt', 'time'],
  ['unknownSince', 'time'],
  ['endedAt', 'time'],
  ['businessDate', 'date'],
]

export const accountFields: readonly Field<BillAccount>[] = [
  ['bucket', 'int2', 'fixed'],
  ['id', 'uuid', 'fixed'],
  ['walletId', 'uuid', 'fixed'],
  ['msisdn', 'text', 'fixed'],
  ['biller', 'text', 'fixed'],
  ['accountNo', 'text', 'fixed'],
  ['label', 'text'],
  ['remindDay', 'int4'],
  ['keptAt', 'time', 'fixed'],
]
