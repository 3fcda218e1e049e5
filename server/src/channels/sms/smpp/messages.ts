/** Our words for what goes over the link, and their translation to and from SMPP fields. */
import {
  type BodyOf,
  type Concatenation,
  dataCodings,
  decodeText,
  type InformationElement,
  type MessageState,
  messageTypeOf,
  type PduOf,
  parseReceipt,
  type Result,
  type Segment,
  type ShortMessageRefusal,
  shortMessageOf,
  splitText,
  stateOfNumber,
  tlvInteger,
  tlvString,
  udhIndicator,
} from '@telepurse/sms'
import type { SubmitParts } from './submitter.ts'

/** A number as SMPP carries it (§5.2.5, §5.2.6): digits without `+`, type of number, numbering plan. */
export interface SmppAddress {
  readonly number: string
  readonly ton: number
  readonly npi: number
}

/** An E.164 number, with or without `+`: TON 1 (international), NPI 1 (E.164). */
export const handsetAddress = (msisdn: string): SmppAddress => ({
  number: msisdn.replace(/^\+/, ''),
  ton: 1,
  npi: 1,
})

/** A service code such as 1065800886021, valid only in its network: TON 3, NPI 0. */
export const serviceAddress = (code: string): SmppAddress => ({ number: code, ton: 3, npi: 0 })

/** `+8613800138000` for an international number, otherwise the digits as they came. */
export const addressText = (address: SmppAddress): string =>
  address.ton === 1 && !address.number.startsWith('+') ? `+${address.number}` : address.number

export interface OutgoingMessage {
  readonly source: SmppAddress
  readonly destination: SmppAddress
  /** Of any length up to 255 parts; see `submit`. */
  readonly text: string
  /** Ask for a delivery receipt. Default false. */
  readonly receipt?: boolean
  /**
   * Joins the parts of a long text at the handset: 0 to 65,535, and kept when the same message is sent
   * again, so that parts sent twice are the same parts.
   */
  readonly reference?: number
  /** Relative validity of the message in seconds, up to 31 days. Default: the centre's. */
  readonly validitySeconds?: number
}

export interface IncomingMessage {
  readonly source: SmppAddress
  readonly destination: SmppAddress
  readonly dataCoding: number
  /** The octets after the user data header. */
  readonly content: Uint8Array
  /** Absent when binary or in an alphabet we do not read. Of a part, decode the joined content instead. */
  readonly text?: string
  readonly elements: readonly InformationElement[]
  /** Present when this is one part of a long message. */
  readonly concatenation?: Concatenation
  /**
   * The centre's name for this message. A `receipted_message_id` names it for good; a
   * `user_message_reference` has 16 bits and comes round again, so trust it only for a short time and
   * together with both numbers and the content.
   */
  readonly providerMessageId?: string
  readonly providerMessageIdFrom?: 'receipted_message_id' | 'user_message_reference'
  /** Our clock, in milliseconds. */
  readonly receivedAt: number
}

export interface IncomingReceipt {
  /** The id `submit` gave back, as the centre writes it here. */
  readonly messageId: string
  readonly state: MessageState
  /** The centre's error code, when told. */
  readonly error?: string
  /** As the receipt carries them: its source is the handset our message went to. */
  readonly source: SmppAddress
  readonly destination: SmppAddress
  /** Tells how things stand, not how they ended (esm_class 0x20). */
  readonly intermediate: boolean
  readonly receivedAt: number
}

export type Incoming =
  | { readonly kind: 'message'; readonly message: IncomingMessage }
  | { readonly kind: 'receipt'; readonly receipt: IncomingReceipt }
  /** Nothing to act on: acknowledgements of handsets, and receipts that name no message. */
  | { readonly kind: 'other'; readonly detail: string }

/** submit_sm for each part, in order. Refused beyond 255 parts. */
export function submitsOf(message: OutgoingMessage): Result<SubmitParts[], 'too_many_segments'> {
  const split = splitText(message.text, { reference: message.reference ?? 0 })
  if (!split.ok) return split
  return { ok: true, value: split.value.map((segment) => ({ body: bodyOf(message, segment) })) }
}

const bodyOf = (
  { source, destination, validitySeconds, receipt }: OutgoingMessage,
  { userData, dataCoding, concatenation }: Segment,
): Partial<BodyOf<'submit_sm'>> => ({
  source_addr_ton: source.ton,
  source_addr_npi: source.npi,
  source_addr: source.number,
  dest_addr_ton: destination.ton,
  dest_addr_npi: destination.npi,
  destination_addr: destination.number,
  esm_class: concatenation ? udhIndicator : 0,
  validity_period: relativeTime(validitySeconds),
  registered_delivery: receipt ? 1 : 0,
  data_coding: dataCoding,
  short_message: userData,
})

/** §7.1.1.2, relative format `YYMMDDhhmmss000R`; empty when not given. */
function relativeTime(seconds: number | undefined): string {
  if (seconds === undefined) return ''
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const days = two(Math.min(31, seconds / 86_400))
  return `0000${days}${two((seconds / 3_600) % 24)}${two((seconds / 60) % 60)}${two(seconds % 60)}000R`
}

/** What a deliver_sm or data_sm brings. Refused when its user data cannot be read. */
export function incomingOf(
  pdu: PduOf<'deliver_sm'> | PduOf<'data_sm'>,
  receivedAt: number,
): Result<Incoming, ShortMessageRefusal> {
  const parsed = shortMessageOf(pdu)
  if (!parsed.ok) return parsed
  const { body } = pdu
  const source = { number: body.source_addr, ton: body.source_addr_ton, npi: body.source_addr_npi }
  const destination = {
    number: body.destination_addr,
    ton: body.dest_addr_ton,
    npi: body.dest_addr_npi,
  }
  const type = messageTypeOf(body.esm_class)
  if (type === 'message') {
    const message = { source, destination, ...parsed.value, ...providerIdOf(pdu), receivedAt }
    return { ok: true, value: { kind: 'message', message } }
  }
  const intermediate = type === 'intermediate_notification'
  if (type !== 'delivery_receipt' && !intermediate)
    return { ok: true, value: { kind: 'other', detail: type } }
  // Receipts are written in ASCII, often whatever data_coding says.
  const ascii = decodeText(parsed.value.content, dataCodings.latin1) ?? ''
  const written = parseReceipt(ascii) ?? parseReceipt(parsed.value.text ?? '')
  const messageId = tlvString(pdu, 'receipted_message_id') ?? written?.id
  const state = stateOfNumber(tlvInteger(pdu, 'message_state') ?? 0) ?? written?.state
  if (!messageId || !state)
    return { ok: true, value: { kind: 'other', detail: 'receipt_unreadable' } }
  const error = written?.error
  const receipt = {
    messageId,
    state,
    ...(error && { error }),
    source,
    destination,
    intermediate,
    receivedAt,
  }
  return { ok: true, value: { kind: 'receipt', receipt } }
}

function providerIdOf(pdu: PduOf<'deliver_sm'> | PduOf<'data_sm'>) {
  const id = tlvString(pdu, 'receipted_message_id')
  if (id) return { providerMessageId: id, providerMessageIdFrom: 'receipted_message_id' } as const
  const reference = tlvInteger(pdu, 'user_message_reference')
  if (reference === undefined) return {}
  return {
    providerMessageId: String(reference),
    providerMessageIdFrom: 'user_message_reference',
  } as const
}
