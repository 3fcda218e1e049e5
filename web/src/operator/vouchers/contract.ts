// What the operator's API answers about top-up vouchers. Amounts are strings of fen, counts strings of whole numbers.

export type BatchState = 'requested' | 'made' | 'active' | 'expired' | 'blocked'

export type Batch = {
  id: string
  no: string
  name: string
  seller: string
  amount: string
  count: string
  validUntil: string
  state: BatchState
  askedBy: string
  agreedBy: string
}

export type Counts = Record<'made' | 'active' | 'used' | 'expired' | 'blocked', string>

export type ListedBatch = Batch & { vouchers: Counts }
