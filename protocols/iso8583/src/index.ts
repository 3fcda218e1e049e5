export {
  type AdditionalAmount,
  readAdditionalAmounts,
  writeAdditionalAmounts,
} from './additional-amounts.ts'
export { decode, decodeHeader } from './codec/decode.ts'
export { encode } from './codec/encode.ts'
export { describe, maskedPan } from './describe.ts'
export { createFramer, type Framed, type FrameFault, type Framer, frameMessage } from './framer.ts'
export { type Message, type OutgoingMessage, octetsOf, textOf, type Value } from './message.ts'
export { type OriginalData, originalDataOf, readOriginalData } from './original-data.ts'
export type { Place, Reason, Refusal } from './refusal.ts'
export type { Result } from './result.ts'
export { type Revealing, Secret } from './secret.ts'
export { type BlockCipher, equalInConstantTime } from './security/block-cipher.ts'
export {
  type CipherOf,
  type KeyRefusal,
  keyCheckValue,
  unwrapKey,
  type WrappedKey,
  wrapKey,
} from './security/key-exchange.ts'
export { cbcMac, cmac, type Padding, retailMac, unionPayEcbMac } from './security/mac.ts'
export { encodeWithMac, type MacFunction, macBlock, macHolds } from './security/message-mac.ts'
export {
  type ClearFormat,
  type ClearPin,
  decodePinBlock,
  encodePinBlock,
  type PinRefusal,
} from './security/pin-block.ts'
export {
  decryptPin,
  encryptPin,
  type PinFormat,
  type PinZone,
  type PinZoneRefusal,
  translatePin,
} from './security/pin-encryption.ts'
export { readSignOnKeys, type SignOnKeys, writeSignOnKeys } from './security/sign-on-keys.ts'
export type { Element, Mask } from './spec/elements.ts'
export type { Content, Encoding, Format, Length, Style } from './spec/format.ts'
export {
  defineSpec,
  deriveSpec,
  type FieldChange,
  type FieldSpec,
  type FrameSpec,
  type HeaderPart,
  type MacSpec,
  type MessageSpec,
  type SpecChange,
} from './spec/spec.ts'
export { iso87Ascii } from './specs/iso87-ascii.ts'
export { iso87Bcd } from './specs/iso87-bcd.ts'
export { unionPayHost } from './specs/unionpay-host.ts'
export { unionPayPos } from './specs/unionpay-pos.ts'
export { readTlvs, type Tlv } from './tlv.ts'
