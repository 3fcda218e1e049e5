/**
 * The slip a customer takes home (凭条): its number, and what it says, which is kept as it was printed. It
 * never has a whole card number, a whole document number or a PIN.
 *
 *   reserved ──the act is done──▶ issued
 *       └────the act is refused──▶ void        every number of a month belongs to one act
 */
export interface Bilingual {
  readonly zh: string
  readonly en: string
}

export interface VoucherContent {
  readonly title: Bilingual
  /** A value of words is there in both languages; vouchers of before may have one in Chinese alone. */
  readonly lines: readonly { readonly label: Bilingual; readonly value: string | Bilingual }[]
  /** What the customer has to know afterwards. */
  readonly note: Bilingual | null
  /** The pen's line, as the path of an SVG of 220 by 80. */
  readonly signature: string | null
}

export interface Voucher {
  readonly number: string
  readonly act: string
  readonly office: string
  readonly state: 'reserved' | 'issued' | 'void'
  readonly content: VoucherContent | null
  readonly issuedAt: number | null
  /** How often it was taken out, for a copy says that it is one. */
  readonly prints: number
}

/** `BD-2611-004172`: the month and the place in it. */
export const voucherNumber = (month: string, place: number): string =>
  `BD-${month}-${String(place).padStart(6, '0')}`

const shape = /^BD-\d{4}-\d{6}$/
export const isVoucherNumber = (text: string): boolean => shape.test(text)

/** `2026-11` → `2611`. */
export const voucherMonth = (month: string): string => month.slice(2).replace('-', '')
