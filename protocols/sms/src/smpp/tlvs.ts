/**
 * Optional parameters (SMPP 3.4 §5.3.2): tag, length, value. All tags of the standard are named, with
 * the USSD ones; others pass through by number. Only their framing is checked when a PDU is read: the
 * standard (§3.3) asks to ignore an optional parameter one cannot use, so a value of the wrong length
 * is absent for whoever asks, and does not cost the message it came with.
 */
import type { OctetWriter } from '../octet-writer.ts'
import { latin1Octets, latin1Text } from '../octets.ts'

type Kind = 'octets' | 'c_string' | 1 | 2 | 4

/** A number is the length of an integer in octets. */
const table = {
  dest_addr_subunit: [0x0005, 1],
  dest_network_type: [0x0006, 1],
  dest_bearer_type: [0x0007, 1],
  dest_telematics_id: [0x0008, 2],
  source_addr_subunit: [0x000d, 1],
  source_network_type: [0x000e, 1],
  source_bearer_type: [0x000f, 1],
  source_telematics_id: [0x0010, 1],
  qos_time_to_live: [0x0017, 4],
  payload_type: [0x0019, 1],
  additional_status_info_text: [0x001d, 'c_string'],
  receipted_message_id: [0x001e, 'c_string'],
  ms_msg_wait_facilities: [0x0030, 1],
  privacy_indicator: [0x0201, 1],
  source_subaddress: [0x0202, 'octets'],
  dest_subaddress: [0x0203, 'octets'],
  user_message_reference: [0x0204, 2],
  user_response_code: [0x0205, 1],
  source_port: [0x020a, 2],
  destination_port: [0x020b, 2],
  sar_msg_ref_num: [0x020c, 2],
  language_indicator: [0x020d, 1],
  sar_total_segments: [0x020e, 1],
  sar_segment_seqnum: [0x020f, 1],
  sc_interface_version: [0x0210, 1],
  callback_num_pres_ind: [0x0302, 1],
  callback_num_atag: [0x0303, 'octets'],
  number_of_messages: [0x0304, 1],
  callback_num: [0x0381, 'octets'],
  dpf_result: [0x0420, 1],
  set_dpf: [0x0421, 1],
  ms_availability_status: [0x0422, 1],
  network_error_code: [0x0423, 'octets'],
  message_payload: [0x0424, 'octets'],
  delivery_failure_reason: [0x0425, 1],
  more_messages_to_send: [0x0426, 1],
  message_state: [0x0427, 1],
  ussd_service_op: [0x0501, 1],
  display_time: [0x1201, 1],
  sms_signal: [0x1203, 2],
  ms_validity: [0x1204, 1],
  alert_on_message_delivery: [0x130c, 'octets'],
  its_reply_type: [0x1380, 1],
  its_session_info: [0x1383, 'octets'],
} as const satisfies Readonly<Record<string, readonly [tag: number, kind: Kind]>>

type Table = typeof table
export type TlvName = keyof Table
type NamesOf<Wanted extends Kind> = {
  [Name in TlvName]: Table[Name][1] extends Wanted ? Name : never
}[TlvName]
export type IntegerTlv = NamesOf<1 | 2 | 4>
export type StringTlv = NamesOf<'c_string'>
export type OctetsTlv = NamesOf<'octets'>

export interface Tlv {
  readonly tag: number
  readonly value: Uint8Array
}

const namesByTag = new Map<number, TlvName>()
for (const name of Object.keys(table) as TlvName[]) namesByTag.set(table[name][0], name)

export const tlvNameOf = (tag: number): TlvName | undefined => namesByTag.get(tag)

/** Reads parameters to the end of the PDU. Undefined when one runs past it. */
export function readTlvs(octets: Uint8Array, from: number): Tlv[] | undefined {
  const tlvs: Tlv[] = []
  let at = from
  const short = (index: number) => ((octets[index] ?? 0) << 8) | (octets[index + 1] ?? 0)
  while (at < octets.length) {
    const end = at + 4 + short(at + 2)
    if (at + 4 > octets.length || end > octets.length) return undefined
    tlvs.push({ tag: short(at), value: octets.slice(at + 4, end) })
    at = end
  }
  return tlvs
}

/** Appends one parameter. Throws RangeError above 65,535 octets. */
export function writeTlv(out: OctetWriter, { tag, value }: Tlv): void {
  if (value.length > 0xffff) throw new RangeError(`optional parameter ${tag} is too long`)
  writeShort(out, tag)
  writeShort(out, value.length)
  out.all(value)
}

function writeShort(out: OctetWriter, value: number) {
  out.octet((value >> 8) & 0xff)
  out.octet(value & 0xff)
}

/** An integer parameter of the standard's length. Throws RangeError when the value does not fit. */
export function integerTlv(name: IntegerTlv, value: number): Tlv {
  const [tag, length] = table[name]
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * length))
    throw new RangeError(`${name} does not fit ${length} octets`)
  const octets = new Uint8Array(length)
  for (let i = 0; i < length; i += 1)
    octets[i] = Math.floor(value / 2 ** (8 * (length - 1 - i))) & 0xff
  return { tag, value: octets }
}

/** A C-octet string parameter. Throws RangeError for characters above U+00FF. */
export function stringTlv(name: StringTlv, value: string): Tlv {
  const octets = latin1Octets(`${value}\0`)
  if (!octets) throw new RangeError(`${name} has a character that one octet cannot carry`)
  return { tag: table[name][0], value: octets }
}

export const octetsTlv = (name: OctetsTlv, value: Uint8Array): Tlv => ({
  tag: table[name][0],
  value,
})

interface HasTlvs {
  readonly tlvs: readonly Tlv[]
}

/** The value of the first such parameter, whatever its kind. */
export const tlvOctets = (pdu: HasTlvs, name: TlvName): Uint8Array | undefined =>
  pdu.tlvs.find((it) => it.tag === table[name][0])?.value

/** Undefined when absent or not of the standard's length. */
export function tlvInteger(pdu: HasTlvs, name: IntegerTlv): number | undefined {
  const value = tlvOctets(pdu, name)
  if (value?.length !== table[name][1]) return undefined
  return value.reduce((sum, octet) => sum * 256 + octet, 0)
}

/** Up to the NUL; some centres leave the NUL out, and the length says enough. Undefined when absent. */
export function tlvString(pdu: HasTlvs, name: StringTlv): string | undefined {
  const value = tlvOctets(pdu, name)
  if (!value) return undefined
  const end = value.indexOf(0)
  return latin1Text(end < 0 ? value : value.subarray(0, end))
}
