// What the server tells the demo page, whole each time. Amounts are strings of fen, moments are epoch milliseconds.
import type { Fen } from '../fen.ts'
import type { Name } from '../names.ts'
import type { PaymentState, WebhookState } from '../status.ts'

export const carrierBehaviours = [
  'normal',
  'slow',
  'silent',
  'twice',
  'commits_and_drops',
  'away',
] as const

export type CarrierBehaviour = (typeof carrierBehaviours)[number]

export type Network = {
  delayMs: number
  lossPercent: number
  duplicatePercent: number
  carrier: CarrierBehaviour
}

export type Links = {
  smsc: { up: boolean; bound: number; queued: number }
  boss: { up: boolean; unanswered: number }
}

export type Message = {
  id: string
  direction: 'sent' | 'received'
  peer: string
  text: string
  at: number
}

export type BillLine = {
  at: number
  text: string
  amount: Fen
  kind: 'charge' | 'refund' | 'sms' | 'top_up'
}

export type Line = {
  msisdn: string
  billing: 'prepaid' | 'postpaid'
  status: 'active' | 'suspended'
  balance?: Fen
  monthSpent: Fen
  reserved: Fen
  leftToday: Fen
  leftThisMonth: Fen
  bill: BillLine[]
  messages: Message[]
}

export type Goods = { code: string; name: Name; price: Fen }

export type Order = {
  paymentId: string
  orderNo: string
  at: number
  goods: Name
  msisdn: string
  amount: Fen
  refunded: Fen
  state: PaymentState
  reason?: Name
}

export type Webhook = {
  deliveryId: string
  at: number
  type: string
  status: number | null
  ms: number | null
  attempts: number
  state: WebhookState
}

export type Today = {
  count: number
  gross: Fen
  refunds: Fen
  carrierShare: Fen
  platformFee: Fen
  net: Fen
  unknownCount: number
  unknownAmount: Fen
}

export type Statement = { date: string; state: 'ready' | 'not_ready'; url: string }

export type Merchant = {
  id: string
  name: Name
  number: string
  goods: Goods[]
  openAmount: null | { min: Fen; max: Fen; step: Fen }
  orders: Order[]
  webhooks: Webhook[]
  today: Today
  statements: Statement[]
}

export type Pair = { debit: Name; credit: Name; amount: Fen; form: 'pending' | 'posted' | 'void' }

export type LedgerEvent = {
  id: string
  at: number
  title: Name
  state: PaymentState
  note?: Name
  pairs: Pair[]
}

export type Account = { name: Name; side: 'debit' | 'credit'; balance: Fen; pending: Fen }

export type Ledger = { debits: Fen; credits: Fen; events: LedgerEvent[]; accounts: Account[] }

export type Checks = { passed: number; total: number; at: number; failing: string[] }

export type DemoState = {
  now: number
  zone: string
  paused: boolean
  links: Links
  network: Network
  lines: Line[]
  merchants: Merchant[]
  ledger: Ledger
  checks: Checks
}
