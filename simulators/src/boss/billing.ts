/**
 * The billing system without its network: decides each verb, writes it to the journal, then to the
 * book, then tells the listeners, then answers. All in one turn of the event loop, so callers never
 * see half of a verb.
 */
import { type Journal, openJournal } from '../journal.ts'
import {
  applyEvent,
  availableOf,
  type Book,
  type ChargeAccount,
  createBook,
  hasLapsed,
} from './book.ts'
import { type BossEvent, bossEvents } from './event.ts'
import {
  type ChargeAnswer,
  type ChargeContent,
  type LineFacts,
  type LineStatus,
  msisdnOf,
  type NewLine,
  no,
  type RefundAnswer,
  type Verdict,
  yes,
} from './line.ts'
import { type BillPage, billPage, type LineView, lineView } from './line-view.ts'
import * as verbs from './verbs.ts'

export interface Change {
  readonly type: BossEvent['type']
  readonly at: number
  /** The line whose money or state changed; absent for a release of a charge never seen. */
  readonly msisdn?: string
  readonly chargeId?: string
}

/** Committed charges of one merchant, in fen. */
export interface MerchantTotal {
  readonly committed: bigint
  readonly reversed: bigint
  readonly refunded: bigint
  /** committed − reversed − refunded: what the carrier owes for this merchant. */
  readonly net: bigint
}

export interface LineState extends LineFacts {
  /** Balance or unused credit, less what reservations hold; never below zero. */
  readonly available: bigint
}

/** Numbers are E.164 with `+` in all verbs; every verb may be repeated. */
export interface Billing {
  /** Adds a line, its number in any form. `line_exists` when there is one, which stays as it is. */
  openLine(line: NewLine): Verdict<null>
  /** Sets status, or balance (prepaid) and unused credit (post-paid), to the values given. */
  changeLine(change: { msisdn: string; status?: LineStatus; balance?: bigint }): Verdict<null>
  line(msisdn: string): Verdict<LineState>
  reserve(chargeId: string, content: ChargeContent): Verdict<ChargeAnswer>
  /** Reserves and commits at once. */
  charge(chargeId: string, content: ChargeContent): Verdict<ChargeAnswer>
  commit(chargeId: string): Verdict<ChargeAnswer>
  release(chargeId: string): Verdict<ChargeAnswer>
  reverse(chargeId: string): Verdict<ChargeAnswer>
  refund(refund: { chargeId: string; refundId: string; amount: bigint }): Verdict<RefundAnswer>
  query(chargeId: string): Verdict<ChargeAnswer>
  queryRefund(chargeId: string, refundId: string): Verdict<RefundAnswer>
  /** The carrier's own fee, 0.10 for each text sent: `count` texts at `fee` fen. Gives the sum. */
  chargeCommunication(msisdn: string, fee?: bigint, count?: number): Verdict<bigint>
  lineView(msisdn: string): LineView | undefined
  lineViews(): LineView[]
  billPage(msisdn: string): BillPage | undefined
  /** What each merchant's charges add up to, for the comparison with the platform's ledger. */
  ledgerTotals(): ReadonlyMap<string, MerchantTotal>
  /** Every charge ever seen, with its state, for a comparison id by id. */
  charges(): ChargeAnswer[]
  /** Calls back after each change. Returns the function that stops it. */
  onChange(listener: (change: Change) => void): () => void
  close(): void
}

export interface BillingOptions {
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number
  /** IANA zone of bill months. */
  readonly zone?: string
  /** File that keeps the state; without it nothing outlives the process. */
  readonly journal?: string
}

/** Opens the billing system, with the state its journal tells of. Throws on a damaged journal. */
export function createBilling({
  now,
  zone = 'Asia/Shanghai',
  journal: path,
}: BillingOptions): Billing {
  const book = createBook(zone)
  const journal =
    path === undefined
      ? undefined
      : openJournal(path, bossEvents, (event) => applyEvent(book, event))
  const listeners = new Set<(change: Change) => void>()
  const record = recorder(book, journal, listeners)
  const at = () => {
    const instant = now()
    dropLapsed(book, instant, record)
    return instant
  }
  const decide = <Value>(decision: verbs.Decision<Value>): Verdict<Value> => {
    if (decision.event) record(decision.event)
    return decision.verdict
  }
  const fresh = () => {
    at()
    return book
  }
  return {
    ...questions(fresh, now),
    openLine(line) {
      const msisdn = msisdnOf(line.msisdn)
      if (msisdn === undefined || line.balance < 0n) return no('bad_request')
      if (book.lines.has(msisdn)) return no('line_exists')
      record({ type: 'line_opened', at: now(), line: withDefaults({ ...line, msisdn }) })
      return yes(null)
    },
    changeLine: (change) => decide(verbs.changeLine(book, change, at())),
    reserve: (chargeId, content) => decide(verbs.reserve(book, chargeId, content, at())),
    charge: (chargeId, content) => decide(verbs.charge(book, chargeId, content, at())),
    commit: (chargeId) => decide(verbs.commit(book, chargeId, at())),
    release: (chargeId) => decide(verbs.release(book, chargeId, at())),
    reverse: (chargeId) => decide(verbs.reverse(book, chargeId, at())),
    refund: (refund) => decide(verbs.refund(book, refund, at())),
    chargeCommunication: (msisdn, fee = 10n, count = 1) =>
      decide(verbs.communicate(book, { msisdn, fee, count }, at())),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => journal?.close(),
  }
}

