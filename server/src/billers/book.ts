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
import { billerPayable, type PlainTransfer, reasons, userBalance } from '../ledger/index.ts'
import { topics as paymentTopics } from '../payments/index.ts'
import { openCounting, type Policy } from '../risk/index.ts'
import type { Subscriber } from '../subscribers/index.ts'
import { type HistoryEvent, type Purse, walletService } from '../wallet/index.ts'
import { next } from './bill.ts'
import type { BillNotice, BillOutgoing } from './notice.ts'
import type { KeptBill } from './rows.ts'
import { type Timer, topics } from './topics.ts'

export interface Facts {
  readonly now: number
  readonly policy: Policy
  readonly time: BusinessTime
  /** The first date on which something can still be posted. */
  readonly firstOpenDate: BusinessDate
  readonly subscribers: ReadonlyMap<Msisdn, Subscriber>
  readonly purses: readonly Purse[]
  readonly bills: readonly KeptBill[]
  /** By wallet, locked: what can be spent. */
  readonly balances: ReadonlyMap<string, Amount>
  /** By name of the counter. */
  readonly used: ReadonlyMap<string, Amount>
  readonly newId: (bucket: number) => string
}

export type Book = ReturnType<typeof openBook>

export function openBook(facts: Facts) {
  const { now } = facts
  const purses = new Map(facts.purses.map((purse) => [purse.walletId, purse]))
  const byNumber = new Map(
    facts.purses.flatMap((purse) => (isLive(purse) ? [[purse.msisdn, purse] as const] : [])),
  )
  const balances = new Map(facts.balances)
  const effects = {
    transfers: [] as PlainTransfer[],
    events: [] as HistoryEvent[],
    jobs: [] as NewJob[],
    armed: new Map<string, NewJob>(),
    cancelled: new Map<string, { bucket: number; topic: string; subject: string }>(),
  }
  const bills = createSheet({
    rows: facts.bills,
    next,
    groupOf: ({ walletId }) => walletId,
    /** Each event says the state it led to, so that the history alone proves which edges were taken. */
    record({ bucket, id: subject, version: seq, state }, type) {
      effects.events.push({ bucket, subject, seq, type, state, at: now })
    },
  })

  function available(walletId: string): Amount {
    const balance = balances.get(walletId)
    assert(balance !== undefined, `the balance of wallet ${walletId} was loaded`)
    return balance
  }

  return {
    ...facts,
    ...openCounting(facts.used),
    effects,
    bills,
    available,
    purse: (walletId: string) => purses.get(walletId),
    /** The wallet that is found by the number. */
    purseOf: (msisdn: Msisdn) => byNumber.get(msisdn),
    /** Between the balance of its wallet and what its biller gets; the first line has the bill's id. */
    post({ bucket, id, walletId, biller }: KeptBill, way: 'pay' | 'back', amount: Amount) {
      const balance = userBalance(bucket, walletId)
      const payable = billerPayable(bucket, biller)
      const isPay = way === 'pay'
      effects.transfers.push({
        ...{ kind: 'transfer', id: isPay ? id : facts.newId(bucket), bucket, subject: id, amount },
        ...{ debit: isPay ? balance : payable, credit: isPay ? payable : balance },
        reason: isPay ? reasons.bill : reasons.billReturn,
        businessDate: facts.firstOpenDate,
      })
      balances.set(walletId, available(walletId) + (isPay ? -amount : amount))
    },
    arm({ bucket, id, msisdn, walletId }: KeptBill, dueAt: number) {
      const payload: Timer = { msisdn, walletId }
      effects.cancelled.delete(id)
      effects.armed.set(id, { bucket, topic: topics.bill, subject: id, dueAt, payload })
    },
    disarm({ bucket, id }: KeptBill) {
      effects.armed.delete(id)
      effects.cancelled.set(id, { bucket, topic: topics.bill, subject: id })
    },
    tell(to: Msisdn, notice: BillNotice) {
      const job = noticeJob(facts, to, notice)
      effects.jobs.push(job)
    },
  }
}

type Telling = Pick<Facts, 'now' | 'subscribers' | 'newId'>

/** A text to the owner of a wallet, as a job. */
export function noticeJob({ now, subscribers, newId }: Telling, to: Msisdn, notice: BillNotice) {
  const language = subscribers.get(to)?.language ?? 'zh'
  const payload: BillOutgoing = { to, from: walletService, language, notice, paymentId: null }
  const bucket = bucketOf(to)
  return { bucket, topic: paymentTopics.sms, subject: newId(bucket), dueAt: now, payload }
}

/** Found by its number: not closed, and not left behind by it. */
export const isLive = ({ state, releasedAt }: Pick<Purse, 'state' | 'releasedAt'>): boolean =>
  state !== 'closed' && releasedAt === null
