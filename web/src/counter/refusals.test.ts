/** Whatever the counter's API refuses, a clerk reads why: with its code, and in the language of the page. */
import i18next from 'i18next'
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import type { BindingRefusal, CardBindings } from '../../../server/src/bank-cards/index.ts'
import { allWords } from '../../../server/src/channels/counter/words.ts'
import { counterWords } from '../../../server/src/composition/counter.ts'
import type { Wallet, walletWords } from '../../../server/src/wallet/index.ts'
import { problemOf } from '../api.ts'
import { told } from './told.ts'
import { counterEn } from './words-en.ts'
import { counterZh } from './words-zh.ts'

const page = i18next.createInstance()
beforeAll(() =>
  page.init({
    resources: { 'zh-CN': { counter: counterZh }, en: { counter: counterEn } },
    initAsync: false,
  }),
)

const han = /\p{Script=Han}/u
const readAs = (language: 'zh-CN' | 'en', status: number, body: object) =>
  told(problemOf(status, body), { t: page.getFixedT(language, 'counter'), language })

type RefusalOf<Call extends (...given: never[]) => unknown> = Extract<
  Awaited<ReturnType<Call>>,
  { readonly refusal: unknown }
>['refusal']

describe('a refusal', () => {
  const words = allWords(counterWords, Date.UTC(2026, 10, 23))

  test.each(words)('$code, $type, is told in Chinese and in English', (row) => {
    const { type, status, code, zh, en } = row
    const body = { type: `/problems/${type}`, title: en, status, code, words: { zh, en } }
    const [chinese, english] = [readAs('zh-CN', status, body), readAs('en', status, body)]
    expect([chinese.code, english.code]).toEqual([code, code])
    expect(code).toMatch(/^(?:CT-(?!99)|BK-E|WL-|BC-)\d\d$/)
    expect(chinese.text).toMatch(han)
    expect(english.text).toMatch(/^[A-Z…][ -~…’]+$/)
    for (const { text } of [chinese, english]) expect(text).not.toMatch(/[{}]|undefined|0\.00/)
  })

  test('of cards and of the wallet has words whoever gives it', () => {
    type OfCards = RefusalOf<CardBindings['begin' | 'rebind' | 'verify' | 'unbind']>
    type OfWallet = RefusalOf<Wallet['open' | 'cashIn' | 'cashOut' | 'close']>
    expectTypeOf<OfCards>().toExtend<BindingRefusal>()
    expectTypeOf<OfWallet>().toExtend<keyof typeof walletWords>()
    const codes = new Set(words.map(({ code }) => code.slice(0, 2)))
    expect(codes).toEqual(new Set(['CT', 'BK', 'WL', 'BC']))
  })
})

/** Those of the server itself come without words, and in English. */
test.each([
  [400, 'malformed_json'],
  [403, 'bad_request'],
  [404, 'not_found'],
  [413, 'too_large'],
  [415, 'unsupported_media_type'],
  [422, 'invalid_request'],
  [429, 'too_many_at_once'],
  [429, 'too_many_wrong_keys'],
  [500, 'internal_error'],
  [503, 'overloaded'],
  [503, 'outcome_unknown'],
])('what is not of the counter, %i %s, is told in the words of the page', (status, type) => {
  const body = { type: `/problems/${type}`, title: 'Said by a machine', detail: 'To a program' }
  const [chinese, english] = [readAs('zh-CN', status, body), readAs('en', status, body)]
  expect(Object.values(counterZh.problem)).toContain(chinese.text)
  expect(Object.values(counterEn.problem)).toContain(english.text)
})
