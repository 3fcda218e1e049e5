/** A payer's lasting consent: given, drawn on by the payee or by itself, ended. Never more than its cap. */

import { type Amount, type BusinessDate, type Msisdn, masked } from '../../kernel/index.ts'
import { openPurse } from '../../wallet/index.ts'
import type { Book } from '../book.ts'
import type { DueResult, PlacedDraw, PlacedMandate } from '../command.ts'
import { type Mandate, morningOf, periodOf, roundDate } from '../mandate.ts'
import type { KeptMandate } from '../rows.ts'
import type { Channel } from '../transfer.ts'
import type { Answer, Placed, Sent } from '../transfers.ts'
import { transferWords } from '../words.ts'
import { nameRefusal, type Refused, refused } from './checks.ts'
import { pay } from './pay.ts'
import { hasLeft, isStill } from './tell.ts'

export function give(book: Book, order: PlacedMandate): Answer<Placed<'mandate', Mandate>> {
  const { msisdn, to, key, mandateId: id } = order
  const found = book.sheets.mandate.byKey(msisdn, key)
  if (found) {
    if (!isSame(found, order)) return refused('exists_with_different_content')
    return { ok: true, value: { mandate: found, replayed: found.id !== id } }
  }
  const payer = openPurse(book, msisdn)
  if ('ok' in payer) return payer
  if (to === msisdn) return refused('to_oneself')
  const payee = book.purseOf(to)
  if (!payee) return refused('payee_needs_wallet')
  const refusal =
    termsRefusal(book, order) ?? nameRefusal(book, { payer, payee, amount: order.cap }, order.said)
  if (refusal) return refusal
  const { every, cap, amount = null, startsOn, endsOn = null, memo = '' } = order
  const made: KeptMandate = {
    ...{ id, bucket: payer.bucket, version: 1, walletId: payer.walletId, msisdn, key },
    ...{ payee: to, payeeWalletId: payee.walletId, every, cap, amount, memo, startsOn, endsOn },
    ...{ state: 'active', period: '', used: 0n, rounds: 0, madeAt: book.now, endedAt: null },
    dueAt: null,
  }
  const mandate = book.sheets.mandate.create({ ...made, dueAt: nextDue(book, made) }, 'given')
  arm(book, mandate)
  book.tell(to, {
    ...{ id: 'transfer_mandate_given', amount: cap.toString(), other: masked(msisdn) },
  })
  return { ok: true, value: { mandate, replayed: false } }
}

function termsRefusal(
  book: Book,
  { cap, amount, startsOn, endsOn }: PlacedMandate,
): Refused | null {
  const left = book.policy.walletSingleLimit
  if (cap <= 0n || (amount !== undefined && amount <= 0n)) return refused('amount_too_small')
  if (cap > left) return refused('over_single_limit', { left })
  if (amount !== undefined && amount > cap) return refused('over_cap', { left: cap })
  const isPast = startsOn < book.time.dateOf(book.now)
  return isPast || (endsOn !== undefined && endsOn < startsOn) ? refused('dates_wrong') : null
}

const isSame = (found: Mandate, order: PlacedMandate): boolean =>
  found.payee === order.to &&
  found.every === order.every &&
  found.cap === order.cap &&
  found.amount === (order.amount ?? null) &&
  found.startsOn === order.startsOn &&
  found.endsOn === (order.endsOn ?? null) &&
  found.memo === (order.memo ?? '')

/** By the payee, for what is due. */
export function draw(book: Book, order: PlacedDraw): Sent {
  const mandate = book.sheets.mandate.get(order.mandateId)
  if (!mandate || mandate.payee !== order.msisdn) return refused('not_found')
  // A standing order is the payer's own: nobody else draws on it.
  if (mandate.amount !== null) return refused('not_found')
  if (book.purseOf(order.msisdn)?.walletId !== mandate.payeeWalletId) return refused('not_found')
  const key = `mandate:${mandate.id}:${order.key}`
  const on = book.time.dateOf(book.now)
  return drawOn(book, mandate, { ...order, key, channel: 'api', on })
}

function drawOn(
  book: Book,
  mandate: KeptMandate,
  order: {
    readonly transferId: string
    readonly amount: Amount
    readonly key: string
    readonly channel: Channel
    /** In whose period it counts. */
    readonly on: BusinessDate
  },
): Sent {
  const { msisdn, payee, memo, id: originId } = mandate
  const { transferId: id, amount, key, channel, on } = order
  const isAgain = book.sheets.transfer.byKey(msisdn, key) !== undefined
  const today = book.time.dateOf(book.now)
  const period = periodOf(book.time, mandate, on)
  const used = mandate.period === period ? mandate.used : 0n
  if (!isAgain) {
    if (mandate.state !== 'active' || hasMoved(book, mandate)) return refused('not_open')
    if (today < mandate.startsOn || (mandate.endsOn !== null && today > mandate.endsOn))
      return refused('dates_wrong')
    if (amount > mandate.cap - used) return refused('over_cap', { left: mandate.cap - used })
  }
  const sent = pay(book, {
    ...{ id, msisdn, payee, amount, memo, key, channel, originId },
    ...{ arrival: 'now', origin: 'mandate', codeProof: null, said: null, isNameKnown: true },
  })
  if (sent.ok && !isAgain)
    book.sheets.mandate.change(mandate.id, { period, used: used + amount }, 'drawn')
  return sent
}

