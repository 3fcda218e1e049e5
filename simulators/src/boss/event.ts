/**
 * What happened in the billing system. The journal is a list of these, and the book is what they
 * add up to, so a restart that reads the journal arrives at the same balances.
 */
import type { EventCodec } from '../journal.ts'
import type { ChargeContent, LineFacts } from './line.ts'

export type BossEvent = { readonly at: number } & (
  | { readonly type: 'line_opened'; readonly line: LineFacts }
  | {
      readonly type: 'line_changed'
      readonly msisdn: string
      readonly status: LineFacts['status']
      readonly balance: bigint
    }
  | {
      readonly type: 'reserved'
      readonly chargeId: string
      readonly carrierRef: string
      readonly charge: ChargeContent
    }
  /** Reserved and committed at once. */
  | {
      readonly type: 'charged'
      readonly chargeId: string
      readonly carrierRef: string
      readonly charge: ChargeContent
    }
  | { readonly type: 'committed'; readonly chargeId: string }
  | { readonly type: 'released'; readonly chargeId: string }
  | { readonly type: 'dropped'; readonly chargeId: string }
  | { readonly type: 'reversed'; readonly chargeId: string }
  | {
      readonly type: 'refunded'
      readonly chargeId: string
      readonly refundId: string
      readonly amount: bigint
    }
  | {
      readonly type: 'communicated'
      readonly msisdn: string
      readonly amount: bigint
      readonly count: number
    }
)

const types: Readonly<Record<BossEvent['type'], true>> = {
  line_opened: true,
  line_changed: true,
  reserved: true,
  charged: true,
  committed: true,
  released: true,
  dropped: true,
  reversed: true,
  refunded: true,
  communicated: true,
}

/** One line of the journal, without the line feed. Money is written as a string. */
const encodeEvent = (event: BossEvent): string =>
  JSON.stringify(event, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  )

/** Reads back what `encodeEvent` wrote; undefined when the text is no such line. */
function decodeEvent(text: string): BossEvent | undefined {
  try {
    const value: unknown = JSON.parse(text, (key, field: unknown) =>
      (key === 'amount' || key === 'balance') && typeof field === 'string' ? BigInt(field) : field,
    )
    if (typeof value !== 'object' || value === null || !('type' in value)) return undefined
    return Object.hasOwn(types, String(value.type)) ? (value as BossEvent) : undefined
  } catch {
    return undefined
  }
}

export const bossEvents: EventCodec<BossEvent> = { encode: encodeEvent, decode: decodeEvent }
