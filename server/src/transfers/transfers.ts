/**
 * The front door of money between people: what channels may ask. Whoever calls has checked the payer's PIN.
 * Every request has a key: said again with the same content it answers with what it came to then, as it is now.
 */
import type { Tx } from '../db/index.ts'
import type { Page } from '../db/table-store.ts'
import type { Amount, BusinessDate, Msisdn, Secret } from '../kernel/index.ts'
import type { Every, Mandate } from './mandate.ts'
import type { News, Whose } from './news-store.ts'
import type { Packet, PacketKind, Part } from './packet.ts'
import type { PaidPayment } from './ports.ts'
import type { MoneyRequest } from './request.ts'
import type { Share, Split } from './split.ts'
import type { Arrival, Channel, Transfer } from './transfer.ts'
import type { Refusal } from './words.ts'

/** What stands behind a refusal, for the text that tells it. */
export interface Detail {
  /** What is there, or may be moved at most; of a packet that is over, what went back. */
  readonly left?: Amount
  readonly until?: number
  readonly triesLeft?: number
}

export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | ({ readonly ok: false; readonly refusal: Refusal } & Detail)

/** `replayed`: the key was used before, and nothing was done. */
export type Placed<Name extends string, Row> = { readonly [N in Name]: Row } & {
  readonly replayed: boolean
}

export type Sent = Answer<Placed<'transfer', Transfer>>

interface By {
  readonly msisdn: Msisdn
  /** Of the caller's making and with its name in front, for example `web:<uuid>`. */
  readonly key: string
}

interface Naming extends By {
  /** The character of the payee's name that the mask leaves out, where it is asked for. */
  readonly nameCharacter?: Secret
}

interface Paying extends Naming {
  readonly channel: Channel
}

export interface Send extends Paying {
  readonly to: Msisdn
  readonly amount: Amount
  readonly arrival: Arrival
  readonly memo?: string
}

export interface Ask extends By {
  readonly from: Msisdn
  readonly amount: Amount
  readonly memo?: string
}

/** Of whoever shows a payment code. */
export interface Collect extends By {
  readonly digits: string
  readonly amount: Amount
  readonly memo?: string
  /** Who reads, as guessing is counted: by device or account, and by where it is. */
  readonly reader: { readonly till: string; readonly client: string }
}

export interface PayRequest extends Paying {
  readonly requestId: string
}

export interface GiveMandate extends Naming {
  readonly to: Msisdn
  readonly every: Every
  readonly cap: Amount
  /** With an amount it draws by itself. */
  readonly amount?: Amount
  readonly startsOn: BusinessDate
  readonly endsOn?: BusinessDate
  readonly memo?: string
}

/** Asked by the payee of a mandate. */
export interface Draw extends By {
  readonly mandateId: string
  readonly amount: Amount
}

/** Equal shares among all; so much each; or an amount each. The own share is nobody's debt. */
export type SplitMode =
  | { readonly mode: 'equal'; readonly total: Amount; readonly withOwn: boolean }
  | {
      readonly mode: 'weights'
      readonly total: Amount
      readonly weights: readonly bigint[]
      readonly ownWeight: bigint
    }
  | { readonly mode: 'each'; readonly amount: Amount }
  | { readonly mode: 'custom'; readonly amounts: readonly Amount[]; readonly own: Amount }

export interface BeginSplit extends By {
  readonly title: string
  /** Those who are to pay, in order, without who begins it. */
  readonly people: readonly Msisdn[]
  readonly how: SplitMode
  /** A payment of one's own that the total may not exceed. */
  readonly paymentId?: string
}

export interface PayShare extends Paying {
  readonly splitId: string
}

export interface SendPacket extends By {
  readonly kind: PacketKind
  /** Of all parts. */
  readonly amount: Amount
  readonly count: number
  readonly onlyFor?: Msisdn
  readonly greeting?: string
}

export interface Payee {
  /** Null where nobody knows who it is. */
  readonly maskedName: string | null
  readonly hasWallet: boolean
  /** The payer has given the name right before. */
  readonly isKnown: boolean
}

export interface WholeSplit {
  readonly split: Split
  readonly shares: readonly Share[]
}

/** The payment that a bill comes from, as it stands now. */
export interface SplitPayment extends PaidPayment {
  /** What others may still pay of it, in all its bills. */
  readonly left: Amount
}

