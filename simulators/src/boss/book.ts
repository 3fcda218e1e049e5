/**
 * The state of the billing system: lines, charges and bill lines, as the sum of the events so far.
 * `applyEvent` only adds up; whether an event may happen was decided before, in `verbs.ts`.
 */
import type { BossEvent } from './event.ts'
import {
  type ChargeContent,
  type ChargeStatus,
  type LineFacts,
  reservationMs,
  yuan,
} from './line.ts'

export type BillKind = 'information' | 'communication' | 'refund' | 'reversal'

export interface BillLine {
  readonly at: number
  readonly kind: BillKind
  readonly text: string
  /** Never negative: the kind says whether it was taken or given back. */
  readonly amount: bigint
  readonly chargeId?: string
}

export interface LineAccount {
  facts: LineFacts
  /** Part of `facts.balance` held by reservations. */
  reserved: bigint
  readonly bill: BillLine[]
  /** Taken minus given back, by month `yyyy-mm` of the carrier's zone. */
  readonly spent: Map<string, bigint>
}

export interface ChargeAccount {
  readonly chargeId: string
  /** Null for a tombstone: released before its reservation came. */
  readonly content: ChargeContent | null
  readonly carrierRef: string | null
  readonly reservedAt: number
  status: ChargeStatus
  /** A bill line was written for it, whatever came after. */
  everCommitted: boolean
  readonly refunds: Map<string, bigint>
  refunded: bigint
}

export interface Book {
  readonly lines: Map<string, LineAccount>
  readonly charges: Map<string, ChargeAccount>
  /** Reservations not yet ended, oldest first. */
  readonly open: Set<string>
  readonly monthOf: (at: number) => string
  reservations: number
}

/** An empty book; `zone` decides in which month a bill line falls. */
export function createBook(zone: string): Book {
  return {
    lines: new Map(),
    charges: new Map(),
    open: new Set(),
    monthOf: monthsIn(zone),
    reservations: 0,
  }
}

/** Adds one event to the book. Throws when the event speaks of a line or charge never seen. */
export function applyEvent(book: Book, event: BossEvent): void {
  switch (event.type) {
    case 'line_opened':
      book.lines.set(event.line.msisdn, {
        facts: event.line,
        reserved: 0n,
        bill: [],
        spent: new Map(),
      })
      return
    case 'line_changed': {
      const account = accountOf(book, event.msisdn)
      account.facts = { ...account.facts, status: event.status, balance: event.balance }
      return
    }
    case 'communicated': {
      const text = `通信费 短信 ${event.count}条 ${yuan(event.amount)}`
      const { at, amount } = event
      move(book, event.msisdn, { at, kind: 'communication', text, amount })
      return
    }
    case 'reserved':
      reserved(book, event)
      return
    case 'charged':
      reserved(book, event)
      changed(book, { type: 'committed', at: event.at, chargeId: event.chargeId })
      return
    default:
      changed(book, event)
  }
}

function reserved(book: Book, event: Extract<BossEvent, { type: 'reserved' | 'charged' }>): void {
  const { chargeId, charge, carrierRef, at } = event
  accountOf(book, charge.msisdn).reserved += charge.amount
  book.charges.set(chargeId, newCharge(chargeId, charge, carrierRef, at))
  book.open.add(chargeId)
  book.reservations += 1
}

function changed(
  book: Book,
  event: Extract<
    BossEvent,
    { type: 'committed' | 'released' | 'dropped' | 'reversed' | 'refunded' }
  >,
): void {
  const { chargeId, at } = event
  const charge = book.charges.get(chargeId)
  if (!charge && event.type === 'released') {
    const tombstone = newCharge(chargeId, null, null, at)
    book.charges.set(chargeId, { ...tombstone, status: 'released' })
    return
  }
  if (!charge?.content) throw new Error(`the billing book has no charge ${chargeId}`)
  const { msisdn, amount } = charge.content
  if (event.type === 'refunded') {
    charge.refunds.set(event.refundId, event.amount)
    charge.refunded += event.amount
    const line = { at, chargeId, kind: 'refund', amount: event.amount } as const
    move(book, msisdn, billLine(charge.content, line))
    return
  }
  if (book.open.delete(chargeId)) accountOf(book, msisdn).reserved -= amount
  if (event.type === 'committed') {
    charge.everCommitted = true
    move(book, msisdn, billLine(charge.content, { at, chargeId, kind: 'information', amount }))
  }
  if (event.type === 'reversed' && charge.everCommitted)
    move(book, msisdn, billLine(charge.content, { at, chargeId, kind: 'reversal', amount }))
  charge.status = event.type === 'dropped' ? 'released' : event.type
}

/** Whether a reservation has run out at `now`. */
export const hasLapsed = (charge: ChargeAccount, now: number): boolean =>
  charge.status === 'reserved' && now - charge.reservedAt >= reservationMs

/** What a line can still spend. */
export const availableOf = (account: LineAccount): bigint =>
  account.facts.balance - account.reserved

const newCharge = (
  chargeId: string,
  content: ChargeContent | null,
  carrierRef: string | null,
  reservedAt: number,
): ChargeAccount => ({
  chargeId,
  content,
  carrierRef,
  reservedAt,
  status: 'reserved',
  everCommitted: false,
  refunds: new Map(),
  refunded: 0n,
})

function accountOf(book: Book, msisdn: string): LineAccount {
  const account = book.lines.get(msisdn)
  if (!account) throw new Error('the billing book has no such line')
  return account
}

const words: Readonly<Record<Exclude<BillKind, 'communication'>, string>> = {
  information: '代收费',
  refund: '退费',
  reversal: '冲正',
}

/** 代收费 <merchant> <M4> <goods> <amount>: what the rule of 2004 wants on a bill. */
const billLine = (
  content: ChargeContent,
  line: Omit<BillLine, 'text' | 'kind'> & { readonly kind: keyof typeof words },
): BillLine => ({
  ...line,
  text: `${words[line.kind]} ${content.merchantName} ${content.merchantId} ${content.goods} ${yuan(line.amount)}`,
})

/** Writes a bill line and moves the money it speaks of. */
function move(book: Book, msisdn: string, line: BillLine): void {
  const account = accountOf(book, msisdn)
  const taken = line.kind === 'information' || line.kind === 'communication'
  const amount = taken ? line.amount : -line.amount
  const month = book.monthOf(line.at)
  account.facts = { ...account.facts, balance: account.facts.balance - amount }
  account.spent.set(month, (account.spent.get(month) ?? 0n) + amount)
  account.bill.push(line)
}

/** Formatting a date is slow and months change only on a quarter of an hour: remember the last. */
function monthsIn(zone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
  })
  let quarter = Number.NaN
  let month = ''
  return (at) => {
    const now = Math.floor(at / 900_000)
    if (now !== quarter) {
      quarter = now
      month = format.format(at)
    }
    return month
  }
}
