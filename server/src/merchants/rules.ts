/** Which products, contracts and open amounts can be (§1.2). Decides only; amounts in fen. */
import { accept, type Result, refuse } from '../kernel/index.ts'
import type { Merchant, Product } from './merchant.ts'
import { isName, type KeywordRefusal, parseKeyword } from './words.ts'

export const priceMin = 10n
export const priceMax = 30_00n
const keywordsMax = 5

/** What a merchant says of a product; the rest is given by us. */
export type ProductContent = Omit<Product, 'merchantId' | 'code' | 'version' | 'status'>

export type ProductRefusal =
  | 'code_malformed'
  | 'name_malformed'
  | 'price_out_of_range'
  | 'too_many_keywords'
  | KeywordRefusal
  | 'keyword_taken'
  | 'account_pattern_missing'
  | 'account_pattern_unsafe'
  | 'validity_malformed'

/** Three digits; the first is not 9, which begins a confirmation slot (`106580088` M4 `9` S2). */
export const isProductCode = (code: string): boolean => /^[0-8]\d\d$/.test(code)

/**
 * Checks a product's content and answers it with its keywords normalised. `siblings` are the other
 * products of the merchant: a word buys one of them only.
 */
export function checkProduct(
  content: ProductContent,
  siblings: readonly Product[],
): Result<ProductContent, ProductRefusal> {
  if (!isName(content.name)) return refuse('name_malformed')
  if (content.price < priceMin || content.price > priceMax) return refuse('price_out_of_range')
  if (content.keywords.length > keywordsMax) return refuse('too_many_keywords')
  const keywords = new Set<string>()
  for (const word of content.keywords) {
    const keyword = parseKeyword(word)
    if (!keyword.ok) return keyword
    keywords.add(keyword.value)
  }
  const taken = siblings.some(
    (product) => product.status !== 'off' && product.keywords.some((word) => keywords.has(word)),
  )
  if (taken) return refuse('keyword_taken')
  if (content.kind === 'topup' && content.accountPattern === null)
    return refuse('account_pattern_missing')
  if (content.accountPattern !== null && !isSafePattern(content.accountPattern))
    return refuse('account_pattern_unsafe')
  const { validFrom, validTo } = content
  if (validFrom !== null && validTo !== null && validFrom >= validTo)
    return refuse('validity_malformed')
  return accept({ ...content, keywords: [...keywords] })
}

/**
 * A pattern runs on text that anyone may send, so it must end soon on any text: no groups, and so few
 * repetitions that even the worst text costs little.
 */
export function isSafePattern(pattern: string): boolean {
  if (pattern === '' || pattern.length > 60 || /[()]/.test(pattern)) return false
  if ((pattern.match(/[*+?{]/g) ?? []).length > 3) return false
  try {
    return new RegExp(`^(?:${pattern})$`, 'u') instanceof RegExp
  } catch {
    return false
  }
}

export type OpenAmount = NonNullable<Merchant['openAmount']>
export type TermsRefusal = 'name_malformed' | 'shares_over_everything' | 'open_amount_malformed'

/** The contract a merchant can have: shares that leave something, an open amount in whole steps. */
export function checkTerms(
  terms: Pick<Merchant, 'name' | 'feeRate' | 'carrierShare' | 'openAmount'>,
): TermsRefusal | null {
  if (!isName(terms.name)) return 'name_malformed'
  if (terms.feeRate + terms.carrierShare > 10_000) return 'shares_over_everything'
  if (terms.openAmount && !isOpenAmount(terms.openAmount)) return 'open_amount_malformed'
  return null
}

/** Customers write amounts in yuan with one decimal, so every amount is a multiple of 10 fen. */
const isOpenAmount = ({ min, max, step, goods }: OpenAmount) =>
  min >= priceMin &&
  max <= priceMax &&
  min <= max &&
  step >= 10n &&
  step % 10n === 0n &&
  min % step === 0n &&
  max % step === 0n &&
  isName(goods)
