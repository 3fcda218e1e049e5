/** How transfers and what belongs to them stand in their tables, field by field. */

import type { Field } from '../db/fields.ts'
import type { Contact } from './contact.ts'
import type { Mandate } from './mandate.ts'
import type { Packet, Part } from './packet.ts'
import type { MoneyRequest } from './request.ts'
import type { Share, Split } from './split.ts'
import type { Transfer } from './transfer.ts'

/** The count of its changes, which is also the number of its last event. */
interface Counted {
  readonly version: number
}

export type KeptTransfer = Transfer & Counted
export type KeptRequest = MoneyRequest & Counted
export type KeptMandate = Mandate & Counted
export type KeptSplit = Split & Counted
export type KeptPacket = Packet & Counted

interface Placed {
  readonly bucket: number
  readonly id: string
}

const place = [
  ['bucket', 'int2', 'fixed'],
  ['id', 'uuid', 'fixed'],
] as const satisfies readonly Field<Placed>[]

const owner = [
  ...place,
  ['version', 'int4'],
  ['walletId', 'uuid', 'fixed'],
  ['msisdn', 'text', 'fixed'],
  ['key', 'text', 'fixed'],
  ['state', 'text'],
] as const

export const transferFields: readonly Field<KeptTransfer>[] = [
  ...owner,
  ['payee', 'text', 'fixed'],
  ['payeeWalletId', 'uuid'],
  ['amount', 'amount', 'fixed'],
  ['memo', 'text', 'fixed'],
  ['arrival', 'text', 'fixed'],
  ['origin', 'text', 'fixed'],
  ['originId', 'uuid', 'fixed'],
  ['codeProof', 'text', 'fixed'],
  ['channel', 'text', 'fixed'],
  ['reason', 'text'],
  ['requestedAt', 'time', 'fixed'],
  ['dueAt', 'time', 'fixed'],
  ['endedAt', 'time'],
  ['businessDate', 'date', 'fixed'],
]

export const contactFields: readonly Field<Contact>[] = [
  ...place,
  ['walletId', 'uuid', 'fixed'],
  ['payeeWalletId', 'uuid', 'fixed'],
  ['knownAt', 'time'],
  ['wrong', 'int4'],
  ['blockedUntil', 'time'],
]

export const requestFields: readonly Field<KeptRequest>[] = [
  ...owner,
  ['payer', 'text', 'fixed'],
  ['amount', 'amount', 'fixed'],
  ['memo', 'text', 'fixed'],
  ['transferId', 'uuid'],
  ['codeAlias', 'text', 'fixed'],
  ['codeStep', 'time', 'fixed'],
  ['reason', 'text', 'fixed'],
  ['askedAt', 'time', 'fixed'],
  ['dueAt', 'time', 'fixed'],
  ['endedAt', 'time'],
]

export const mandateFields: readonly Field<KeptMandate>[] = [
  ...owner,
  ['payee', 'text', 'fixed'],
  ['payeeWalletId', 'uuid', 'fixed'],
  ['every', 'text', 'fixed'],
  ['cap', 'amount', 'fixed'],
  ['amount', 'amount', 'fixed'],
  ['memo', 'text', 'fixed'],
  ['startsOn', 'date', 'fixed'],
  ['endsOn', 'date', 'fixed'],
  ['period', 'text'],
  ['used', 'amount'],
  ['rounds', 'int4'],
  ['dueAt', 'time'],
  ['madeAt', 'time', 'fixed'],
  ['endedAt', 'time'],
]

export const splitFields: readonly Field<KeptSplit>[] = [
  ...owner,
  ['title', 'text', 'fixed'],
  ['total', 'amount', 'fixed'],
  ['own', 'amount', 'fixed'],
  ['paymentId', 'uuid', 'fixed'],
  ['reminded', 'flag'],
  ['begunAt', 'time', 'fixed'],
  ['dueAt', 'time'],
  ['expiresAt', 'time', 'fixed'],
  ['endedAt', 'time'],
]

export const shareFields: readonly Field<Share>[] = [
  ...place,
  ['splitId', 'uuid', 'fixed'],
  ['place', 'int4', 'fixed'],
  ['msisdn', 'text', 'fixed'],
  ['amount', 'amount', 'fixed'],
  ['state', 'text'],
  ['transferId', 'uuid'],
  ['remindedAt', 'time'],
]

export const packetFields: readonly Field<KeptPacket>[] = [
  ...owner,
  ['kind', 'text', 'fixed'],
  ['amount', 'amount', 'fixed'],
  ['count', 'int4', 'fixed'],
  ['onlyFor', 'text', 'fixed'],
  ['greeting', 'text', 'fixed'],
  ['sentAt', 'time', 'fixed'],
  ['dueAt', 'time', 'fixed'],
  ['endedAt', 'time'],
]

export const partFields: readonly Field<Part>[] = [
  ...place,
  ['packetId', 'uuid', 'fixed'],
  ['place', 'int4', 'fixed'],
  ['amount', 'amount', 'fixed'],
  ['walletId', 'uuid'],
  ['msisdn', 'text'],
  ['openedAt', 'time'],
]
