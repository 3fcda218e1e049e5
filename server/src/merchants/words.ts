/** What a name or a keyword may look like, so that it fits a text message and means one thing in it. */
import { accept, type Result, refuse } from '../kernel/index.ts'
import type { MerchantName } from './merchant.ts'

/** Price and instruction must fit the first part of the message: 12 han, or 24 latin letters. */
const nameWidthMax = 24
const keywordLengthMax = 12

/** Words of the purchase dialogue (§2.3): as a keyword they would mean two things. */
export const reservedWords: ReadonlySet<string> = new Set(
  `Y YES 是 1 确认 OK Y1 Y2 Y3 Y4 Y5 Y6 Y7 Y8 Y9 N NO 0 否 不 QX 取消
   TD TD1 TD2 TD3 TD4 TD5 TD6 TD7 TD8 TD9 T 退订 STOP UNSUB 0000 00000 11111`.split(/\s+/),
)

/** True for both languages when neither is empty, too wide, or holds invisible characters. */
export const isName = (name: MerchantName): boolean => fits(name.zh) && fits(name.en)

const fits = (text: string) =>
  text !== '' && text === text.trim() && !/\p{C}/u.test(text) && widthOf(text) <= nameWidthMax

const widthOf = (text: string) =>
  [...text].reduce((width, letter) => width + ((letter.codePointAt(0) ?? 0) > 0xff ? 2 : 1), 0)

export type KeywordRefusal = 'keyword_malformed' | 'keyword_is_a_number' | 'keyword_is_reserved'

/**
 * A keyword as it is compared: half-width and upper case. A number is an amount, a product code or a
 * payment code, whatever its length, so no number is a keyword.
 */
export function parseKeyword(text: string): Result<string, KeywordRefusal> {
  const keyword = text.normalize('NFKC').trim().toUpperCase()
  if (/^[\d.]+$/.test(keyword)) return refuse('keyword_is_a_number')
  if (reservedWords.has(keyword)) return refuse('keyword_is_reserved')
  if (keyword.length > keywordLengthMax || !/^[\p{L}\p{N}]+$/u.test(keyword))
    return refuse('keyword_malformed')
  return accept(keyword)
}
