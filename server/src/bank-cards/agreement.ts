/** What a customer has agreed to when a card was bound, and before whom. The voucher may follow later. */
export interface Consent {
  /** Of the text that was agreed to. */
  readonly version: string
  /** `counter`, `web`, … */
  readonly channel: string
  readonly clerk?: string
  readonly voucherNo?: string
}

export interface AgreementRecord {
  readonly id: string
  readonly bindingId: string
  readonly version: string
  readonly agreedAt: number
  readonly channel: string
  readonly clerk: string | null
  readonly voucherNo: string | null
}
