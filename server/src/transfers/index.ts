/** Money between people: the front door. */

export type { Page } from '../db/table-store.ts'
export {
  createTransfers,
  type TransfersModule,
  type TransfersOptions,
} from './create-transfers.ts'
export type { Every, Mandate } from './mandate.ts'
export type { TransferNotice, TransferOutgoing } from './notice.ts'
export type { Packet, PacketKind, Part } from './packet.ts'
export type { Codes, Names, PaidPayment, PaidPayments, PayeeName } from './ports.ts'
export type { MoneyRequest } from './request.ts'
export { isWithin, type Share, type Split } from './split.ts'
export { history, tiedWallets } from './store.ts'
export { topics } from './topics.ts'
export type {
  Arrival,
  Channel,
  EndReason,
  Origin,
  ShownProof,
  State,
  Transfer,
} from './transfer.ts'
export type {
  Answer,
  Ask,
  AskedShare,
  BeginSplit,
  Collect,
  Detail,
  Draw,
  GiveMandate,
  Payee,
  PayRequest,
  PayShare,
  Placed,
  Send,
  SendPacket,
  Sent,
  SplitInFull,
  SplitMode,
  Transfers,
  WholePacket,
  WholeSplit,
} from './transfers.ts'
export { transferInvariants } from './verify.ts'
export {
  type Refusal,
  transferWords,
} from './words.ts'
