/**
 * Reads what a message asks for. Whatever lacks a field it must have is answered 30, whatever the bank
 * does not do 12.
 */
import {
  type Message,
  type OutgoingMessage,
  octetsOf,
  readOriginalData,
  textOf,
} from '@telepurse/iso8583'
import { type TransactionKind, transactionKinds } from './transaction.ts'

export const networkKinds = ['sign_on', 'sign_off', 'key_exchange', 'echo', 'cut_over'] as const
export type NetworkKind = (typeof networkKinds)[number]

export const messageKinds = [
  ...networkKinds,
  'verification',
  'balance',
  ...transactionKinds,
] as const
export type MessageKind = (typeof messageKinds)[number]

/** A message about a card. */
export interface CardRequest {
  readonly kind: Exclude<MessageKind, NetworkKind | TransactionKind>
  readonly key: string
  readonly pan: string
}

export interface TransactionRequest {
  readonly kind: TransactionKind
  readonly key: string
  readonly pan: string
  readonly amount: bigint
  /** For void, refund and reversal: the key in field 90. */
  readonly original?: string
  /** Field 38 of the original, where it is given. */
  readonly authorization?: string
}

export type Request = { readonly kind: NetworkKind } | CardRequest | TransactionRequest

export type ReadRequest =
  | { readonly ok: true; readonly request: Request }
  /** The kind, where it is known, for the faults. */
  | { readonly ok: false; readonly code: '12' | '13' | '30'; readonly kind?: MessageKind }

/** Field 70 (ISO 8583:1987 leaves its values to the network; these are UnionPay's). */
const managementCodes: Readonly<Record<string, NetworkKind>> = {
  '001': 'sign_on',
  '002': 'sign_off',
  '101': 'key_exchange',
  '201': 'cut_over',
  '301': 'echo',
}

/** By message type and processing code. */
const kinds: Readonly<Record<string, Exclude<MessageKind, NetworkKind>>> = {
  '0100 890000': 'verification',
  '0200 300000': 'balance',
  '0200 000000': 'purchase',
  '0200 200000': 'void',
  '0200 290000': 'credit',
  '0220 200000': 'refund',
}

/** Yuan. */
const currency = '156'

export const isRequest = ({ mti }: OutgoingMessage) => /^0[1-8][02][01]$/.test(mti)

/** 08xx: about the connection. */
export const isManagement = ({ mti }: OutgoingMessage) => mti.startsWith('08')

/** A repeat (0421) asks for the same as the first one (0420). */
const firstMti = (mti: string) => `${mti.slice(0, 3)}0`

export function readRequest(message: Message): ReadRequest {
  const mti = firstMti(message.mti)
  if (isManagement(message)) {
    const kind = managementCodes[textOf(message, 70) ?? '']
    if (kind === undefined) return { ok: false, code: '12' }
    return keyOf(message) === undefined
      ? { ok: false, code: '30', kind }
      : { ok: true, request: { kind } }
  }
  const kind = mti === '0420' ? 'reversal' : kinds[`${mti} ${textOf(message, 3) ?? ''}`]
  if (kind === undefined) return { ok: false, code: '12' }
  const key = keyOf(message)
  const pan = textOf(message, 2)
  if (key === undefined || pan === undefined || !isFromSomebody(message))
    return { ok: false, code: '30', kind }
  if (kind === 'verification' || kind === 'balance')
    return { ok: true, request: { kind, key, pan } }
  return readTransaction(message, { kind, key, pan })
}

function readTransaction(
  message: Message,
  base: Pick<TransactionRequest, 'kind' | 'key' | 'pan'>,
): ReadRequest {
  const { kind } = base
  const amount = textOf(message, 4)
  const named = textOf(message, 90)
  const original = named === undefined ? undefined : readOriginalData(named)
  const authorization = textOf(message, 38)
  if (amount === undefined || original?.ok === false) return { ok: false, code: '30', kind }
  if ((textOf(message, 49) ?? currency) !== currency) return { ok: false, code: '12', kind }
  if (BigInt(amount) === 0n) return { ok: false, code: '13', kind }
  if (named === undefined && kind !== 'purchase' && kind !== 'credit')
    return { ok: false, code: '30', kind }
  return {
    ok: true,
    request: {
      ...base,
      amount: BigInt(amount),
      ...(named !== undefined && { original: named.slice(4) }),
      ...(authorization !== undefined && { authorization }),
    },
  }
}

const isFromSomebody = (message: Message) =>
  textOf(message, 32) !== undefined && textOf(message, 33) !== undefined

/** Fields 7, 11, 32 and 33 as field 90 has them; undefined without the first two. */
export function keyOf(message: OutgoingMessage): string | undefined {
  const [transmitted, stan] = [textOf(message, 7), textOf(message, 11)]
  if (transmitted === undefined || stan === undefined) return undefined
  const [acquirer = '', forwarder = ''] = [32, 33].map((field) =>
    (textOf(message, field) ?? '').padStart(11, '0'),
  )
  return `${stan}${transmitted}${acquirer}${forwarder}`
}

/** A private field as text, in whichever way the specification has it. */
export function privateText(message: OutgoingMessage, field: number): string | undefined {
  const octets = octetsOf(message, field)
  return octets === undefined ? textOf(message, field) : Buffer.from(octets).toString('latin1')
}
