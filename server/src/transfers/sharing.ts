/** The front door for sharing: bills that several people pay, and red packets. */
import { type Amount, bucketOfId, type Msisdn } from '../kernel/index.ts'
import { refused } from './decide/checks.ts'
import { packetRefusal } from './decide/packet.ts'
import { checkKey, checkTexts, compared, idFor, isId, type Lane, upTo } from './lane.ts'
import { drawFrom, luckyParts } from './lucky.ts'
import type { PaidPayments } from './ports.ts'
import { byWeights, equally } from './shares.ts'
import { leftOf, type Split, sharedIn } from './split.ts'
import { splitsOfPayments, tables } from './store.ts'
import type {
  BeginSplit,
  SendPacket,
  SplitInFull,
  SplitPayment,
  Transfers,
  WholeSplit,
} from './transfers.ts'

type Splits = Pick<
  Transfers,
  | 'beginSplit'
  | 'payShare'
  | 'declineShare'
  | 'remindSplit'
  | 'stopSplit'
  | 'returnShare'
  | 'split'
  | 'splits'
  | 'sharedOf'
  | 'sharesOf'
>
type Packets = Pick<Transfers, 'sendPacket' | 'openPacket' | 'packet' | 'packets'>

const ofWallet = 't.bucket = $1 and t.wallet_id = $2'
const ofWalletId = (walletId: string) => [bucketOfId(walletId), walletId]

export function splitDoor(lane: Lane, payments: PaidPayments): Splits {
  const { db, names } = lane
  /** Nothing was kept of a payment that is not theirs. */
  async function sharedPayment(msisdn: Msisdn, paymentId: string) {
    const [paid, splits] = await Promise.all([
      payments.paidBy(msisdn, paymentId),
      splitsOfPayments(db, [paymentId]),
    ])
    const ids = splits.map(({ id }) => id)
    const shares = await tables.share.byParents(db, 'split_id', ids)
    return { amount: paid?.amount ?? 0n, kept: paid?.kept ?? 0n, shares }
  }
  async function paymentOf({ msisdn, paymentId }: Split): Promise<SplitPayment | null> {
    if (paymentId === null) return null
    const { amount, kept, shares } = await sharedPayment(msisdn, paymentId)
    return { amount, kept, left: leftOf(kept, shares) }
  }
  async function split(id: string): Promise<SplitInFull | undefined> {
    if (!isId(id)) return undefined
    const [[found], shares] = await Promise.all([
      tables.split.byIds(db, [id]),
      tables.share.byParents(db, 'split_id', [id]),
    ])
    if (!found) return undefined
    const payment = await paymentOf(found)
    return { split: found, shares: shares.toSorted((a, b) => a.place - b.place), payment }
  }
  /** Everybody's number: each is told, and one that was given up owes nothing. */
  const numbersOf = ({ split: { msisdn }, shares }: WholeSplit) => [
    msisdn,
    ...shares.map((share) => share.msisdn),
  ]
  async function steer(msisdn: Msisdn, splitId: string) {
    const whole = await split(splitId)
    if (whole?.split.msisdn !== msisdn) return undefined
    const { payments: of, kept } = keptIn(whole)
    return { needs: { numbers: numbersOf(whole), rows: { split: [splitId] }, payments: of }, kept }
  }

  return {
    async beginSplit(order) {
      checkKey(order)
      checkTexts(order.title)
      const { msisdn, people, key, paymentId } = order
      const [owner, paid] = await Promise.all([
        names.of(db, msisdn),
        paymentId === undefined ? null : payments.paidBy(msisdn, paymentId),
      ])
      const placed = {
        ...{ ...order, ...cut(order), isVerified: owner?.level === 'verified' },
        ...{ kept: paid?.kept ?? null, splitId: idFor(lane, msisdn) },
      }
      const needs = {
        ...{ numbers: [msisdn, ...people], keys: { split: { msisdn, key } } },
        payments: paid && paymentId !== undefined ? [paymentId] : [],
      }
      return lane.run({ kind: 'begin_split', needs, order: placed })
    },
    async payShare({ nameCharacter, ...order }) {
      checkKey(order)
      const { msisdn, splitId, key } = order
      const whole = await split(splitId)
      const share = whole?.shares.find((one) => one.msisdn === msisdn)
      if (!whole || !share) return refused('not_found')
      const said = await compared(lane, whole.split.msisdn, nameCharacter)
      const { payments: of, kept } = keptIn(whole)
      const needs = {
        ...{ numbers: [msisdn, whole.split.msisdn], payments: of },
        rows: { split: [splitId] },
        keys: { transfer: { msisdn, key } },
      }
      const placed = { ...order, said, kept, shareId: share.id, transferId: idFor(lane, msisdn) }
      return lane.run({ kind: 'pay_share', needs, order: placed })
    },
    async declineShare({ msisdn, splitId }) {
      const whole = await split(splitId)
      const share = whole?.shares.find((one) => one.msisdn === msisdn)
      if (!whole || !share) return refused('not_found')
      const needs = { numbers: [msisdn, whole.split.msisdn], rows: { split: [splitId] } }
      return lane.run({ kind: 'decline_share', needs, msisdn, splitId, shareId: share.id })
    },
    async remindSplit({ msisdn, splitId }) {
      const steered = await steer(msisdn, splitId)
      if (!steered) return refused('not_found')
      return lane.run({ kind: 'remind', msisdn, splitId, ...steered })
    },
    async stopSplit({ msisdn, splitId }) {
      const steered = await steer(msisdn, splitId)
      if (!steered) return refused('not_found')
      return lane.run({ kind: 'stop', needs: steered.needs, msisdn, splitId })
    },
    async returnShare({ msisdn, splitId, to, channel }) {
      const whole = await split(splitId)
      const share = whole?.shares.find((one) => one.msisdn === to)
      if (!share) return refused('not_found')
      const key = `split:${share.id}:returned`
      const needs = {
        numbers: [msisdn, to],
        rows: { split: [splitId], transfer: share.transferId === null ? [] : [share.transferId] },
        keys: { transfer: { msisdn, key } },
      }
      const transferId = idFor(lane, msisdn)
      const command = { kind: 'return_share', needs, msisdn, splitId, channel } as const
      return lane.run({ ...command, shareId: share.id, transferId })
    },
    split,
    splits: async (walletId, page) =>
      isId(walletId) ? tables.split.page(db, ofWallet, ofWalletId(walletId), upTo(page)) : [],
    async sharedOf(msisdn, paymentId) {
      const { kept, shares } = await sharedPayment(msisdn, paymentId)
      return { kept, shared: sharedIn(shares) }
    },
    async sharesOf(msisdn, page) {
      const shares = await tables.share.page(db, 't.msisdn = $1', [msisdn], upTo(page))
      const splits = await tables.split.byIds(db, [...new Set(shares.map((one) => one.splitId))])
      const byId = new Map(splits.map((one) => [one.id, one]))
      return shares.flatMap((share) => {
        const of = byId.get(share.splitId)
        return of ? [{ split: of, share }] : []
      })
    },
  }
}

