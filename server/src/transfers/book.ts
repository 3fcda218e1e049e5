/**
 * The open book of one batch: what was loaded, what has been decided so far, and what must be written. The
 * second command sees what the first one changed, balances and used limits too, so that a batch equals its
 * commands one by one. Nothing here reads a clock or a row.
 */
import type { NewJob } from '../db/index.ts'
import { createSheet } from '../db/sheet.ts'
import {
  type Amount,
  assert,
  type BusinessDate,
  type BusinessTime,
  bucketOf,
  type Msisdn,
} from '../kernel/index.ts'
import {
  type AccountRef,
  type Reason,
  redPackets,
  type TransferBetweenBuckets,
  unclaimedTransfers,
  userBalance,
  userHolds,
} from '../ledger/index.ts'
import { topics as paymentTopics } from '../payments/index.ts'
import { openCounting, type Policy } from '../risk/index.ts'
import type { Subscriber } from '../subscribers/index.ts'
import { type HistoryEvent, type Purse, walletService } from '../wallet/index.ts'
import { type Contact, pairOf } from './contact.ts'
import { nextOfMandate } from './mandate.ts'
import type { TransferNotice, TransferOutgoing } from './notice.ts'
import { nextOfPacket, type Part } from './packet.ts'
import { nextOfRequest } from './request.ts'
import type { KeptMandate, KeptPacket, KeptRequest, KeptSplit, KeptTransfer } from './rows.ts'
import { nextOfShare, nextOfSplit, type Share } from './split.ts'
import { type Noun, type Timer, topics } from './topics.ts'
import { next } from './transfer.ts'

export interface Rows {
  readonly transfer: readonly KeptTransfer[]
  readonly contact: readonly Contact[]
  readonly request: readonly KeptRequest[]
  readonly mandate: readonly KeptMandate[]
  readonly split: readonly KeptSplit[]
  readonly share: readonly Share[]
  readonly packet: readonly KeptPacket[]
  readonly part: readonly Part[]
}

export interface Facts {
  readonly now: number
  readonly policy: Policy
  readonly time: BusinessTime
  /** The first date on which something can still be posted. */
  readonly firstOpenDate: BusinessDate
  readonly subscribers: ReadonlyMap<Msisdn, Subscriber>
  readonly purses: readonly Purse[]
  readonly rows: Rows
  /** By wallet, locked: what can be spent. */
  readonly balances: ReadonlyMap<string, Amount>
  /** By wallet, how many transfers it began today. */
  readonly sent: ReadonlyMap<string, number>
  /** By name of the counter. */
  readonly used: ReadonlyMap<string, Amount>
  readonly newId: (bucket: number) => string
}

/** An account, and whose balance it is if it is one. */
export interface Place {
  readonly account: AccountRef
  readonly walletId?: string
}

export const balanceOf = ({ bucket, walletId }: Pick<Purse, 'bucket' | 'walletId'>): Place => ({
  account: userBalance(bucket, walletId),
  walletId,
})
export const holdsOf = ({ bucket, walletId }: Pick<Purse, 'bucket' | 'walletId'>): Place => ({
  account: userHolds(bucket, walletId),
})
export const unclaimedIn = (bucket: number): Place => ({ account: unclaimedTransfers(bucket) })
export const packetsIn = (bucket: number): Place => ({ account: redPackets(bucket) })

export interface Posting {
  readonly from: Place
  readonly to: Place
  readonly amount: Amount
  readonly reason: Reason
  /** What it is for. */
  readonly subject: string
  /** New unless given. */
  readonly id?: string
}

export type Book = ReturnType<typeof openBook>

