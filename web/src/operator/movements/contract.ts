// What the operator's API answers about movements of wallets. Amounts are strings of fen, times RFC 3339.

export const outcomes = ['done', 'not_done'] as const
export type Outcome = (typeof outcomes)[number]

/** Of which a bank has to say what became of them. */
export type Movement = {
  id: string
  number: string
  kind: 'top_up' | 'withdrawal' | 'repayment' | 'card_transfer'
  state: string
  amount: string
  fee: string
  bank: string | null
  last4: string | null
  payee: string | null
  requestedAt: string
  unknownSince: string | null
  ageHours: number
}

export type WholeMovement = Movement & { resolvable: boolean }

/** Into the wallet, or out of it. */
export const wayOf = ({ kind }: Movement): 'in' | 'out' => (kind === 'top_up' ? 'in' : 'out')
