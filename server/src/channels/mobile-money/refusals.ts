/**
 * What each refusal of payments and transfers is called here; a missing row does not compile. What belongs to the
 * payer alone, such as a black list or a wrong name, is told in the words that tell nothing.
 */
import { type Answer, type Refusal as BillRefusal, billerWords } from '../../billers/index.ts'
import type { Amount } from '../../kernel/index.ts'
import type { RefundRefusal, Refusal, StepRefusal } from '../../payments/index.ts'
import type { Refusal as TransferRefusal } from '../../transfers/index.ts'
import { filled } from '../../wallet/index.ts'
import { type ErrorName, type Fault, fault, type MobileMoneyError } from './errors.ts'

export const paymentErrors: Readonly<
  Record<Refusal | Exclude<StepRefusal, Refusal> | 'exists_with_different_content', ErrorName>
> = {
  channel_off: 'businessRule',
  merchant_off: 'incorrectState',
  goods_unknown: 'businessRule',
  goods_off: 'businessRule',
  goods_not_for_this_line: 'businessRule',
  account_malformed: 'businessRule',
  number_unknown: 'identifier',
  unknown_number: 'identifier',
  line_closed: 'identifier',
  line_suspended: 'incorrectState',
  number_not_eligible: 'businessRule',
  not_eligible: 'businessRule',
  blacklisted: 'businessRule',
  switched_off: 'businessRule',
  amount_too_small: 'tooSmall',
  over_single_limit: 'tooLarge',
  too_soon: 'rateLimit',
  no_free_slot: 'rateLimit',
  over_day_limit: 'dailyValue',
  over_month_limit: 'monthlyValue',
  over_merchant_cap: 'dailyValue',
  code_wrong: 'declined',
  low_credit: 'lowFunds',
  reservation_expired: 'declined',
  already_reversed: 'businessRule',
  refused_by_carrier: 'businessRule',
  carrier_away: 'businessRule',
  card_over_single_limit: 'businessRule',
  card_over_day_limit: 'businessRule',
  card_ask_bank: 'businessRule',
  card_declined: 'businessRule',
  card_unavailable: 'businessRule',
  card_not_supported: 'businessRule',
  card_expired: 'businessRule',
  card_needs_rebinding: 'businessRule',
  card_pin_wrong: 'businessRule',
  card_pin_locked: 'businessRule',
  card_low_funds: 'businessRule',
  card_over_bank_limit: 'businessRule',
  bank_away: 'businessRule',
  wallet_unavailable: 'incorrectState',
  wallet_frozen: 'incorrectState',
  wallet_cooling_off: 'incorrectState',
  wallet_over_single_limit: 'tooLarge',
  wallet_over_day_limit: 'dailyValue',
  wallet_over_class_limit: 'totalValue',
  wallet_low_balance: 'lowFunds',
  pin_needed: 'requestingParty',
  over_code_limit: 'dailyValue',
  payment_not_found: 'identifier',
  not_allowed_now: 'incorrectState',
  no_tries_left: 'declined',
  codes_locked: 'declined',
  too_late: 'declined',
  exists_with_different_content: 'duplicate',
}

export const refundErrors: Readonly<Record<RefundRefusal, ErrorName>> = {
  payment_not_found: 'identifier',
  not_paid: 'incorrectState',
  amount_too_small: 'tooSmall',
  over_paid_amount: 'overPayment',
  refund_period_over: 'businessRule',
  refused_by_carrier: 'businessRule',
  exists_with_different_content: 'duplicate',
}

export const transferErrors: Readonly<Record<TransferRefusal, ErrorName>> = {
  payment_code_refused: 'declined',
  payment_code_used: 'declined',
  payment_codes_locked: 'declined',
  over_code_limit: 'dailyValue',
  payer_unable: 'declined',
  own_code: 'businessRule',
  own_frozen_in: 'incorrectState',
  low_balance: 'lowFunds',
  cooling_off: 'incorrectState',
  wallet_not_found: 'identifier',
  wallet_closing: 'incorrectState',
  line_not_active: 'incorrectState',
  amount_too_small: 'tooSmall',
  over_single_limit: 'tooLarge',
  exists_with_different_content: 'duplicate',
  over_class_limit: 'totalValue',
  name_wrong: 'businessRule',
  over_day_limit: 'dailyValue',
  frozen_out: 'incorrectState',
  frozen_in: 'incorrectState',
  name_needed: 'businessRule',
  name_blocked: 'businessRule',
  name_unknown: 'tooLarge',
  to_oneself: 'sameParties',
  payee_unable: 'incorrectState',
  payee_unknown: 'identifier',
  over_day_count: 'dailyVolume',
  not_found: 'identifier',
  not_open: 'incorrectState',
  delay_needs_wallet: 'incorrectState',
  over_waiting: 'maxBalance',
  over_cap: 'noMandate',
  dates_wrong: 'format',
  payee_needs_wallet: 'incorrectState',
  split_stopped: 'businessRule',
  share_too_small: 'businessRule',
  people_wrong: 'businessRule',
  over_split_limit: 'businessRule',
  over_split_payment: 'businessRule',
  split_refunded: 'businessRule',
  not_verified: 'businessRule',
  packet_emptied: 'businessRule',
  packet_over: 'businessRule',
  packet_out_of_range: 'businessRule',
  packet_not_yours: 'businessRule',
}

const billErrors: Readonly<Record<BillRefusal, ErrorName>> = {
  low_balance: 'lowFunds',
  cooling_off: 'incorrectState',
  wallet_not_found: 'identifier',
  wallet_closing: 'incorrectState',
  line_not_active: 'incorrectState',
  amount_too_small: 'tooSmall',
  over_single_limit: 'tooLarge',
  frozen_out: 'incorrectState',
  exists_with_different_content: 'duplicate',
  over_class_limit: 'totalValue',
  over_day_limit: 'dailyValue',
  biller_unknown: 'identifier',
  account_malformed: 'identifier',
  not_found: 'identifier',
  account_unknown: 'identifier',
  nothing_due: 'incorrectState',
  number_unknown: 'identifier',
  batch_window: 'busy',
  too_late: 'incorrectState',
  biller_away: 'busy',
  too_many: 'businessRule',
  last_unfinished: 'incorrectState',
  card_not_loaded: 'incorrectState',
  too_many_accounts: 'businessRule',
  in_progress: 'incorrectState',
  refused: 'businessRule',
  inquiry_lapsed: 'incorrectState',
  bill_changed: 'incorrectState',
  already_paid: 'incorrectState',
  amount_out_of_range: 'businessRule',
}

type Refused = Extract<Answer<never>, { ok: false }>

/** Why a biller was not asked, or did not say what is due. */
export function billFault(refused: Refused, now: number): MobileMoneyError {
  const name = billErrors[refused.refusal]
  // The words of 503 say what to do about it.
  if (name === 'busy') return fault(name)
  return fault(name, { words: filled(billerWords[refused.refusal], { ...refused, now }).en })
}

/** Why a bill was not paid; of an amount that is not allowed, on which side. */
export function billShortfall(refused: Refused, amount: Amount, now: number): Fault {
  const { fault: shown } = billFault(refused, now)
  if (refused.refusal !== 'amount_out_of_range') return shown
  return { ...shown, name: amount < (refused.left ?? 0n) ? 'underPayment' : 'overPayment' }
}
