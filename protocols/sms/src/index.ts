export {
  type Alphabet,
  alphabetOf,
  dataCodings,
  decodeText,
  type EncodedText,
  encodeText,
} from './data-coding.ts'
export { decodeGsm7, encodeGsm7, gsm7Cost, packSeptets, unpackSeptets } from './gsm7.ts'
export {
  createReassembler,
  type MessagePart,
  type Reassembler,
  type Reassembly,
} from './reassembler.ts'
export type { Result } from './result.ts'
export { countSegments, type Segment, type SegmentCount, splitText } from './segments.ts'
export {
  type BodyOf,
  type CommandName,
  commandNameOf,
  commands,
  isResponseId,
  type RequestName,
  type ResponseOf,
  responseNameOf,
} from './smpp/commands.ts'
export {
  type DeliveryReceipt,
  formatReceipt,
  isFinalState,
  type MessageState,
  messageStates,
  parseReceipt,
  stateOfNumber,
  stateOfWord,
} from './smpp/delivery-receipt.ts'
export { describe, maskedNumber } from './smpp/describe.ts'
export type { Destination, UnsuccessfulDelivery } from './smpp/fields.ts'
export { createFramer, type Framed, type Framer } from './smpp/framer.ts'
export {
  createPdu,
  createResponse,
  decodeHeader,
  decodePdu,
  encodeParts,
  encodePdu,
  type Pdu,
  type PduHeader,
  type PduOf,
  type PduParts,
  type PduRefusal,
  pduOctetsMax,
  sequenceMax,
} from './smpp/pdu.ts'
export {
  type MessageType,
  messageTypeOf,
  type ShortMessage,
  type ShortMessageRefusal,
  shortMessageOf,
  udhIndicator,
} from './smpp/short-message.ts'
export { type CommandStatusName, commandStatus, statusName } from './smpp/status.ts'
export {
  type IntegerTlv,
  integerTlv,
  type OctetsTlv,
  octetsTlv,
  type StringTlv,
  stringTlv,
  type Tlv,
  type TlvName,
  tlvInteger,
  tlvNameOf,
  tlvOctets,
  tlvString,
} from './smpp/tlvs.ts'
export { decodeUcs2, encodeUcs2 } from './ucs2.ts'
export {
  type Concatenation,
  concatenationHeader,
  type InformationElement,
  parseUserData,
  type UserData,
  type UserDataRefusal,
} from './user-data-header.ts'