export function openBook(facts: Facts) {
  const { rows, now } = facts
  const purses = new Map(facts.purses.map((purse) => [purse.walletId, purse]))
  const byNumber = new Map(
    facts.purses.flatMap((purse) => (isLive(purse) ? [[purse.msisdn, purse] as const] : [])),
  )
  const balances = new Map(facts.balances)
  const effects = {
    postings: [] as TransferBetweenBuckets[],
    events: [] as HistoryEvent[],
    jobs: [] as NewJob[],
    armed: new Map<string, NewJob>(),
    cancelled: new Map<string, { bucket: number; topic: string; subject: string }>(),
  }

  /** Each event says the state it led to, so that the history alone proves which edges were taken. */
  const record = (
    row: { bucket: number; id: string; version: number; state: string },
    type: string,
  ) => {
    const { bucket, id: subject, version: seq, state } = row
    effects.events.push({ bucket, subject, seq, type, state, at: now })
  }

  function available(walletId: string): Amount {
    const balance = balances.get(walletId)
    assert(balance !== undefined, `the balance of wallet ${walletId} was loaded`)
    return balance
  }
  const weigh = ({ walletId }: Place, amount: Amount) => {
    if (walletId !== undefined) balances.set(walletId, available(walletId) + amount)
  }

  const begun = new Map<string, number>()
  const sheets = {
    transfer: createSheet({ rows: rows.transfer, next, record, groupOf: ({ payee }) => payee }),
    contact: createSheet({ rows: rows.contact, groupOf: pairOf }),
    request: createSheet({ rows: rows.request, next: nextOfRequest, record }),
    mandate: createSheet({ rows: rows.mandate, next: nextOfMandate, record }),
    split: createSheet({
      ...{ rows: rows.split, next: nextOfSplit, record },
      groupOf: ({ paymentId }) => paymentId ?? undefined,
    }),
    share: createSheet({ rows: rows.share, next: nextOfShare, groupOf: ({ splitId }) => splitId }),
    packet: createSheet({ rows: rows.packet, next: nextOfPacket, record }),
    part: createSheet({ rows: rows.part, groupOf: ({ packetId }) => packetId }),
  }

  return {
    ...facts,
    ...openCounting(facts.used),
    effects,
    sheets,
    purse: (walletId: string | null) => purses.get(walletId ?? ''),
    /** The wallet that is found by the number. */
    purseOf: (msisdn: Msisdn) => byNumber.get(msisdn),
    available,
    sentToday: (walletId: string) => (facts.sent.get(walletId) ?? 0) + (begun.get(walletId) ?? 0),
    /** A transfer begins. */
    begin(transfer: KeptTransfer): KeptTransfer {
      const { walletId } = transfer
      begun.set(walletId, (begun.get(walletId) ?? 0) + 1)
      return sheets.transfer.create(transfer, 'asked')
    },
    post({ from, to, amount, reason, subject, id }: Posting) {
      effects.postings.push({
        kind: 'between_buckets',
        id: id ?? facts.newId(from.account.bucket),
        subject,
        reason,
        businessDate: facts.firstOpenDate,
        debit: from.account,
        credit: to.account,
        amount,
      })
      weigh(from, -amount)
      weigh(to, amount)
    },
    arm(noun: Noun, { bucket, id }: { bucket: number; id: string }, dueAt: number, timer: Timer) {
      const name = `${noun}|${id}`
      effects.cancelled.delete(name)
      effects.armed.set(name, { bucket, topic: topics[noun], subject: id, dueAt, payload: timer })
    },
    disarm(noun: Noun, { bucket, id }: { bucket: number; id: string }) {
      const name = `${noun}|${id}`
      effects.armed.delete(name)
      effects.cancelled.set(name, { bucket, topic: topics[noun], subject: id })
    },
    tell(to: Msisdn, notice: TransferNotice) {
      const language = facts.subscribers.get(to)?.language ?? 'zh'
      const payload: TransferOutgoing = {
        to,
        from: walletService,
        language,
        notice,
        paymentId: null,
      }
      const bucket = bucketOf(to)
      const subject = facts.newId(bucket)
      effects.jobs.push({ bucket, topic: paymentTopics.sms, subject, dueAt: now, payload })
    },
  }
}

/** Found by its number: not closed, and not left behind by it. */
export const isLive = ({ state, releasedAt }: Pick<Purse, 'state' | 'releasedAt'>): boolean =>
  state !== 'closed' && releasedAt === null