export function endMandate(
  book: Book,
  { msisdn, mandateId }: { readonly msisdn: Msisdn; readonly mandateId: string },
): Answer<Mandate> {
  const mandate = book.sheets.mandate.get(mandateId)
  if (!mandate || (mandate.msisdn !== msisdn && mandate.payee !== msisdn))
    return refused('not_found')
  if (mandate.state === 'ended') return { ok: true, value: mandate }
  const ended = end(book, mandate)
  const other = msisdn === mandate.msisdn ? mandate.payee : mandate.msisdn
  book.tell(other, {
    ...{ id: 'transfer_mandate_ended', amount: mandate.cap.toString(), other: masked(msisdn) },
  })
  return { ok: true, value: ended }
}

/** The next round of a standing order, the end of any, or one of the two has left. */
export function mandateDue(book: Book, id: string): DueResult {
  const mandate = book.sheets.mandate.get(id)
  if (!mandate) return 'gone'
  const { state, dueAt } = mandate
  if (state === 'ended') book.disarm('mandate', mandate)
  else if (hasMoved(book, mandate)) end(book, mandate)
  else if (dueAt === null) book.disarm('mandate', mandate)
  else if (book.now < dueAt) arm(book, mandate)
  else if (mandate.amount === null || isPast(book, mandate)) end(book, mandate)
  else drawRound(book, mandate, mandate.amount)
  return 'looked_at'
}

/**
 * One try a round: what cannot be paid is told and skipped, so that no debt grows unseen. A late one counts in the
 * period it was due in, not in that of the next.
 */
function drawRound(book: Book, mandate: KeptMandate, amount: Amount): void {
  const { id, bucket, rounds, msisdn, payee, every } = mandate
  const key = `mandate:${id}:round-${rounds}`
  const transferId = book.newId(bucket)
  const on = roundDate(book.time, mandate, rounds)
  const drawn = drawOn(book, mandate, { transferId, amount, key, channel: 'timer', on })
  if (!drawn.ok)
    book.tell(msisdn, {
      ...{ id: 'transfer_mandate_skipped', amount: amount.toString(), other: masked(payee) },
      why: transferWords[drawn.refusal].code,
    })
  const after = { ...mandate, rounds: roundAfter(book, mandate) }
  const dueAt = every === 'once' ? null : nextDue(book, after)
  const type = drawn.ok ? 'round' : 'skipped'
  const changed = book.sheets.mandate.change(id, { rounds: after.rounds, dueAt }, type)
  if (dueAt === null) end(book, changed)
  else arm(book, changed)
}

/** Rounds that passed while nobody looked are not made up for. */
function roundAfter({ time, now }: Book, mandate: KeptMandate): number {
  let n = mandate.rounds + 1
  while (mandate.every !== 'once' && morningOf(time, roundDate(time, mandate, n)) <= now) n += 1
  return n
}

/** Of a standing order its next round, else its end; null when there is none. */
function nextDue({ time }: Pick<Book, 'time'>, mandate: Mandate): number | null {
  const { amount, rounds, endsOn } = mandate
  const end = endsOn === null ? null : time.startOf(time.nextDate(endsOn))
  if (amount === null) return end
  const next = morningOf(time, roundDate(time, mandate, rounds))
  return end !== null && next >= end ? null : next
}

const isPast = ({ time, now }: Book, { endsOn }: Mandate): boolean =>
  endsOn !== null && time.dateOf(now) > endsOn

/** One of the two has given up the number or closed the wallet: the consent was theirs. */
function hasMoved(book: Book, { msisdn, walletId, payee, payeeWalletId }: Mandate): boolean {
  if (hasLeft(book, msisdn) || hasLeft(book, payee)) return true
  const isBoth =
    isStill(book, { msisdn, walletId }) && isStill(book, { msisdn: payee, walletId: payeeWalletId })
  return !isBoth
}

function end(book: Book, { id }: KeptMandate): KeptMandate {
  const patch = { state: 'ended', dueAt: null, endedAt: book.now } as const
  const ended = book.sheets.mandate.change(id, patch, 'ended')
  book.disarm('mandate', ended)
  return ended
}

function arm(book: Book, mandate: KeptMandate): void {
  if (mandate.dueAt === null) return
  const numbers = [mandate.msisdn, mandate.payee]
  book.arm('mandate', mandate, mandate.dueAt, { numbers, walletIds: [] })
}
