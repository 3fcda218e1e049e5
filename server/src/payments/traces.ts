/** What payments leave besides themselves: confirmation numbers in use, and what happened. */

export interface Slot {
  readonly bucket: number
  readonly msisdn: string
  readonly service: string
  readonly slot: number
  readonly paymentId: string
  readonly takenAt: number
  readonly endedAt: number | null
}

export interface PaymentEvent {
  readonly bucket: number
  readonly paymentId: string
  readonly seq: number
  readonly type: string
  readonly at: number
  readonly data: Readonly<Record<string, unknown>>
  /** Who may want to be told; not part of the history. */
  readonly merchantId: string
  readonly client: string | null
}
