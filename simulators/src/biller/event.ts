/**
 * What happened at the billers. The journal is a list of these, and the book is what they add up to, so a restart
 * that reads the journal arrives at the same bills.
 */
import type { EventCodec } from '../journal.ts'
import type { BillItem } from './contract.ts'

export type BillerEvent = { readonly at: number; readonly biller: string } & (
  | { readonly type: 'billed'; readonly accountNo: string; readonly item: BillItem }
  | {
      readonly type: 'paid'
      readonly paymentNo: string
      readonly accountNo: string
      readonly billNo: string
      readonly amount: bigint
      readonly receiptNo: string
      readonly date: string
    }
  /** Of a payment that never came, too: then it cannot come any more. */
  | { readonly type: 'reversed'; readonly paymentNo: string }
)

const types: Readonly<Record<BillerEvent['type'], true>> = {
  billed: true,
  paid: true,
  reversed: true,
}

export const billerEvents: EventCodec<BillerEvent> = {
  encode: (event) =>
    JSON.stringify(event, (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    ),
  decode(text) {
    try {
      const value: unknown = JSON.parse(text, (key, field: unknown) =>
        key === 'amount' && typeof field === 'string' ? BigInt(field) : field,
      )
      if (typeof value !== 'object' || value === null || !('type' in value)) return undefined
      return Object.hasOwn(types, String(value.type)) ? (value as BillerEvent) : undefined
    } catch {
      return undefined
    }
  },
}