export interface SplitInFull extends WholeSplit {
  readonly payment: SplitPayment | null
}

export interface AskedShare {
  readonly split: Split
  readonly share: Share
}

export interface WholePacket {
  readonly packet: Packet
  readonly parts: readonly Part[]
}

export interface OfSplit {
  readonly msisdn: Msisdn
  readonly splitId: string
}

export interface Transfers {
  /** Who would get it, for the payer to look at before. Guessing is limited by the channel. */
  payee(msisdn: Msisdn, payer?: Msisdn): Promise<Payee>
  send(order: Send): Promise<Sent>
  /** By the payer, until it is due or claimed. */
  cancel(one: { readonly msisdn: Msisdn; readonly transferId: string }): Promise<Answer<Transfer>>
  get(id: string): Promise<Transfer | undefined>
  /** From a wallet and to it, newest first. */
  list(walletId: string, page: Page): Promise<readonly Transfer[]>

  ask(order: Ask): Promise<Answer<Placed<'request', MoneyRequest>>>
  /** By the code that the payer shows: paid at once, a question to the payer, or refused. */
  collect(order: Collect): Promise<Answer<Placed<'request', MoneyRequest>>>
  payRequest(order: PayRequest): Promise<Sent>
  decline(one: {
    readonly msisdn: Msisdn
    readonly requestId: string
  }): Promise<Answer<MoneyRequest>>
  cancelRequest(one: {
    readonly msisdn: Msisdn
    readonly requestId: string
  }): Promise<Answer<MoneyRequest>>
  request(id: string): Promise<MoneyRequest | undefined>
  /** Asked by a number and of it, newest first. */
  requests(msisdn: Msisdn, page: Page): Promise<readonly MoneyRequest[]>

  give(order: GiveMandate): Promise<Answer<Placed<'mandate', Mandate>>>
  draw(order: Draw): Promise<Sent>
  /** By the payer or the payee. */
  endMandate(one: { readonly msisdn: Msisdn; readonly mandateId: string }): Promise<Answer<Mandate>>
  mandate(id: string): Promise<Mandate | undefined>
  mandates(walletId: string, page: Page): Promise<readonly Mandate[]>

  beginSplit(order: BeginSplit): Promise<Answer<WholeSplit & { readonly replayed: boolean }>>
  payShare(order: PayShare): Promise<Sent>
  /** Those who have not paid and were not reminded for a day; answers how many. */
  remindSplit(one: OfSplit): Promise<Answer<number>>
  stopSplit(one: OfSplit): Promise<Answer<Split>>
  /** By the one who is asked, who then owes nothing. */
  declineShare(one: OfSplit): Promise<Answer<Share>>
  returnShare(one: OfSplit & { readonly to: Msisdn; readonly channel: Channel }): Promise<Sent>
  split(id: string): Promise<SplitInFull | undefined>
  splits(walletId: string, page: Page): Promise<readonly Split[]>
  /** What of a payment of the number was kept, and what of that others owe or have paid already. */
  sharedOf(msisdn: Msisdn, paymentId: string): Promise<{ kept: Amount; shared: Amount }>
  /** What a number is asked to pay, newest first, each with the bill that it is of. */
  sharesOf(msisdn: Msisdn, page: Page): Promise<readonly AskedShare[]>

  sendPacket(order: SendPacket): Promise<Answer<WholePacket & { readonly replayed: boolean }>>
  openPacket(one: { readonly msisdn: Msisdn; readonly packetId: string }): Promise<Answer<Part>>
  packet(id: string): Promise<WholePacket | undefined>
  packets(walletId: string, page: Page): Promise<readonly Packet[]>

  /** What others have a hand in, as it stands now: the newest of each kind. */
  news(whose: Whose, limit: number): Promise<readonly News[]>
  /** Told the numbers of what this process has committed; answers how to end that. */
  onChange(listener: (msisdn: Msisdn) => void): () => void

  /** A wallet was opened, in the transaction of that: what waits for its number is credited. */
  opened(tx: Tx, account: { readonly id: string; readonly msisdn: Msisdn }): Promise<void>
  /** The number is given up, in the transaction of that: nothing that waits for it reaches its next owner. */
  release(tx: Tx, msisdn: Msisdn): Promise<void>
}
