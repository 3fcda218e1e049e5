export type { SmppLinkHandlers } from './deliverer.ts'
export { createSmppLink, type SmppLink, type SmppLinkState, type SubmitResult } from './link.ts'
export {
  addressText,
  handsetAddress,
  type IncomingMessage,
  type IncomingReceipt,
  type OutgoingMessage,
  type SmppAddress,
  serviceAddress,
} from './messages.ts'
export { defaultLimits, type SmppLimits, type SmppLinkOptions, type SmppLog } from './options.ts'
export type { SubmitOutcome } from './submitter.ts'
