/** Bills and billers, as the app is shown them. */
import { z } from 'zod'
import {
  type Bill,
  type BillAccount,
  type BillerFacts,
  billerKinds,
  billerWords,
  refusalOf,
} from '../../billers/index.ts'
import { iso, isoOrNull, words } from './fields.ts'

export const billerView = z.object({
  code: z.string(),
  kind: z.enum(billerKinds),
  name: words,
  city: words,
  accountLabel: words.describe('What its customers call their number'),
  accountPattern: z.string().describe('A regular expression of all of it'),
})

export const viewOfBiller = (biller: BillerFacts): z.infer<typeof billerView> => {
  const { code, kind, name, city, account } = biller
  const { zh, en, pattern } = account
  return { code, kind, name, city, accountLabel: { zh, en }, accountPattern: pattern.source }
}

export const billView = z.object({
  id: z.string(),
  biller: z.string(),
  name: words,
  account: z.string(),
  holder: z.string().nullable().describe('Masked by the biller'),
  items: z.array(z.object({ period: z.string(), amount: z.string() })),
  due: z.string(),
  min: z.string().describe('Like `max` where nothing else may be paid'),
  max: z.string(),
  amount: z.string().nullable().describe('What was paid'),
  state: z.enum([
    'inquired',
    'lapsed',
    'writing_off',
    'write_off_unknown',
    'written_off',
    'refunding',
    'refunded',
  ]),
  reason: z.object({ code: z.string(), words }).nullable().describe('Why the money came back'),
  receiptNo: z.string().nullable(),
  validUntil: z.string(),
  paidAt: z.string().nullable(),
  endedAt: z.string().nullable(),
})

export function viewOfBill(bill: Bill): z.infer<typeof billView> {
  const { nameZh: zh, nameEn: en, accountNo: account, amount, reason } = bill
  return {
    ...{ id: bill.id, biller: bill.biller, name: { zh, en }, account, holder: bill.holder },
    items: [...bill.items],
    ...{ due: bill.due.toString(), min: bill.min.toString(), max: bill.max.toString() },
    amount: amount?.toString() ?? null,
    state: bill.state,
    reason: reason && reasonOf(reason),
    receiptNo: bill.receiptNo,
    validUntil: iso(bill.validUntil),
    ...{ paidAt: isoOrNull(bill.paidAt), endedAt: isoOrNull(bill.endedAt) },
  }
}

function reasonOf(reason: NonNullable<Bill['reason']>) {
  const { code, zh, en } = billerWords[refusalOf(reason)]
  return { code, words: { zh, en } }
}

export const accountView = z.object({
  id: z.string(),
  biller: z.string(),
  account: z.string(),
  label: z.string(),
  remindDay: z.number().nullable(),
})

export const viewOfAccount = (kept: BillAccount): z.infer<typeof accountView> => ({
  ...{ id: kept.id, biller: kept.biller, account: kept.accountNo },
  ...{ label: kept.label, remindDay: kept.remindDay },
})
