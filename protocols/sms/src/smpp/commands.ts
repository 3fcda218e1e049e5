/**
 * The commands of SMPP 3.4 as a table: command_id (§5.1.2.1) and mandatory fields in wire order (§4).
 * Names are the standard's own, so that a line here can be laid beside its page there. sm_length and
 * the two counts of submit_multi are part of the field they measure.
 */
import type { Field, ValueOf } from './fields.ts'

const octet = { kind: 'integer', octets: 1 } as const
const cString = <const Max extends number>(max: Max) => ({ kind: 'c_string', max }) as const
const shortMessage = { kind: 'short_message' } as const

/** The standard allows 9 octets; centres with longer passwords are common, and no length is misread. */
const password = cString(33)

const bind = {
  system_id: cString(16),
  password,
  system_type: cString(13),
  interface_version: octet,
  addr_ton: octet,
  addr_npi: octet,
  address_range: cString(41),
} as const

const bindResp = { system_id: cString(16) } as const
const messageId = { message_id: cString(65) } as const

const source = { source_addr_ton: octet, source_addr_npi: octet, source_addr: cString(21) } as const
const destination = {
  dest_addr_ton: octet,
  dest_addr_npi: octet,
  destination_addr: cString(21),
} as const

/** What follows the addresses in submit_sm, submit_multi and deliver_sm (§4.4.1). */
const message = {
  esm_class: octet,
  protocol_id: octet,
  priority_flag: octet,
  schedule_delivery_time: cString(17),
  validity_period: cString(17),
  registered_delivery: octet,
  replace_if_present_flag: octet,
  data_coding: octet,
  sm_default_msg_id: octet,
  short_message: shortMessage,
} as const

const submit = { service_type: cString(6), ...source, ...destination, ...message } as const

export const commands = {
  generic_nack: { id: 0x80000000, body: {} },
  bind_receiver: { id: 0x00000001, body: bind },
  bind_receiver_resp: { id: 0x80000001, body: bindResp },
  bind_transmitter: { id: 0x00000002, body: bind },
  bind_transmitter_resp: { id: 0x80000002, body: bindResp },
  query_sm: { id: 0x00000003, body: { ...messageId, ...source } },
  query_sm_resp: {
    id: 0x80000003,
    body: { ...messageId, final_date: cString(17), message_state: octet, error_code: octet },
  },
  submit_sm: { id: 0x00000004, body: submit },
  submit_sm_resp: { id: 0x80000004, body: messageId },
  deliver_sm: { id: 0x00000005, body: submit },
  deliver_sm_resp: { id: 0x80000005, body: messageId },
  unbind: { id: 0x00000006, body: {} },
  unbind_resp: { id: 0x80000006, body: {} },
  replace_sm: {
    id: 0x00000007,
    body: {
      ...messageId,
      ...source,
      schedule_delivery_time: cString(17),
      validity_period: cString(17),
      registered_delivery: octet,
      sm_default_msg_id: octet,
      short_message: shortMessage,
    },
  },
  replace_sm_resp: { id: 0x80000007, body: {} },
  cancel_sm: {
    id: 0x00000008,
    body: { service_type: cString(6), ...messageId, ...source, ...destination },
  },
  cancel_sm_resp: { id: 0x80000008, body: {} },
  bind_transceiver: { id: 0x00000009, body: bind },
  bind_transceiver_resp: { id: 0x80000009, body: bindResp },
  outbind: { id: 0x0000000b, body: { system_id: cString(16), password } },
  enquire_link: { id: 0x00000015, body: {} },
  enquire_link_resp: { id: 0x80000015, body: {} },
  submit_multi: {
    id: 0x00000021,
    body: {
      service_type: cString(6),
      ...source,
      dest_address: { kind: 'destinations' },
      ...message,
    },
  },
  submit_multi_resp: {
    id: 0x80000021,
    body: { ...messageId, unsuccess_sme: { kind: 'unsuccessful' } },
  },
  alert_notification: {
    id: 0x00000102,
    body: {
      source_addr_ton: octet,
      source_addr_npi: octet,
      source_addr: cString(65),
      esme_addr_ton: octet,
      esme_addr_npi: octet,
      esme_addr: cString(65),
    },
  },
  data_sm: {
    id: 0x00000103,
    body: {
      service_type: cString(6),
      source_addr_ton: octet,
      source_addr_npi: octet,
      source_addr: cString(65),
      dest_addr_ton: octet,
      dest_addr_npi: octet,
      destination_addr: cString(65),
      esm_class: octet,
      registered_delivery: octet,
      data_coding: octet,
    },
  },
  data_sm_resp: { id: 0x80000103, body: messageId },
} as const satisfies Readonly<
  Record<string, { readonly id: number; readonly body: Readonly<Record<string, Field>> }>
>

type Commands = typeof commands
export type CommandName = keyof Commands

type Fields<Body> = {
  readonly [Name in keyof Body]: Body[Name] extends Field ? ValueOf<Body[Name]> : never
}
export type BodyOf<Command extends CommandName> = Fields<Commands[Command]['body']>

/** The response a request is answered with. outbind and alert_notification have none. */
export type RequestName = {
  [Name in CommandName]: `${Name}_resp` extends CommandName ? Name : never
}[CommandName]
export type ResponseOf<Request extends RequestName> = `${Request}_resp`

const namesById = new Map<number, CommandName>()
for (const name of Object.keys(commands) as CommandName[]) namesById.set(commands[name].id, name)

export const commandNameOf = (id: number): CommandName | undefined => namesById.get(id)

/** Bit 31 of command_id marks a response (§3.2). */
export const isResponseId = (id: number): boolean => id >= 0x80000000

/** As a table, for a name put together anew is looked up letter by letter. */
const responses = new Map<CommandName, ResponseOf<RequestName>>()
for (const name of namesById.values()) {
  const response = namesById.get(commands[name].id + 0x80000000)
  if (response && !isResponseId(commands[name].id))
    responses.set(name, response as ResponseOf<RequestName>)
}

/** The response's name, or undefined for a command that is answered by nothing, or by generic_nack. */
export const responseNameOf = (name: CommandName): ResponseOf<RequestName> | undefined =>
  responses.get(name)
