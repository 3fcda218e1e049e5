/** The SMS channel: texts in, texts out, over SMPP. */
export { createCardDesk } from './card-desk/desk.ts'
export type { CardNotice } from './card-desk/notices.ts'
export type {
  DeskCard,
  DeskOptions,
  DeskPorts,
  PinAnswer,
  Words,
} from './card-desk/ports.ts'
export { forgetOld as forgetCardTexts } from './card-desk/question-store.ts'
export { createInbound, type InboundOptions } from './inbound.ts'
export { createOutbound, type OutboundOptions } from './outbound.ts'
export { read } from './reading.ts'
export { reasonText } from './reason-texts.ts'
export {
  createSmppLink,
  type SmppLink,
  type SmppLinkOptions,
  type SmppLinkState,
} from './smpp/index.ts'
export { createSmsLog, type SmsLog } from './sms-log.ts'
export { dropOldParts, messagesOf, type SmsRecord } from './sms-store.ts'
export { textOf } from './texts.ts'
export { endReasonText } from './wallet-texts.ts'
