/**
 * What a submit_sm, deliver_sm or data_sm says, wherever the PDU put it: text in short_message or in
 * message_payload (SMPP 3.4 §5.3.2.32), parts numbered in a user data header or by the sar_ parameters
 * (§5.3.2.22 to §5.3.2.24), and in esm_class (§5.2.12) whether it is a message at all or a receipt.
 */
import { decodeText } from '../data-coding.ts'
import { accept, type Result, refuse } from '../result.ts'
import {
  type Concatenation,
  type InformationElement,
  parseUserData,
  type UserData,
  type UserDataRefusal,
  validConcatenation,
} from '../user-data-header.ts'
import type { PduOf } from './pdu.ts'
import { type Tlv, tlvInteger, tlvOctets } from './tlvs.ts'

/** esm_class, bit 6: the user data begins with a header. */
export const udhIndicator = 0x40

/** esm_class, bits 5 to 2. */
const messageTypes = new Map<number, MessageType>([
  [0x00, 'message'],
  [0x04, 'delivery_receipt'],
  [0x08, 'delivery_acknowledgement'],
  [0x10, 'user_acknowledgement'],
  [0x18, 'conversation_abort'],
  [0x20, 'intermediate_notification'],
])
export type MessageType =
  | 'message'
  | 'delivery_receipt'
  | 'delivery_acknowledgement'
  | 'user_acknowledgement'
  | 'conversation_abort'
  | 'intermediate_notification'

export interface ShortMessage {
  /** Without the user data header. */
  readonly content: Uint8Array
  readonly dataCoding: number
  readonly elements: readonly InformationElement[]
  readonly concatenation?: Concatenation
  /** Absent when binary or in an alphabet that is not read. Of a part, only as good as the cut. */
  readonly text?: string
}

export type ShortMessageRefusal = UserDataRefusal | 'two_messages'
type Carrier = PduOf<'submit_sm'> | PduOf<'deliver_sm'> | PduOf<'data_sm'>

/** Reserved types count as plain messages, so that nothing a person wrote is lost. */
export const messageTypeOf = (esmClass: number): MessageType =>
  messageTypes.get(esmClass & 0x3c) ?? 'message'

/** Refused when the user data header is broken, or when text is in both places (§5.3.2.32). */
export function shortMessageOf(pdu: Carrier): Result<ShortMessage, ShortMessageRefusal> {
  const inline = pdu.command === 'data_sm' ? new Uint8Array(0) : pdu.body.short_message
  const payload = tlvOctets(pdu, 'message_payload')
  if (payload?.length && inline.length) return refuse('two_messages')
  const userData = payload?.length ? payload : inline
  const dataCoding = pdu.body.data_coding
  const hasHeader = (pdu.body.esm_class & udhIndicator) !== 0
  const parsed: Result<UserData, UserDataRefusal> = hasHeader
    ? parseUserData(userData)
    : accept({ content: userData, elements: [] })
  if (!parsed.ok) return parsed
  const { content, elements } = parsed.value
  const concatenation = parsed.value.concatenation ?? sarOf(pdu)
  const text = decodeText(content, dataCoding)
  return accept({
    content,
    dataCoding,
    elements,
    ...(concatenation && { concatenation }),
    ...(text !== undefined && { text }),
  })
}

/** The three sar_ parameters say the same as a concatenation header, and count only all together. */
function sarOf(pdu: { readonly tlvs: readonly Tlv[] }): Concatenation | undefined {
  const reference = tlvInteger(pdu, 'sar_msg_ref_num')
  const total = tlvInteger(pdu, 'sar_total_segments')
  const part = tlvInteger(pdu, 'sar_segment_seqnum')
  if (reference === undefined || total === undefined || part === undefined) return undefined
  return validConcatenation({ reference, referenceBits: 16, total, part })
}