/** The payment that a bill comes from, for a command that has to know what was kept of it. */
export const keptIn = ({ split: { paymentId }, payment }: SplitInFull) => ({
  payments: paymentId === null ? [] : [paymentId],
  kept: payment?.kept ?? null,
})

/** Who pays what. An own share is the first in the list, so that the extra fen are its. */
function cut({ how, people }: BeginSplit): { amounts: readonly Amount[]; own: Amount } {
  switch (how.mode) {
    case 'equal': {
      const shares = equally(how.total, people.length + (how.withOwn ? 1 : 0))
      const [own = 0n, ...others] = shares
      return how.withOwn ? { own, amounts: others } : { own: 0n, amounts: shares }
    }
    case 'weights': {
      const [own = 0n, ...amounts] = byWeights(how.total, [how.ownWeight, ...how.weights])
      return { own, amounts }
    }
    case 'each':
      return { own: 0n, amounts: people.map(() => how.amount) }
    case 'custom':
      return { own: how.own, amounts: how.amounts }
  }
}

export function packetDoor(lane: Lane): Packets {
  const { db, ids } = lane
  const find = async (id: string) => {
    if (!isId(id)) return undefined
    const [[packet], parts] = await Promise.all([
      tables.packet.byIds(db, [id]),
      tables.part.byParents(db, 'packet_id', [id]),
    ])
    return packet && { packet, parts: parts.toSorted((a, b) => a.place - b.place) }
  }
  const partsFor = ({ kind, amount, count }: SendPacket): readonly Amount[] =>
    kind === 'lucky'
      ? luckyParts(amount, count, drawFrom(ids.random))
      : Array.from({ length: count }, () => amount / BigInt(count))

  return {
    async sendPacket(order) {
      checkKey(order)
      checkTexts(order.greeting)
      const { msisdn, onlyFor, key } = order
      const wrong = packetRefusal(order)
      if (wrong) return wrong
      const placed = { ...order, parts: partsFor(order), packetId: idFor(lane, msisdn) }
      const numbers = onlyFor === undefined ? [msisdn] : [msisdn, onlyFor]
      const needs = { numbers, keys: { packet: { msisdn, key } } }
      return lane.run({ kind: 'send_packet', needs, order: placed })
    },
    async openPacket({ msisdn, packetId }) {
      const found = await find(packetId)
      if (!found) return refused('not_found')
      const needs = { numbers: [msisdn, found.packet.msisdn], rows: { packet: [packetId] } }
      return lane.run({ kind: 'open_packet', needs, msisdn, packetId })
    },
    packet: find,
    packets: async (walletId, page) =>
      isId(walletId) ? tables.packet.page(db, ofWallet, ofWalletId(walletId), upTo(page)) : [],
  }
}
