/** What the owner of a number is told of its cards (账户变动通知). */
import type { BillNotice, BindingChange, BinTable } from '../bank-cards/index.ts'
import type { CardNotice } from '../channels/sms/index.ts'
import type { Msisdn } from '../kernel/index.ts'
import type { AutoNotice } from '../repayments/index.ts'
import { filled, walletWords } from '../wallet/index.ts'

export interface Told {
  readonly to: Msisdn
  readonly notice: CardNotice
}

/** Null for a step that changes nothing for the customer, and for a number that is somebody else's by now. */
export function bindingNotice(bins: BinTable, { before, after }: BindingChange): Told | null {
  const id = idOf(before?.state, after)
  if (id === undefined || after.reason === 'number_released') return null
  const { zh, en } = bins.termsOf(after.bank) ?? { zh: after.bank, en: after.bank }
  return { to: after.msisdn, notice: { id, bank: { zh, en }, last4: after.last4 } }
}

export function billNotice(bins: BinTable, { reminder, binding, bill }: BillNotice): Told {
  const { zh, en } = bins.termsOf(binding.bank) ?? { zh: binding.bank, en: binding.bank }
  const { msisdn: to, last4 } = binding
  const { left, leastLeft, dueOn } = bill
  const owed = { amount: left.toString(), minimum: leastLeft.toString(), dueOn }
  return { to, notice: { id: 'card_bill', bank: { zh, en }, last4, reminder, ...owed } }
}

export function autoNotice(bins: BinTable, told: AutoNotice, now: number): Told {
  const { binding, bill } = told
  const bank = bins.termsOf(binding.bank) ?? { zh: binding.bank, en: binding.bank }
  const { msisdn: to, last4 } = binding
  const about = { bank: { zh: bank.zh, en: bank.en }, last4, dueOn: bill.dueOn }
  if (told.kind === 'ahead') {
    const { amount: part, owed } = told
    return { to, notice: { id: 'card_auto_ahead', ...about, part, amount: owed.toString() } }
  }
  const { why, isLast } = told
  const { zh, en } = why === 'missed' ? missed : filled(walletWords[why.refusal], { ...why, now })
  return { to, notice: { id: 'card_auto_failed', ...about, zh, en, isLast } }
}

const missed = { zh: '未能按时处理', en: 'it was not tried in time' } as const

function idOf(from: string | undefined, { state, reason, boundAt }: BindingChange['after']) {
  if (from === state || from === undefined) return undefined
  if (state === 'active') return 'card_bound'
  if (state === 'unbound') return boundAt === null ? undefined : 'card_unbound'
  if (state === 'suspended') return 'card_suspended'
  // At the counter the customer stands beside it.
  return state === 'needs_rebinding' && reason !== 'asked_for' && from === 'active'
    ? 'card_rebind'
    : undefined
}
