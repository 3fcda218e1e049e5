/** A text typed on a handset, as the deliver_sm a service receives. */
import { type BodyOf, splitText, stringTlv, udhIndicator } from '@telepurse/sms'
import type { Delivery } from './deliveries.ts'
import { isServiceCode, parseHandset } from './numbers.ts'

export interface HandsetText {
  /** The handset, in any of the forms a Chinese mobile number is written. */
  readonly from: string
  /** A service code of 3 to 20 digits, or another handset. */
  readonly to: string
  readonly text: string
}

export type HandsetTextRefusal =
  | 'not_a_mobile_number'
  | 'not_a_number_to_send_to'
  | 'text_missing'
  | 'text_too_long'
  | 'queue_full'

/** Ten short messages: no handset offers more. */
const partsMax = 10

/** Thrown by `sendFromHandset`; nothing was changed. */
export class HandsetTextRefused extends Error {
  readonly refusal: HandsetTextRefusal
  constructor(refusal: HandsetTextRefusal) {
    super(refusal)
    this.refusal = refusal
  }
}

export function checkHandsetText({ from, to, text }: HandsetText): HandsetTextRefusal | undefined {
  if (!parseHandset(from)) return 'not_a_mobile_number'
  if (!isServiceCode(to) && !parseHandset(to)) return 'not_a_number_to_send_to'
  if (text === '') return 'text_missing'
  const split = splitText(text, { reference: 0 })
  return split.ok && split.value.length <= partsMax ? undefined : 'text_too_long'
}

/**
 * One deliver_sm for each part. Every part bears an id of its own in receipted_message_id: `id` when
 * there is one part, otherwise `id.1`, `id.2` and so on.
 */
export function deliveriesOf(id: string, text: HandsetText, reference: number): Delivery[] {
  const split = splitText(text.text, { reference })
  const segments = split.ok ? split.value : []
  return segments.map(({ userData, dataCoding, concatenation }) => {
    const body: Partial<BodyOf<'deliver_sm'>> = {
      source_addr_ton: 1,
      source_addr_npi: 1,
      source_addr: parseHandset(text.from) ?? '',
      dest_addr_ton: 3,
      dest_addr_npi: 0,
      destination_addr: text.to,
      esm_class: concatenation ? udhIndicator : 0,
      data_coding: dataCoding,
      short_message: userData,
    }
    const partId = concatenation ? `${id}.${concatenation.part}` : id
    return { id: partId, messageId: id, body, tlvs: [stringTlv('receipted_message_id', partId)] }
  })
}
