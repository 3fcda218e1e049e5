// What the app's API answers about bills, as these screens read it.
import type { Fen } from '../../fen.ts'
import type { Name } from '../../names.ts'

export type BillerKind = 'water' | 'power' | 'gas' | 'phone' | 'top_up'

export type Biller = {
  code: string
  kind: BillerKind
  name: Name
  city: Name
  accountLabel: Name
  accountPattern: string
}

export type BillState =
  | 'inquired'
  | 'lapsed'
  | 'writing_off'
  | 'write_off_unknown'
  | 'written_off'
  | 'refunding'
  | 'refunded'

export type Bill = {
  id: string
  biller: string
  name: Name
  account: string
  holder: string | null
  items: readonly { period: string; amount: Fen }[]
  due: Fen
  min: Fen
  max: Fen
  amount: Fen | null
  state: BillState
  reason: { code: string; words: Name } | null
  receiptNo: string | null
  validUntil: string
  paidAt: string | null
  endedAt: string | null
}

export type KeptAccount = {
  id: string
  biller: string
  account: string
  label: string
  remindDay: number | null
}
