/**
 * What happened at the bank. The journal is a list of these, and the book is what they add up to, so a
 * restart that reads the journal arrives at the same balances and the same daily files.
 */
import type { EventCodec } from '../journal.ts'
import type { CardFacts } from './card.ts'
import type { TransactionFacts } from './transaction.ts'

export type BankEvent = { readonly at: number } & (
  | { readonly type: 'issued'; readonly card: CardFacts; readonly balance: bigint }
  | {
      readonly type: 'card_changed'
      readonly pan: string
      readonly change: Partial<Omit<CardFacts, 'pan' | 'account'>>
    }
  /** Cash over the bank's own counter; negative when it was taken out. */
  | { readonly type: 'cash_moved'; readonly account: string; readonly amount: bigint }
  | { readonly type: 'answered'; readonly transaction: TransactionFacts }
  /** A reversal came before its original, which is refused when it comes. */
  | { readonly type: 'reversed_early'; readonly original: string }
  /** What became of a credit that was only accepted. `day` is the business day of the decision. */
  | {
      readonly type: 'decided'
      readonly key: string
      readonly day: string
      readonly outcome: 'done' | 'refused'
    }
  | {
      readonly type: 'agreed'
      readonly pan: string
      readonly mobile: string
      readonly agreement: string
    }
  | { readonly type: 'agreement_ended'; readonly pan: string }
  /** A PIN was tried on `date`; a right one forgets the wrong ones. */
  | {
      readonly type: 'pin_tried'
      readonly pan: string
      readonly date: string
      readonly right: boolean
    }
)

const types: Readonly<Record<BankEvent['type'], true>> = {
  issued: true,
  card_changed: true,
  cash_moved: true,
  answered: true,
  reversed_early: true,
  decided: true,
  agreed: true,
  agreement_ended: true,
  pin_tried: true,
}

/** Members that hold money: strings in the file. */
const money = new Set(['amount', 'balance', 'fee', 'creditLimit', 'perTransaction', 'perDay'])

export const bankEvents: EventCodec<BankEvent> = {
  encode: (event) =>
    JSON.stringify(event, (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    ),
  decode(line) {
    try {
      const value: unknown = JSON.parse(line, (key, field: unknown) =>
        money.has(key) && typeof field === 'string' ? BigInt(field) : field,
      )
      if (typeof value !== 'object' || value === null || !('type' in value)) return undefined
      return Object.hasOwn(types, String(value.type)) ? (value as BankEvent) : undefined
    } catch {
      return undefined
    }
  },
}
