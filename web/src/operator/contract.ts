// What the operator's API answers, as far as the page shows it. Times are RFC 3339, amounts strings of fen.

/** With whom our books are compared. */
export const parties = ['biller', 'bank'] as const
export type Party = (typeof parties)[number]

export type ActKind =
  | 'received'
  | 'returned'
  | 'to_suspense'
  | 'identified'
  | 'covered'
  | 'explained'

type Answered = {
  id: string
  day: string
  kind: 'missing_here' | 'missing_there' | 'amount' | 'state' | 'totals'
  ours: string | null
  theirs: string | null
  amount: string | null
  acts: ActKind[]
  resolution: ActKind | 'by_file' | null
  ageHours: number
  dueOn: string
  overdue: boolean
}
export type BillerDifference = Answered & {
  biller: string
  billId: string
  receiptNo: string | null
  billState: string | null
}
export type BankDifference = Answered & { bank: string; key: string; side: string | null }

/** One line of the queue, whoever it is with. */
export type Difference = Answered & {
  party: Party
  name: string
  /** Of the payment, or of the message. */
  number: string
  receiptNo: string | null
  billState: string | null
}

export const ofBiller = (one: BillerDifference): Difference => ({
  ...one,
  party: 'biller',
  name: one.biller,
  number: one.billId,
})

export const ofBank = (one: BankDifference): Difference => ({
  ...one,
  party: 'bank',
  name: one.bank,
  number: one.key,
  receiptNo: null,
  billState: null,
})

export type Act = {
  id: string
  kind: ActKind | 'complete_file'
  differenceId: string | null
  state: 'asked' | 'done' | 'declined' | 'expired'
  reason: string
  askedBy: string
  askedAt: string
  expiresAt: string
}

export type Page<T> = { items: T[]; next: string | null }