type Questions = Pick<
  Billing,
  | 'line'
  | 'query'
  | 'queryRefund'
  | 'lineView'
  | 'lineViews'
  | 'billPage'
  | 'ledgerTotals'
  | 'charges'
>

/** What can be asked; `fresh` gives the book with the lapsed reservations already dropped. */
function questions(fresh: () => Book, now: () => number): Questions {
  return {
    line(msisdn) {
      const account = fresh().lines.get(msisdn)
      if (!account) return no('unknown_number')
      const available = availableOf(account)
      return yes({ ...account.facts, available: available < 0n ? 0n : available })
    },
    query(chargeId) {
      const charge = fresh().charges.get(chargeId)
      return charge ? yes(verbs.answerOf(charge)) : no('charge_not_found')
    },
    queryRefund(chargeId, refundId) {
      const amount = fresh().charges.get(chargeId)?.refunds.get(refundId)
      if (amount === undefined) return no('refund_not_found')
      return yes({ chargeId, refundId, status: 'refunded', amount })
    },
    lineView: (msisdn) => lineView(fresh(), msisdn, now()),
    lineViews() {
      const book = fresh()
      return [...book.lines.keys()].flatMap((msisdn) => lineView(book, msisdn, now()) ?? [])
    },
    billPage: (msisdn) => billPage(fresh(), msisdn),
    ledgerTotals: () => totals(fresh().charges.values()),
    charges: () => Array.from(fresh().charges.values(), verbs.answerOf),
  }
}

/** Journal first: an event that could not be written has not happened. */
function recorder(
  book: Book,
  journal: Journal<BossEvent> | undefined,
  listeners: ReadonlySet<(change: Change) => void>,
): (event: BossEvent) => void {
  return (event) => {
    journal?.append(event)
    applyEvent(book, event)
    const change = changeOf(book, event)
    for (const listener of listeners) listener(change)
  }
}

/** Reservations are kept oldest first, so the first one still in time ends the search. */
function dropLapsed(book: Book, now: number, record: (event: BossEvent) => void): void {
  for (const chargeId of book.open) {
    const charge = book.charges.get(chargeId)
    if (!charge || !hasLapsed(charge, now)) return
    record({ type: 'dropped', at: now, chargeId })
  }
}

function changeOf(book: Book, event: BossEvent): Change {
  const { type, at } = event
  if (event.type === 'line_opened') return { type, at, msisdn: event.line.msisdn }
  if (!('chargeId' in event)) return { type, at, msisdn: event.msisdn }
  const { chargeId } = event
  const msisdn = book.charges.get(chargeId)?.content?.msisdn
  return { type, at, chargeId, ...(msisdn !== undefined && { msisdn }) }
}

function totals(charges: Iterable<ChargeAccount>): ReadonlyMap<string, MerchantTotal> {
  const sums = new Map<string, MerchantTotal>()
  for (const { content, everCommitted, status, refunded } of charges) {
    if (!content || !everCommitted) continue
    const before = sums.get(content.merchantId) ?? none
    const reversed = status === 'reversed' ? content.amount : 0n
    sums.set(content.merchantId, {
      committed: before.committed + content.amount,
      reversed: before.reversed + reversed,
      refunded: before.refunded + refunded,
      net: before.net + content.amount - reversed - refunded,
    })
  }
  return sums
}
const none: MerchantTotal = { committed: 0n, reversed: 0n, refunded: 0n, net: 0n }

const withDefaults = (line: NewLine): LineFacts => ({
  status: 'active',
  carrier: 'CMCC',
  brand: line.billing === 'prepaid' ? '神州行' : '全球通',
  language: 'zh',
  region: '110000',
  ...line,
})
