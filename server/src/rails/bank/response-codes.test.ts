/** Every row of the response code table, written down a second time by class and effect. */
import { expect, test } from 'vitest'
import { ourCodeOf, responseCodes, ruleOf } from './response-codes.ts'
import { type VerbKind, verdictOn } from './verdict.ts'

type Expected = readonly [codes: string, kind: string, effect?: string]

const table: readonly Expected[] = [
  ['00 11', 'A'],
  ['10', 'P'],
  ['01 02', 'F ask_your_bank'],
  ['03', 'F merchant_unknown', 'alarm'],
  ['04 07 34 35 36 37 41 43 67', 'F card_unavailable', 'suspend'],
  ['05', 'F declined'],
  ['06', 'U'],
  ['09', 'U'],
  ['12 40 57 58', 'F not_supported'],
  ['13', 'F amount_invalid'],
  ['14', 'F card_invalid', 'verify_again'],
  ['15 31', 'F bank_not_supported'],
  ['19 20', 'R try_again', 'after now'],
  ['21', 'F card_inactive', 'suspend'],
  ['22', 'F original_state_differs'],
  ['25', 'U'],
  ['30', 'F format_wrong', 'alarm'],
  ['33 54', 'F card_expired', 'needs_rebinding'],
  ['38 75', 'F pin_tries_exceeded', 'lock_for_a_day'],
  ['39 52 53 56 42 44', 'F no_account'],
  ['51', 'F low_funds'],
  ['55', 'F pin_wrong', 'count_wrong_pin'],
  ['59', 'F security_code_wrong'],
  ['60 62 63 66 93', 'F restricted'],
  ['61', 'F over_limit'],
  ['64', 'F amount_differs_from_original', 'alarm'],
  ['65', 'F over_count'],
  ['68 98', 'U'],
  ['77 79 95', 'S session_out_of_step', 'after repair'],
  ['90', 'R cut_over_running', 'after cut_over'],
  ['91 92', 'R bank_unavailable', 'after reversal'],
  ['94', 'U'],
  ['96 A7', 'U'],
  ['97', 'F terminal_unknown', 'alarm'],
  ['99 A0', 'S keys_out_of_step', 'after repair'],
  ['A1 A3', 'F payee_account_wrong'],
  ['A2 A4 A5 A6', 'W'],
  ['YM', 'I sms_code_needed'],
  ['YT', 'I enrolment_needed'],
]

const rows = table.flatMap(([codes, kind, effect]) =>
  codes.split(' ').map((code) => ({ code, kind, effect })),
)

test('the table has these codes and no others', () => {
  expect([...responseCodes.keys()].toSorted()).toEqual(rows.map(({ code }) => code).toSorted())
})

test.each(rows)('$code is $kind', ({ code, kind, effect }) => {
  const rule = ruleOf(code)
  if (!('reason' in rule)) return expect([rule.class, effect]).toEqual([kind, undefined])
  expect(`${rule.class} ${rule.reason}`).toBe(kind)
  const effects = [rule.alarm && 'alarm', rule.binding, rule.after && `after ${rule.after}`]
  expect(effects.filter(Boolean)).toEqual(effect === undefined ? [] : [effect])
})

test('a code that is not in the table is a decline with a code of ours', () => {
  for (const code of ['ZZ', '08', '  ', '0', 'a2']) {
    expect(ourCodeOf(code)).toBe('BR-99')
    expect(verdictOn(code, 'debit')).toEqual({
      outcome: 'refused',
      refusal: { code: 'BR-99', reason: 'refused_by_bank', class: 'F', alarm: false },
    })
  }
})

const verbs: readonly VerbKind[] = ['no_money', 'debit', 'reversal', 'undo', 'credit']

/** What each verb makes of a class, in the order of `verbs`. */
const outcomes: readonly (readonly [code: string, ...outcomes: string[]])[] = [
  ['00', 'done', 'done', 'done', 'done', 'done'],
  ['10', 'unknown', 'partial', 'unknown', 'unknown', 'unknown'],
  ['A2', 'unknown', 'unknown', 'unknown', 'unknown', 'accepted'],
  ['06', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'],
  ['51', 'refused', 'refused', 'refused', 'refused', 'refused'],
  ['19', 'refused', 'refused', 'unknown', 'refused', 'refused'],
  ['91', 'refused', 'refused', 'unknown', 'unknown', 'unknown'],
  ['77', 'refused', 'refused', 'unknown', 'refused', 'refused'],
  ['YM', 'refused', 'refused', 'refused', 'refused', 'refused'],
]

test.each(outcomes)(
  '%s means for each verb what the table of verdicts says',
  (code, ...expected) => {
    expect(verbs.map((verb) => verdictOn(code, verb).outcome)).toEqual(expected)
  },
)

test("the bank's own 99 is not taken for a code that nobody knows", () => {
  expect(verdictOn('99', 'debit')).toMatchObject({
    refusal: { code: 'BR-A0', reason: 'keys_out_of_step' },
  })
})

test('part of an amount where there can be none is an alarm', () => {
  expect(verdictOn('10', 'credit')).toMatchObject({ alarm: true })
  expect(verdictOn('06', 'credit')).toMatchObject({ alarm: false, code: 'BR-06' })
})
