/** Every answer of a bank to a verification: what it does to the binding, and what the customer is told. */
import { expect, test } from 'vitest'
import { codeSent, no, unanswered, yes } from '../../test/bank/binding-stage.ts'
import { ourCodeOf, responseCodes } from '../rails/bank/response-codes.ts'
import type { Agreement, BankAnswer, BankRefusal } from './bank.ts'
import type { CardBinding } from './binding.ts'
import { judgeAnswer } from './verification-answer.ts'
import { type BindingRefusal, bindingWords } from './words.ts'

const now = Date.UTC(2026, 10, 27)
const token = (last: string) => `0198f000-0000-7000-8000-00000000000${last}`

const verifying: CardBinding = {
  ...{ id: token('1'), msisdn: '+8613900000001', identityId: token('2'), bank: 'first_bank' },
  ...{ kind: 'debit', cardToken: token('3'), nextToken: null, first6: '999001', last4: '0019' },
  ...{ mobile: '+8613900000001', state: 'verifying', reason: null, agreementNo: null, round: 1 },
  ...{ busyUntil: now + 1, codeSentAt: null, codeTries: 0, wrongPins: 0, wrongPinsSince: null },
  ...{ lockedUntil: null, preferredAt: null, createdAt: now, updatedAt: now, boundAt: null },
  ...{ verifiedAt: null, endedAt: null },
}
const boundBefore = { ...verifying, boundAt: 1, verifiedAt: 1 }

const judge = (
  answer: BankAnswer<Agreement>,
  binding = verifying,
  from: CardBinding['state'] = binding.boundAt === null ? 'draft' : 'needs_rebinding',
  withCode = false,
) => {
  const { step, told, ...rest } = judgeAnswer(binding, { from, withCode }, answer, now)
  return { to: step.to, ...told, ...rest, changes: step.changes ?? {} }
}

/** wallet.md §5.2, row by row: what the bank says, our code, and where a first binding is then. */
test.each<[string, BankAnswer<Agreement>, string, CardBinding['state']]>([
  ['not matched', no('declined', { finding: 'several_differ' }), 'BK-E01', 'draft'],
  ['not matched, without a finding', no('declined'), 'BK-E01', 'draft'],
  ['holder data wrong', no('declined', { finding: 'document_differs' }), 'BK-E02', 'draft'],
  ['mobile differs', no('declined', { finding: 'mobile_differs' }), 'BK-E03', 'draft'],
  ['cardless pay not opened', no('enrolment_needed', { class: 'I' }), 'BK-E04', 'draft'],
  ['invalid number', no('card_invalid', { binding: 'verify_again' }), 'BK-E05', 'draft'],
  ['no issuer', no('bank_not_supported'), 'BK-E05', 'draft'],
  ['inactive', no('card_inactive', { binding: 'suspend' }), 'BK-E06', 'draft'],
  ["over the bank's maximum", no('restricted', { finding: 'too_many_cards' }), 'BK-E07', 'draft'],
  ['lost or stolen', no('card_unavailable', { binding: 'suspend' }), 'BK-E09', 'draft'],
  ['expired', no('card_expired', { binding: 'needs_rebinding' }), 'BK-E10', 'draft'],
  ['restricted', no('restricted'), 'BK-E11', 'draft'],
  ['PIN tries exceeded', no('pin_tries_exceeded'), 'BK-E12', 'draft'],
  ['busy', no('bank_unavailable', { class: 'R', after: 'reversal' }), 'BK-E13', 'draft'],
  ['not sent', { outcome: 'unsent', detail: 'closed' }, 'BK-E13', 'draft'],
  ['tries over limit', no('over_count'), 'BK-E14', 'draft'],
  ['non-ID document', no('declined', { finding: 'document_not_supported' }), 'BK-E15', 'draft'],
  ['code expired', no('declined', { finding: 'code_expired' }), 'BK-E18', 'draft'],
  [
    'a name that does not fit',
    { outcome: 'unsent', detail: 'identification_invalid' },
    'BK-E01',
    'draft',
  ],
])('%s: %#', (_, answer, code, state) => {
  const judged = judge(answer)
  expect(judged).toMatchObject({ outcome: 'refused', to: state })
  expect('refusal' in judged && bindingWords[judged.refusal].code).toBe(code)
})

