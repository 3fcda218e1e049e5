/** Things of the hall as the app is shown them. */
import type { z } from 'zod'
import { masked } from '../../kernel/index.ts'
import {
  type Act,
  type Approval,
  isExpired,
  type Person,
  type TillView,
  totalOf,
  type Voucher,
} from '../../staff/index.ts'
import { viewOfPerson } from '../staff-door/index.ts'
import { iso, isoOrNull } from './fields.ts'
import type { BankName, BoundCard, CardBill, WordDetail } from './ports.ts'
import type { actView, approvalView, cardView, tillView, voucherView } from './schemas.ts'
import { type WordSources, wordsOf } from './words.ts'

export const viewOfTill = (till: TillView, person: Person): z.infer<typeof tillView> => ({
  ...{ id: till.id, desk: till.desk, person: viewOfPerson(person) },
  state: till.closedAt === null ? 'open' : 'closed',
  openedAt: iso(till.openedAt),
  closedAt: isoOrNull(till.closedAt),
  float: totalOf(till.floatCounts).toString(),
  balance: till.balance.toString(),
  held: till.held.toString(),
  cashIn: till.cashIn.toString(),
  cashOut: till.cashOut.toString(),
  entries: till.entries,
  counted: till.counted?.toString() ?? null,
  difference: till.difference?.toString() ?? null,
  reason: till.reason,
  banked: till.banking && { amount: till.banking.amount.toString(), slip: till.banking.slip },
})

export const viewOfApproval = (
  approval: Approval,
  given: { readonly now: number; readonly named: (id: string) => Person },
): z.infer<typeof approvalView> => ({
  ...{ id: approval.id, kind: approval.kind, shown: { ...approval.shown } },
  state: isExpired(approval, given.now) ? 'expired' : approval.state,
  reason: approval.reason,
  askedBy: viewOfPerson(given.named(approval.askedBy)),
  askedAt: iso(approval.askedAt),
  expiresAt: iso(approval.expiresAt),
  decidedBy: approval.decidedBy === null ? null : viewOfPerson(given.named(approval.decidedBy)),
  decidedAt: isoOrNull(approval.decidedAt),
  note: approval.note,
})

export function viewOfAct(
  act: Act,
  given: { readonly words: WordSources; readonly named: (id: string) => Person },
): z.infer<typeof actView> {
  const told = act.refusal === null ? null : wordsOf(act.refusal, given.words, detailOf(act))
  return {
    ...{ id: act.id, kind: act.kind, state: act.state, waitsFor: act.waitsFor },
    msisdn: masked(act.msisdn),
    amount: act.amount?.toString() ?? null,
    shown: { ...act.shown },
    voucher: act.state === 'done' ? act.voucher : null,
    refusal: told && {
      type: told.type,
      code: told.code,
      words: { zh: told.zh, en: told.en },
    },
    person: given.named(act.person).login,
    beganAt: iso(act.beganAt),
    endedAt: isoOrNull(act.endedAt),
  }
}

/** What the wallet said beside its refusal, as the act keeps it. */
export const detailOf = ({ result, beganAt, endedAt }: Act): WordDetail => ({
  now: endedAt ?? beganAt,
  ...(result?.left !== undefined && { left: BigInt(result.left) }),
  ...(result?.until !== undefined && { until: Number(result.until) }),
})

export const maskedCard = ({ first6, last4 }: Pick<BoundCard, 'first6' | 'last4'>): string =>
  `${first6.slice(0, 4)} **** **** ${last4}`

export const viewOfCard = (
  card: BoundCard,
  {
    bankName,
    isDefault,
    bill,
  }: {
    readonly bankName: BankName
    readonly isDefault: boolean
    readonly bill: CardBill | undefined
  },
): z.infer<typeof cardView> => ({
  ...{ id: card.id, bank: card.bank, kind: card.kind, maskedNumber: maskedCard(card) },
  ...{ state: card.state, boundAt: isoOrNull(card.boundAt), bankName, isDefault },
  bill: bill
    ? { left: bill.left.toString(), leastLeft: bill.leastLeft.toString(), dueOn: bill.dueOn }
    : null,
})

export const viewOfVoucher = (voucher: Voucher): z.infer<typeof voucherView> => ({
  ...{ number: voucher.number, state: voucher.state },
  title: voucher.content?.title ?? null,
  lines: voucher.content ? [...voucher.content.lines] : [],
  note: voucher.content?.note ?? null,
  issuedAt: isoOrNull(voucher.issuedAt),
  prints: voucher.prints,
})
