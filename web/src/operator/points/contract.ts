// What the operator's API answers about points. Points and pieces are strings of whole numbers.
import type { Name } from '../../names.ts'

export const sources = ['wallet', 'card', 'phone_bill'] as const
export type Source = (typeof sources)[number]

export type Programme = { on: boolean; perYuan: string; sources: Source[]; since?: string }

export type Reward = {
  id: string
  name: Name
  points: string
  kind: 'voucher' | 'stock'
  stock: string
  remaining: string
  from: string
  until: string
}

export type Wallet = { id: string; msisdn: string; state: 'open' | 'closing' | 'closed' }

export type Balance = {
  points: string
  expiring: { points: string; on: string } | null
  owed: string
  unseen: number
}

/** Signed: what came in, or went out. */
export type Line = {
  id: string
  at: string
  title: Name
  subject: string
  points: string
  balance: string
  adjustment: { reason: string; askedBy: string; agreedBy: string } | null
}
