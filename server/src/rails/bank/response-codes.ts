/**
 * What a bank's response code (field 39) means, as a table: one row for codes that mean the same. The class
 * says what may follow; `verdict.ts` says what that is for each verb.
 *
 *     A  approved               U  unknown: reverse a debit, leave a credit to the daily file
 *     P  approved in part       F  final decline
 *     W  accepted, a credit     R  may be tried again under a new exchange
 *     I  the holder's turn      S  keys or session out of step: repaired, then a new exchange
 */
import type { BankRefusal, BankRefusalReason, RefusalClass } from '../../bank-cards/index.ts'

export type ResponseRule =
  | { readonly class: 'A' | 'P' | 'W' | 'U' }
  | (Omit<BankRefusal, 'code'> & { readonly class: RefusalClass })

type Rest = Partial<Pick<BankRefusal, 'binding' | 'after' | 'alarm'>>

const refusal =
  (kind: RefusalClass) =>
  (reason: BankRefusalReason, rest: Rest = {}): ResponseRule => ({
    ...{ class: kind, reason, alarm: false },
    ...rest,
  })
const final = refusal('F')
const retry = refusal('R')
const repair = (reason: BankRefusalReason) => refusal('S')(reason, { after: 'repair' })
const interactive = refusal('I')

const rows: readonly (readonly [codes: string, rule: ResponseRule])[] = [
  ['00 11', { class: 'A' }],
  ['10', { class: 'P' }],
  ['A2 A4 A5 A6', { class: 'W' }],
  ['06 09 25 68 94 96 98 A7', { class: 'U' }],
  ['01 02', final('ask_your_bank')],
  ['03', final('merchant_unknown', { alarm: true })],
  ['04 07 34 35 36 37 41 43 67', final('card_unavailable', { binding: 'suspend' })],
  ['05', final('declined')],
  ['12 40 57 58', final('not_supported')],
  ['13', final('amount_invalid')],
  ['14', final('card_invalid', { binding: 'verify_again' })],
  ['15 31', final('bank_not_supported')],
  ['19 20', retry('try_again', { after: 'now' })],
  ['21', final('card_inactive', { binding: 'suspend' })],
  ['22', final('original_state_differs')],
  ['30', final('format_wrong', { alarm: true })],
  ['33 54', final('card_expired', { binding: 'needs_rebinding' })],
  ['38 75', final('pin_tries_exceeded', { binding: 'lock_for_a_day' })],
  ['39 42 44 52 53 56', final('no_account')],
  ['51', final('low_funds')],
  ['55', final('pin_wrong', { binding: 'count_wrong_pin' })],
  ['59', final('security_code_wrong')],
  ['60 62 63 66 93', final('restricted')],
  ['61', final('over_limit')],
  ['64', final('amount_differs_from_original', { alarm: true })],
  ['65', final('over_count')],
  ['77 79 95', repair('session_out_of_step')],
  ['90', retry('cut_over_running', { after: 'cut_over' })],
  ['91 92', retry('bank_unavailable', { after: 'reversal' })],
  ['97', final('terminal_unknown', { alarm: true })],
  ['99 A0', repair('keys_out_of_step')],
  ['A1 A3', final('payee_account_wrong')],
  ['YM', interactive('sms_code_needed')],
  ['YT', interactive('enrolment_needed')],
]

/** Every code that the table knows. */
export const responseCodes: ReadonlyMap<string, ResponseRule> = new Map(
  rows.flatMap(([codes, rule]) => codes.split(' ').map((code) => [code, rule] as const)),
)

const unlisted = final('refused_by_bank')

export const ruleOf = (code: string): ResponseRule => responseCodes.get(code) ?? unlisted

/** `BR-51`; `BR-99` for a code that is not in the table, which the bank's 99 is: that is `BR-A0`, its twin. */
export function ourCodeOf(code: string): string {
  if (code === '99') return 'BR-A0'
  return `BR-${responseCodes.has(code) ? code : '99'}`
}
