/** How lines read to people, and in files. Numbers of others are masked. */
import { format, masked } from '../kernel/index.ts'
import { type Reason, reasonTitles } from '../ledger/index.ts'
import type { Line } from './line.ts'

export type Language = 'zh' | 'en'

export const kindText = ({ kind }: Pick<Line, 'kind'>, language: Language): string =>
  reasonTitles[kind][language]

export function counterpartyText({ counterparty }: Line, language: Language): string {
  if (counterparty === null) return ''
  switch (counterparty.kind) {
    case 'merchant':
      return `${counterparty.name[language]} ${counterparty.goods[language]}`
    case 'card':
      return [
        counterparty.payee,
        language === 'zh' ? `尾号${counterparty.last4}` : `card ${counterparty.last4}`,
      ]
        .filter((part) => part !== null)
        .join(' ')
    case 'till':
      return language === 'zh' ? '营业厅' : 'counter'
    case 'biller':
      return `${counterparty.name[language]} ${counterparty.account}`
    case 'number':
      return masked(counterparty.msisdn)
  }
}

/** With its sign. */
export const amountText = ({ way, amount }: Line): string =>
  `${way === 'in' ? '+' : '-'}${format(amount)}`

export const headings: Readonly<Record<Language, readonly string[]>> = {
  zh: ['时间', '类型', '对方', '金额(元)', '余额(元)', '单号', '备注'],
  en: ['Time', 'Kind', 'With', 'Amount (CNY)', 'Balance (CNY)', 'No.', 'Memo'],
}

/** The end of a file in which there was no room for older lines. */
export const cutText = (count: number, language: Language): string =>
  language === 'zh'
    ? `仅列出最近${count}笔，更早的未列出；请缩短时间范围。`
    : `Only the latest ${count} lines; older ones are left out. Choose a shorter time.`

/** What a file was narrowed to; empty where it has all of its time. */
export function filterText(
  { kinds, text }: { readonly kinds?: readonly Reason[]; readonly text?: string },
  language: Language,
): string {
  const titles = new Set(kinds?.map((kind) => reasonTitles[kind][language]))
  const parts = [[...titles].join(', '), text === undefined ? '' : `“${text}”`]
  const said = parts.filter((part) => part !== '').join('  ')
  if (said === '') return ''
  return language === 'zh' ? `仅含：${said}` : `Only: ${said}`
}

/** The cells of a line in the order of the headings; `time` says when, in the operator's zone. */
export const cellsOf = (
  line: Line,
  language: Language,
  time: (at: number) => string,
): readonly string[] => [
  time(line.at),
  kindText(line, language),
  counterpartyText(line, language),
  amountText(line),
  format(line.balance),
  line.orderNo ?? line.id,
  line.memo ?? '',
]
