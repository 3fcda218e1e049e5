/**
 * Reads a text message (§2.3 of the domain): normalises it and lists every meaning its words can have.
 * It guesses nothing: `YESTERDAY` is no yes, and which meaning counts is the purchase's to say.
 */
import { parse } from '../../kernel/index.ts'
import type { Reading } from '../../payments/index.ts'

const stopWords = [
  'TD',
  'T',
  'QX',
  '退订',
  '取消',
  'STOP',
  'UNSUB',
  'STOP ALL',
  '0000',
  '00000',
  '11111',
]
const cancelWords = ['QX', '取消']
const noWords = ['N', 'NO', '0', '否', '不']
const yesWords = ['Y', 'YES', '是', '1', '确认', 'OK']
/** Politeness around a stop word is still a stop word. */
const polite = /^(?:请|我要|帮我|麻烦)+|(?:谢谢|吧|了)+$/gu

export function read(raw: string): Reading {
  const kept = tidied(raw)
  const text = upper(kept)
  const bare = text.replace(polite, '')
  const pick = /^(?:Y|YES|是) ?([1-9])$/.exec(text)
  const yes = pick ? { pick: Number(pick[1]) } : yesWords.includes(text) ? { pick: null } : null
  return {
    text,
    stop: stopWords.includes(bare) || /^TD ?\d{1,6}$/.test(text),
    cancel: cancelWords.includes(bare),
    no: noWords.includes(text),
    yes,
    code: /^\d{4,6}$/.test(text) ? text : null,
    product: isDialogue(text) ? null : productOf(kept),
    amount: amountOf(text),
  }
}

/** A word of the purchase dialogue is no keyword: said where nothing is open, it still means itself. */
const isDialogue = (text: string) =>
  /^(?:Y|YES|是) ?[1-9]?$/.test(text) || [...yesWords, ...noWords, ...stopWords].includes(text)

/** Half-width, trimmed, single spaces, no punctuation at the end. */
function tidied(raw: string): string {
  return (
    raw
      .normalize('NFC')
      // Full-width forms alone: to other look-alikes (`①`, `ʸ`) nobody was asked to reply.
      .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
      .replaceAll('\uffe5', '¥')
      .replace(/[\p{Cf}\p{Cc}\p{Cs}]/gu, ' ')
      .replace(/\s+/gu, ' ')
      .trim()
      .replace(/[\p{P}\p{S}\s]+$/u, '')
  )
}

/** Of the Latin alphabet only: elsewhere two letters may share a capital (`ſ` and `s`). */
const upper = (text: string) => text.replace(/[a-z]/g, (letter) => letter.toUpperCase())

/** `150`, `150#player7`, a keyword, a keyword and an account. Accounts keep their case. */
function productOf(text: string): Reading['product'] {
  const coded = /^(\d{3})(?:[# ](.{1,32}))?$/u.exec(text)
  if (coded) return { word: coded[1] ?? '', account: coded[2]?.trim() || null }
  const keyword = /^(\p{L}[\p{L}\p{N}]{0,11})(?:[# ](.{1,32}))?$/u.exec(text)
  return keyword
    ? { word: (keyword[1] ?? '').toUpperCase(), account: keyword[2]?.trim() || null }
    : null
}

/** `0.1` to two digits before the point, so that an amount is never mistaken for a product code. */
function amountOf(text: string): bigint | null {
  const yuan = text.replace(/ ?(?:元|YUAN|CNY)$/u, '').replace(/^(?:CNY|¥) ?/u, '')
  if (!/^\d{1,2}(?:\.\d{1,2})?$/.test(yuan)) return null
  const amount = parse(yuan)
  return amount.ok ? amount.value : null
}
