/**
 * SMPP 3.4 protocol data units: 16 octets of header, mandatory fields, optional parameters (§3.2).
 *
 * Reading is strict about anything that could shift the meaning of an octet (lengths, terminators,
 * truncation) and never throws: what cannot be read is refused with the reason, the header as far as
 * it was seen, and the command_status that tells the peer. Values are not judged here.
 */
import { OctetWriter } from '../octet-writer.ts'
import { accept, type Result, refuse } from '../result.ts'
import {
  type BodyOf,
  type CommandName,
  commandNameOf,
  commands,
  isResponseId,
  type RequestName,
  type ResponseOf,
  responseNameOf,
} from './commands.ts'
import {
  defaultOf,
  type Field,
  type FieldFault,
  type FieldReader,
  type FieldValue,
  readField,
  writeField,
} from './fields.ts'
import { commandStatus } from './status.ts'
import { readTlvs, type Tlv, writeTlv } from './tlvs.ts'

export const headerOctets = 16

/** message_payload may hold 64 KiB (§5.3.2.32); a little more for everything around it. */
export const pduOctetsMax = 70_000

/** §5.1.4: sequence numbers run from 1 to this; zero appears in a generic_nack only. */
export const sequenceMax = 0x7fffffff

export interface PduOf<Command extends CommandName> {
  readonly command: Command
  /** command_status: always 0 in a request. */
  readonly status: number
  readonly sequence: number
  readonly body: BodyOf<Command>
  readonly tlvs: readonly Tlv[]
}
export type Pdu = { [Command in CommandName]: PduOf<Command> }[CommandName]

export interface PduHeader {
  readonly commandLength: number
  readonly commandId: number
  readonly status: number
  readonly sequence: number
}

export interface PduRefusal {
  readonly reason: 'command_length_invalid' | 'command_unknown' | 'tlv_overrun' | FieldFault
  /** The mandatory field in which reading stopped. */
  readonly field?: string
  /** Absent when not even a header was there. */
  readonly header?: PduHeader
  /** What to put in command_status of the generic_nack or response. */
  readonly status: number
}

const statusOf: Record<PduRefusal['reason'], number> = {
  command_length_invalid: commandStatus.ESME_RINVCMDLEN,
  command_unknown: commandStatus.ESME_RINVCMDID,
  tlv_overrun: commandStatus.ESME_RINVOPTPARSTREAM,
  field_truncated: commandStatus.ESME_RINVCMDLEN,
  string_unterminated: commandStatus.ESME_RINVCMDLEN,
  string_too_long: commandStatus.ESME_RINVCMDLEN,
  message_too_long: commandStatus.ESME_RINVMSGLEN,
  destination_count_invalid: commandStatus.ESME_RINVNUMDESTS,
  destination_flag_invalid: commandStatus.ESME_RINVDESTFLAG,
}

/** The fields of each command as a list: walked for every PDU, so made only once. */
const fieldLists = new Map<CommandName, readonly (readonly [name: string, field: Field])[]>()
for (const command of Object.keys(commands) as CommandName[])
  fieldLists.set(command, Object.entries<Field>(commands[command].body))

const fieldsOf = (command: CommandName) => fieldLists.get(command) ?? []

/** Reads the header of 16 or more octets; undefined of fewer. */
export function decodeHeader(octets: Uint8Array): PduHeader | undefined {
  if (octets.length < headerOctets) return undefined
  const view = new DataView(octets.buffer, octets.byteOffset, headerOctets)
  return {
    commandLength: view.getUint32(0),
    commandId: view.getUint32(4),
    status: view.getUint32(8),
    sequence: view.getUint32(12),
  }
}

/** Reads one whole PDU, no more and no less. Never throws, whatever the octets. */
export function decodePdu(octets: Uint8Array): Result<Pdu, PduRefusal> {
  const header = decodeHeader(octets)
  const refused = (reason: PduRefusal['reason'], field?: string) =>
    refuse<PduRefusal>({
      reason,
      ...(field !== undefined && { field }),
      ...(header && { header }),
      status: statusOf[reason],
    })
  if (header?.commandLength !== octets.length) return refused('command_length_invalid')
  const command = commandNameOf(header.commandId)
  if (!command) return refused('command_unknown')
  const body: Record<string, FieldValue> = {}
  const { status, sequence } = header
  // §4.4.2 and its like: a response that reports an error may come without its body.
  const bodyAbsent =
    octets.length === headerOctets && status !== 0 && isResponseId(header.commandId)
  const reader: FieldReader = { octets, at: headerOctets }
  for (const [name, field] of fieldsOf(command)) {
    body[name] = bodyAbsent ? defaultOf(field) : readField(reader, field)
    if (reader.fault) return refused(reader.fault, name)
  }
  const tlvs = readTlvs(octets, reader.at)
  if (!tlvs) return refused('tlv_overrun')
  return accept({ command, status, sequence, body, tlvs } as unknown as Pdu)
}

/** One for all: writing a PDU is over before the next begins. */
const out = new OctetWriter()

/**
 * Writes a PDU. Throws RangeError when a value does not fit its field (an address of more than 20
 * characters, a text of more than 254 octets): check what people enter before it comes here.
 */
export const encodePdu = (pdu: Pdu): Uint8Array => encodeParts(pdu.command, pdu)

/** The octets of `createPdu(command, parts)`, without a PDU in between. Throws like `encodePdu`. */
export function encodeParts<Command extends CommandName>(
  command: Command,
  parts: PduParts<Command>,
): Uint8Array {
  out.begin(headerOctets)
  const body = parts.body as Readonly<Record<string, FieldValue>> | undefined
  for (const [name, field] of fieldsOf(command))
    writeField(out, name, field, body?.[name] ?? defaultOf(field))
  for (const tlv of parts.tlvs ?? []) writeTlv(out, tlv)
  const octets = out.finish()
  const view = new DataView(octets.buffer)
  view.setUint32(0, octets.length)
  view.setUint32(4, commands[command].id)
  view.setUint32(8, parts.status ?? commandStatus.ESME_ROK)
  view.setUint32(12, parts.sequence)
  return octets
}

export interface PduParts<Command extends CommandName> {
  readonly sequence: number
  /** Default 0, ESME_ROK. */
  readonly status?: number
  /** Fields left out are 0, empty, or an empty list. */
  readonly body?: Partial<BodyOf<Command>>
  readonly tlvs?: readonly Tlv[]
}

/** A PDU with every field that is not given set to its default. */
export const createPdu = <Command extends CommandName>(
  command: Command,
  parts: PduParts<Command>,
): PduOf<Command> => pduOf(command, parts.sequence, parts)

function pduOf<Command extends CommandName>(
  command: Command,
  sequence: number,
  parts: Omit<PduParts<Command>, 'sequence'>,
): PduOf<Command> {
  const given = parts.body as Readonly<Record<string, FieldValue>> | undefined
  const body: Record<string, FieldValue> = {}
  for (const [name, field] of fieldsOf(command)) body[name] = given?.[name] ?? defaultOf(field)
  return {
    command,
    status: parts.status ?? commandStatus.ESME_ROK,
    sequence,
    body: body as unknown as BodyOf<Command>,
    tlvs: parts.tlvs ?? [],
  }
}

/** The response to a request: same sequence number, and the given status and body. */
export function createResponse<Request extends RequestName>(
  request: { readonly command: Request; readonly sequence: number },
  parts: Omit<PduParts<ResponseOf<Request>>, 'sequence'> = {},
): PduOf<ResponseOf<Request>> {
  const command = responseNameOf(request.command) as ResponseOf<Request>
  return pduOf(command, request.sequence, parts)
}