test('yes, a code on its way, and silence', () => {
  expect(judge(yes)).toMatchObject({
    ...{ to: 'active', outcome: 'active', answer: 'done' },
    changes: { agreementNo: '88000001', boundAt: now, verifiedAt: now },
  })
  expect(judge(codeSent)).toMatchObject({ to: 'code_sent', changes: { codeSentAt: now } })
  expect(judge(unanswered)).toMatchObject({ to: 'verifying', changes: { busyUntil: null } })
})

test('a wrong code leaves the other tries, and a busy bank leaves the code', () => {
  const sent = { ...verifying, codeSentAt: now - 1 }
  const wrong = no('declined', { finding: 'code_wrong' })
  expect(judge(wrong, sent, 'code_sent', true)).toMatchObject({
    ...{ to: 'code_sent', refusal: 'code_wrong', changes: { codeTries: 1 } },
  })
  expect(judge(no('cut_over_running', { class: 'R' }), sent, 'code_sent', true)).toMatchObject({
    ...{ to: 'code_sent', refusal: 'bank_busy' },
  })
  expect(judge({ outcome: 'unsent', detail: 'closed' }, sent, 'verifying')).toMatchObject({
    ...{ to: 'verifying', refusal: 'bank_busy', answer: 'unsent' },
  })
})

test('a card that was bound before falls back to where it pays for nothing, and is not a draft', () => {
  const replacing = { ...boundBefore, nextToken: token('4') }
  const stolen = no('card_unavailable', { binding: 'suspend' })
  expect(judge(no('declined'), boundBefore)).toMatchObject({
    ...{ to: 'needs_rebinding', changes: { reason: 'verification_refused' } },
  })
  expect(judge(stolen, boundBefore)).toMatchObject({ to: 'suspended' })
  // It is the replacement that the bank has blocked.
  expect(judge(stolen, replacing)).toMatchObject({ to: 'needs_rebinding' })
  expect(judge(yes, replacing)).toMatchObject({
    ...{ to: 'active', changes: { cardToken: token('4'), nextToken: null, boundAt: 1 } },
  })
  expect(judge({ outcome: 'unsent', detail: 'closed' }, boundBefore, 'suspended')).toMatchObject({
    to: 'suspended',
  })
})

/** wallet.md §5.4: each code that a bank may answer a verification with. */
const codes: Readonly<Record<string, string>> = {
  'BK-E01': '05 59',
  'BK-E04': 'YT',
  'BK-E05': '14 15 31 39 42 44 52 53 56',
  'BK-E06': '21',
  'BK-E09': '04 07 34 35 36 37 41 43 67',
  'BK-E10': '33 54',
  'BK-E11': '01 02 12 40 51 57 58 60 61 62 63 66 93',
  'BK-E12': '38 75',
  'BK-E13': '03 13 19 20 22 30 64 77 79 90 91 92 95 97 99 A0 A1 A3',
  'BK-E14': '65',
  'BK-E23': '55',
}

test('every refusal of the response code table has a code of ours, and the one that is meant', () => {
  const told = new Map<string, string[]>()
  for (const [code, rule] of responseCodes) {
    if (!('reason' in rule) || code === 'YM') continue
    const refusal: BankRefusal = { code: ourCodeOf(code), ...rule }
    const judged = judge({ outcome: 'refused', refusal })
    const ours = 'refusal' in judged ? bindingWords[judged.refusal].code : judged.outcome
    told.set(ours, [...(told.get(ours) ?? []), code].toSorted())
    expect(judged.alarm).toBe(rule.alarm)
  }
  const expected = Object.entries(codes).map(([ours, list]) => [ours, list.split(' ').toSorted()])
  expect([...told].toSorted()).toEqual(expected)
})

test('every reason has its words in both languages, each code one meaning, and nobody hears "stolen"', () => {
  const words = Object.entries(bindingWords) as [
    BindingRefusal,
    (typeof bindingWords)[BindingRefusal],
  ][]
  for (const [, { code, zh, en }] of words) {
    expect(code).toMatch(/^BK-E\d\d$/)
    expect(zh).toMatch(/\p{Script=Han}/u)
    expect(en).toMatch(/^[A-Z]/)
    expect(`${zh}${en}`).not.toMatch(/stolen|lost|被盗|挂失/i)
  }
  const codesUsed = words.map(([, { code }]) => code)
  const shared = codesUsed.filter((code, at) => codesUsed.indexOf(code) !== at)
  expect(shared).toEqual(['BK-E07'])
  expect(new Set(codesUsed)).toEqual(
    new Set(Array.from({ length: 26 }, (_, at) => `BK-E${String(at + 1).padStart(2, '0')}`)),
  )
})
