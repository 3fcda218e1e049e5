/** What a bank's no to a verification means for the customer, and what it does to the binding. */
import type { BankRefusal, BankRefusalReason, VerificationFinding } from './bank.ts'
import type { BindingRefusal } from './words.ts'

const byFinding: Readonly<Record<VerificationFinding, BindingRefusal>> = {
  document_differs: 'holder_differs_at_bank',
  mobile_differs: 'mobile_differs',
  several_differ: 'details_differ',
  document_not_supported: 'document_unsupported',
  too_many_cards: 'over_bank_maximum',
  code_wrong: 'code_wrong',
  code_expired: 'code_expired',
}

/** Where the bank says no more than its code. A fault of the set-up is no fault of the customer's. */
const byReason: Readonly<Record<Exclude<BankRefusalReason, 'sms_code_needed'>, BindingRefusal>> = {
  declined: 'details_differ',
  security_code_wrong: 'details_differ',
  enrolment_needed: 'cardless_not_open',
  card_invalid: 'card_invalid',
  no_account: 'card_invalid',
  bank_not_supported: 'card_invalid',
  card_inactive: 'card_inactive',
  card_unavailable: 'card_unavailable',
  card_expired: 'card_expired',
  ask_your_bank: 'not_permitted',
  not_supported: 'not_permitted',
  restricted: 'not_permitted',
  over_limit: 'not_permitted',
  low_funds: 'not_permitted',
  refused_by_bank: 'not_permitted',
  pin_wrong: 'pin_wrong',
  pin_tries_exceeded: 'pin_tries_exceeded',
  over_count: 'too_many_verifications',
  try_again: 'bank_busy',
  cut_over_running: 'bank_busy',
  bank_unavailable: 'bank_busy',
  session_out_of_step: 'bank_busy',
  keys_out_of_step: 'bank_busy',
  merchant_unknown: 'bank_busy',
  terminal_unknown: 'bank_busy',
  format_wrong: 'bank_busy',
  amount_invalid: 'bank_busy',
  amount_differs_from_original: 'bank_busy',
  original_state_differs: 'bank_busy',
  payee_account_wrong: 'bank_busy',
}

/** `code_sent`: no refusal at all, the bank has texted a code to the holder. */
export function meaningOf({ reason, finding }: BankRefusal): BindingRefusal | 'code_sent' {
  if (reason === 'sms_code_needed') return 'code_sent'
  return finding === undefined ? byReason[reason] : byFinding[finding]
}
