/** Red packets: made with all their parts, opened one part at a time, the rest back after a day. */

import { type Msisdn, masked } from '../../kernel/index.ts'
import { reasons } from '../../ledger/index.ts'
import { giveRoomBack, openPurse, takeRoom } from '../../wallet/index.ts'
import { type Book, balanceOf, packetsIn } from '../book.ts'
import type { DueResult, PlacedPacket } from '../command.ts'
import { type Part, packetMs, partMax, partsMax } from '../packet.ts'
import type { KeptPacket } from '../rows.ts'
import type { Answer, WholePacket } from '../transfers.ts'
import { inRefusal, outRefusal, type Refused, refused } from './checks.ts'
import { mustHave } from './end.ts'
import { changeOf, isReachable } from './tell.ts'

type MadePacket = Answer<WholePacket & { readonly replayed: boolean }>

export function sendPacket(book: Book, order: PlacedPacket): MadePacket {
  const { msisdn, key, amount, count, kind, packetId: id } = order
  const found = book.sheets.packet.byKey(msisdn, key)
  if (found) return again(book, found, order)
  const purse = openPurse(book, msisdn)
  if ('ok' in purse) return purse
  const refusal = packetRefusal(order) ?? outRefusal(book, purse, amount)
  if (refusal) return refusal
  const { bucket, walletId } = purse
  const packet = book.sheets.packet.create(
    {
      ...{ id, bucket, version: 1, walletId, msisdn, key, state: 'open', kind, amount, count },
      ...{ onlyFor: order.onlyFor ?? null, greeting: order.greeting ?? '' },
      ...{ sentAt: book.now, dueAt: book.now + packetMs, endedAt: null },
    },
    'sent',
  )
  const parts = order.parts.map((part, place) =>
    book.sheets.part.create(
      {
        ...{ id: book.newId(bucket), bucket, packetId: id, place, amount: part },
        ...{ walletId: null, msisdn: null, openedAt: null },
      },
      'drawn',
    ),
  )
  takeRoom(book, purse, amount)
  const [from, to] = [balanceOf(purse), packetsIn(bucket)]
  book.post({ from, to, amount, id, subject: id, reason: reasons.packet })
  arm(book, packet)
  book.tell(msisdn, { id: 'transfer_packet_sent', ...changeOf(book, purse, amount), count })
  if (packet.onlyFor !== null)
    book.tell(packet.onlyFor, { id: 'transfer_packet_for_you', other: masked(msisdn) })
  return { ok: true, value: { packet, parts, replayed: false } }
}

function again(book: Book, packet: KeptPacket, order: PlacedPacket): MadePacket {
  const isSame =
    packet.kind === order.kind &&
    packet.amount === order.amount &&
    packet.count === order.count &&
    packet.onlyFor === (order.onlyFor ?? null) &&
    packet.greeting === (order.greeting ?? '')
  if (!isSame) return refused('exists_with_different_content')
  const parts = partsOf(book, packet.id)
  return { ok: true, value: { packet, parts, replayed: packet.id !== order.packetId } }
}

export function packetRefusal(order: {
  readonly kind: string
  readonly amount: bigint
  readonly count: number
  readonly msisdn: Msisdn
  readonly onlyFor?: Msisdn
}): Refused | null {
  const { amount, count, kind, onlyFor, msisdn } = order
  if (onlyFor === msisdn) return refused('to_oneself')
  if (!Number.isInteger(count) || count < 1 || count > partsMax)
    return refused('packet_out_of_range')
  const people = BigInt(count)
  const isEven = kind !== 'fixed' || amount % people === 0n
  const isInRange = amount >= people && amount <= partMax * people
  return isEven && isInRange ? null : refused('packet_out_of_range')
}

/** The next part, to somebody who has had none. */
export function openPacket(
  book: Book,
  { msisdn, packetId }: { readonly msisdn: Msisdn; readonly packetId: string },
): Answer<Part> {
  const packet = book.sheets.packet.get(packetId)
  if (!packet) return refused('not_found')
  if (packet.onlyFor !== null && packet.onlyFor !== msisdn) return refused('packet_not_yours')
  const purse = openPurse(book, msisdn)
  if ('ok' in purse) return purse
  const parts = partsOf(book, packetId)
  const had = parts.find(({ walletId }) => walletId === purse.walletId)
  if (had) return { ok: true, value: had }
  const refusal = overRefusal(book, packet, parts) ?? inRefusal(purse)
  if (refusal) return refusal
  if (packet.walletId === purse.walletId && !book.policy.packetOwnOn)
    return refused('packet_not_yours')
  const [next, ...rest] = parts.filter(({ openedAt }) => openedAt === null)
  if (!next) return refused('packet_emptied')
  const { walletId } = purse
  const part = book.sheets.part.change(next.id, { walletId, msisdn, openedAt: book.now }, 'opened')
  const { amount } = part
  const [from, to] = [packetsIn(packet.bucket), balanceOf(purse)]
  book.post({ from, to, amount, subject: packetId, reason: reasons.packetPart })
  if (rest.length > 0) book.sheets.packet.change(packetId, {}, 'opened')
  else end(book, packet, 'emptied')
  const other = masked(packet.msisdn)
  book.tell(msisdn, { id: 'transfer_packet_opened', ...changeOf(book, purse, amount), other })
  return { ok: true, value: part }
}

/** From the instant that it is due nobody opens it, whether its timer has come or not. */
function overRefusal(book: Book, packet: KeptPacket, parts: readonly Part[]): Refused | null {
  if (packet.state === 'emptied') return refused('packet_emptied')
  const isOver = packet.state === 'returned' || book.now >= packet.dueAt
  return isOver ? refused('packet_over', { left: unopened(parts) }) : null
}

export function packetDue(book: Book, id: string): DueResult {
  const packet = book.sheets.packet.get(id)
  if (!packet) return 'gone'
  if (packet.state !== 'open') book.disarm('packet', packet)
  else if (book.now < packet.dueAt) arm(book, packet)
  else giveBack(book, packet)
  return 'looked_at'
}

function giveBack(book: Book, packet: KeptPacket): void {
  const { id: subject, bucket, walletId, msisdn, sentAt } = packet
  const purse = mustHave(book, walletId)
  const amount = unopened(partsOf(book, subject))
  end(book, packet, 'returned')
  const [from, to] = [packetsIn(bucket), balanceOf(purse)]
  book.post({ from, to, amount, subject, reason: reasons.packetReturn })
  giveRoomBack(book, purse, amount, sentAt)
  if (isReachable(purse))
    book.tell(msisdn, { id: 'transfer_packet_returned', ...changeOf(book, purse, amount) })
}

function end(book: Book, { id }: KeptPacket, state: 'emptied' | 'returned'): void {
  book.disarm('packet', book.sheets.packet.change(id, { state, endedAt: book.now }, state))
}

const partsOf = (book: Book, packetId: string): Part[] =>
  book.sheets.part.of(packetId).toSorted((a, b) => a.place - b.place)

const unopened = (parts: readonly Part[]) =>
  parts.reduce((sum, { openedAt, amount }) => (openedAt === null ? sum + amount : sum), 0n)

const arm = (book: Book, packet: KeptPacket): void =>
  book.arm('packet', packet, packet.dueAt, {
    numbers: [packet.msisdn],
    walletIds: [packet.walletId],
  })
