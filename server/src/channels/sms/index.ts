/** The SMS channel: texts in, texts out, over SMPP. */
export { createInbound, type InboundOptions } from './inbound.ts'
export { createOutbound, type OutboundOptions } from './outbound.ts'
export { read } from './reading.ts'
export {
  createSmppLink,
  type SmppLink,
  type SmppLinkOptions,
  type SmppLinkState,
} from './smpp/index.ts'
export { createSmsLog, type SmsLog } from './sms-log.ts'
export { dropOldParts, messagesOf, type SmsRecord } from './sms-store.ts'
export { reasonText, textOf } from './texts.ts'
