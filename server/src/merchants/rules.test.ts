import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Product } from './merchant.ts'
import {
  checkProduct,
  checkTerms,
  isProductCode,
  isSafePattern,
  type ProductContent,
} from './rules.ts'

const content: ProductContent = {
  kind: 'per_use',
  name: { zh: '宝剑', en: 'Sword' },
  price: 15_00n,
  delivery: 'none',
  keywords: ['sword'],
  accountPattern: null,
  regions: [],
  brands: [],
  validFrom: null,
  validTo: null,
}
const sibling: Product = {
  ...content,
  merchantId: '6021',
  code: '020',
  version: 1,
  status: 'on',
  keywords: ['BOOK'],
}

test.each([
  [{}, 'accepted'],
  [{ price: 10n }, 'accepted'],
  [{ price: 9n }, 'price_out_of_range'],
  [{ price: 30_00n }, 'accepted'],
  [{ price: 30_01n }, 'price_out_of_range'],
  [{ name: { zh: '', en: 'Sword' } }, 'name_malformed'],
  [{ keywords: ['a', 'b', 'c', 'd', 'e', 'f'] }, 'too_many_keywords'],
  [{ keywords: ['15'] }, 'keyword_is_a_number'],
  [{ keywords: ['book'] }, 'keyword_taken'],
  [{ kind: 'topup' }, 'account_pattern_missing'],
  [{ kind: 'topup', accountPattern: '[a-z0-9]{3,20}' }, 'accepted'],
  [{ accountPattern: '(a+)+' }, 'account_pattern_unsafe'],
  [{ validFrom: 2, validTo: 2 }, 'validity_malformed'],
] as const)('a product with %o is %s', (changes, answer) => {
  const result = checkProduct({ ...content, ...changes }, [sibling])
  expect(result.ok ? 'accepted' : result.refusal).toBe(answer)
})

test('a word of a product that is off is free again', () => {
  expect(checkProduct({ ...content, keywords: ['book'] }, [{ ...sibling, status: 'off' }]).ok).toBe(
    true,
  )
})

test.each([
  ['000', true],
  ['899', true],
  ['900', false],
  ['15', false],
  ['1500', false],
  ['１５０', false],
])('the code %s: %s', (code, good) => expect(isProductCode(code)).toBe(good))

test.each([
  ['\\d{11}', true],
  ['[a-z][a-z0-9]*', true],
  ['', false],
  ['[', false],
  ['(a|b)', false],
  ['a*b*c*d*', false],
  ['x'.repeat(61), false],
])('the pattern %s is safe: %s', (pattern, safe) => expect(isSafePattern(pattern)).toBe(safe))

test('a safe pattern answers any account quickly', () => {
  const pattern = fc.stringMatching(/^[a-d.*+?{}0-9[\]\\]{1,20}$/)
  fc.assert(
    fc.property(pattern, fc.stringMatching(/^[a-d]{0,64}$/), (text, account) => {
      fc.pre(isSafePattern(text))
      const begun = performance.now()
      new RegExp(`^(?:${text})$`, 'u').test(account)
      // Far above what it takes, far below what a runaway pattern takes.
      expect(performance.now() - begun).toBeLessThan(2_000)
    }),
  )
})

const open = {
  min: 10n,
  max: 30_00n,
  step: 10n,
  goods: { zh: '充值', en: 'Top-up' },
  delivery: 'none',
} as const
test.each([
  [{}, null],
  [{ feeRate: 500, carrierShare: 9_500 }, null],
  [{ feeRate: 501, carrierShare: 9_500 }, 'shares_over_everything'],
  [{ name: { zh: '', en: '' } }, 'name_malformed'],
  [{ openAmount: open }, null],
  [{ openAmount: { ...open, min: 0n } }, 'open_amount_malformed'],
  [{ openAmount: { ...open, step: 5n } }, 'open_amount_malformed'],
  [{ openAmount: { ...open, min: 20_00n, max: 10_00n } }, 'open_amount_malformed'],
  [{ openAmount: { ...open, step: 100n } }, 'open_amount_malformed'],
] as const)('terms with %o: %s', (changes, answer) => {
  const terms = {
    name: { zh: '星', en: 'Star' },
    feeRate: 500,
    carrierShare: 1_500,
    openAmount: null,
  }
  expect(checkTerms({ ...terms, ...changes })).toBe(answer)
})
