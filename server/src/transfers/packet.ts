/**
 * A red packet (红包): money that whoever opens first takes a part of.
 *
 *     open ──▶ emptied      every part is taken
 *       └────▶ returned     after exactly 24 h: what nobody took goes back
 *
 * The parts are drawn when the packet is made and are given in that order; one person opens it once.
 */
import type { Amount, Msisdn } from '../kernel/index.ts'

export type PacketState = 'open' | 'emptied' | 'returned'
export const nextOfPacket = { open: ['emptied', 'returned'] } as const

export type PacketKind = 'fixed' | 'lucky'

export const packetMs = 24 * 3_600_000
export const partsMax = 100
/** The most that one part may be. */
export const partMax: Amount = 200_00n

export interface Packet {
  readonly id: string
  /** Of the sender. */
  readonly bucket: number
  readonly walletId: string
  readonly msisdn: Msisdn
  readonly kind: PacketKind
  readonly amount: Amount
  readonly count: number
  /** The only one who may open it. */
  readonly onlyFor: Msisdn | null
  readonly greeting: string
  readonly key: string
  readonly state: PacketState
  readonly sentAt: number
  readonly dueAt: number
  readonly endedAt: number | null
}

export interface Part {
  readonly id: string
  readonly bucket: number
  readonly packetId: string
  /** In the order of opening, from 0. */
  readonly place: number
  readonly amount: Amount
  readonly walletId: string | null
  readonly msisdn: Msisdn | null
  readonly openedAt: number | null
}
