/**
 * One line about a PDU, for logs. It tells what a fault-finder needs and nothing a person said or is:
 * texts and passwords appear as their length or as dots, numbers without their middle digits.
 */
import type { Pdu } from './pdu.ts'
import { statusName } from './status.ts'
import { type Tlv, tlvNameOf } from './tlvs.ts'

/** `8613800138000` → `86138****8000`; a number of less than seven digits is a service, and shown. */
export function maskedNumber(number: string): string {
  if (number.length < 7) return number
  const head = Math.max(0, number.length - 8)
  return `${number.slice(0, head)}${'*'.repeat(number.length - 4 - head)}${number.slice(-4)}`
}

const numbers = new Set(['source_addr', 'destination_addr', 'esme_addr'])

/** Parameters whose octets are not about a person. All others are shown by their length. */
const plainTlvs = new Set([
  'receipted_message_id',
  'message_state',
  'user_message_reference',
  'sar_msg_ref_num',
  'sar_total_segments',
  'sar_segment_seqnum',
  'sc_interface_version',
  'network_error_code',
  'ussd_service_op',
  'its_session_info',
])

/** For example `deliver_sm seq=7 ESME_ROK source_addr=86138****8000 … short_message=(6 octets)`. */
export function describe(pdu: Pdu): string {
  const words = [pdu.command, `seq=${pdu.sequence}`, statusName(pdu.status)]
  for (const [name, value] of Object.entries(pdu.body)) {
    const shown = shownField(name, value)
    if (shown !== undefined) words.push(`${name}=${shown}`)
  }
  return [...words, ...pdu.tlvs.map(shownTlv)].join(' ')
}

/** Fields at their default say nothing and are left out. */
function shownField(name: string, value: unknown): string | undefined {
  if (name === 'password') return '••••'
  if (value instanceof Uint8Array) return `(${value.length} octets)`
  if (Array.isArray(value)) return `(${value.length} addresses)`
  if (value === '' || value === 0) return undefined
  const text = printable(String(value))
  return numbers.has(name) ? maskedNumber(text) : text
}

function shownTlv({ tag, value }: Tlv): string {
  const name = tlvNameOf(tag)
  const label = name ?? `0x${tag.toString(16).padStart(4, '0')}`
  if (name === undefined || !plainTlvs.has(name)) return `${label}=(${value.length} octets)`
  if (name === 'receipted_message_id')
    return `${label}=${printable(String.fromCharCode(...value.subarray(0, 65)))}`
  return `${label}=${[...value.subarray(0, 8)].map((it) => it.toString(16).padStart(2, '0')).join('')}`
}

/** A peer must not be able to write a line of its own into the log. */
const printable = (text: string) => text.replace(/[^\x21-\x7e]/g, (it) => (it === '\0' ? '' : '?'))
