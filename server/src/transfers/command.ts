/** Everything that can happen between people's wallets, as data, with what must be known to decide it. */

import type { RequestKey } from '../db/table-store.ts'
import type { Amount, Msisdn } from '../kernel/index.ts'
import type { Mandate } from './mandate.ts'
import type { Part } from './packet.ts'
import type { MoneyRequest } from './request.ts'
import type { Share, Split } from './split.ts'
import type { Noun } from './topics.ts'
import type { Transfer } from './transfer.ts'
import type {
  Answer,
  Ask,
  BeginSplit,
  Collect,
  Draw,
  GiveMandate,
  OfSplit,
  PayRequest,
  PayShare,
  Placed,
  Send,
  SendPacket,
  Sent,
  WholePacket,
  WholeSplit,
} from './transfers.ts'

/** What the payer said of the payee's name, compared before the batch: names are opened one by one. */
export interface SaidName {
  readonly identityId: string
  readonly isRight: boolean
}

interface Paid {
  /** The id that the transfer will have, if there comes to be one. */
  readonly transferId: string
  readonly said: SaidName | null
}

type Unsealed<Order> = Omit<Order, 'nameCharacter'>

export type PlacedSend = Unsealed<Send> & Paid
export type PlacedPayRequest = Unsealed<PayRequest> & Paid
/** What was kept of the payment that a bill comes from, when that was asked; null where there is none. */
interface Kept {
  readonly kept: Amount | null
}
export type PlacedPayShare = Unsealed<PayShare> & Paid & Kept & { readonly shareId: string }
export type PlacedAsk = Ask & { readonly requestId: string }
export type PlacedCollect = Omit<Collect, 'digits' | 'reader'> & {
  readonly requestId: string
  readonly transferId: string
  readonly payer: Msisdn
  readonly codeAlias: string
  readonly codeStep: number
}
export type PlacedMandate = Unsealed<GiveMandate> & {
  readonly mandateId: string
  readonly said: SaidName | null
}
export type PlacedDraw = Draw & { readonly transferId: string; readonly payer: Msisdn }
export type PlacedSplit = BeginSplit & {
  readonly splitId: string
  readonly amounts: readonly Amount[]
  readonly own: Amount
  readonly isVerified: boolean
  /** What was kept of the payment that is named; null where it is not one's own. */
  readonly kept: Amount | null
}
export type PlacedPacket = SendPacket & {
  readonly packetId: string
  readonly parts: readonly Amount[]
}

/** Numbers to lock, wallets and rows to read. */
export interface Needs {
  readonly numbers: readonly Msisdn[]
  readonly walletIds?: readonly string[]
  readonly rows?: Partial<Readonly<Record<Noun, readonly string[]>>>
  /** Whose bills are read, all that come from them. */
  readonly payments?: readonly string[]
  /** Of rows that an earlier one of the same name may have made. */
  readonly keys?: Partial<Readonly<Record<Noun, RequestKey>>>
}

/** `gone`: there is nothing that the timer could be of. */
export type DueResult = 'looked_at' | 'gone'

export interface Results {
  readonly send: Sent
  readonly cancel: Answer<Transfer>
  readonly claim: null
  readonly due: DueResult
  readonly ask: Answer<Placed<'request', MoneyRequest>>
  readonly collect: Answer<Placed<'request', MoneyRequest>>
  readonly pay_request: Sent
  readonly end_request: Answer<MoneyRequest>
  readonly give: Answer<Placed<'mandate', Mandate>>
  readonly draw: Sent
  readonly end_mandate: Answer<Mandate>
  readonly begin_split: Answer<WholeSplit & { readonly replayed: boolean }>
  readonly pay_share: Sent
  readonly remind: Answer<number>
  readonly stop: Answer<Split>
  readonly decline_share: Answer<Share>
  readonly return_share: Sent
  readonly send_packet: Answer<WholePacket & { readonly replayed: boolean }>
  readonly open_packet: Answer<Part>
}

interface Bodies {
  readonly send: { readonly order: PlacedSend }
  readonly cancel: { readonly msisdn: Msisdn; readonly transferId: string }
  readonly claim: { readonly msisdn: Msisdn }
  readonly due: Kept & { readonly noun: Noun; readonly id: string }
  readonly ask: { readonly order: PlacedAsk }
  readonly collect: { readonly order: PlacedCollect }
  readonly pay_request: { readonly order: PlacedPayRequest }
  readonly end_request: {
    readonly msisdn: Msisdn
    readonly requestId: string
    readonly as: 'declined' | 'cancelled'
  }
  readonly give: { readonly order: PlacedMandate }
  readonly draw: { readonly order: PlacedDraw }
  readonly end_mandate: { readonly msisdn: Msisdn; readonly mandateId: string }
  readonly begin_split: { readonly order: PlacedSplit }
  readonly pay_share: { readonly order: PlacedPayShare }
  readonly remind: OfSplit & Kept
  readonly stop: OfSplit
  readonly decline_share: OfSplit & { readonly shareId: string }
  readonly return_share: OfSplit & {
    readonly shareId: string
    readonly channel: Transfer['channel']
    readonly transferId: string
  }
  readonly send_packet: { readonly order: PlacedPacket }
  readonly open_packet: { readonly msisdn: Msisdn; readonly packetId: string }
}

export type Kind = keyof Bodies

export type Command<K extends Kind = Kind> = {
  [Each in K]: { readonly kind: Each; readonly needs: Needs } & Bodies[Each]
}[K]

export type CommandResult = Results[Kind]
