/**
 * Money leaves one wallet for another person: refused for a reason, or begun and bound to succeed. Whatever
 * makes a transfer (a person, a request, a mandate, a share of a bill) goes through here.
 */
import { type Msisdn, masked } from '../../kernel/index.ts'
import { reasons } from '../../ledger/index.ts'
import { openPurse, type Purse, takeRoom } from '../../wallet/index.ts'
import { type Book, balanceOf, holdsOf, unclaimedIn } from '../book.ts'
import type { SaidName } from '../command.ts'
import type { KeptTransfer } from '../rows.ts'
import { claimMs, delayMs, type State, type Transfer } from '../transfer.ts'
import type { Sent } from '../transfers.ts'
import { inRefusal, nameRefusal, outRefusal, type Refused, refused } from './checks.ts'
import { codeKey, codeRefusal } from './code-limit.ts'
import { changeOf, localOf } from './tell.ts'

export interface Wanted
  extends Pick<
    Transfer,
    | 'id'
    | 'msisdn'
    | 'payee'
    | 'amount'
    | 'memo'
    | 'arrival'
    | 'origin'
    | 'originId'
    | 'codeProof'
    | 'channel'
    | 'key'
  > {
  readonly said: SaidName | null
  /** Where the payer agreed before to this very payee, nobody asks for the name. */
  readonly isNameKnown?: true
}

/** As many may wait for one number: they are all credited in the moment a wallet is opened. */
const waitingMax = 100

export function pay(book: Book, wanted: Wanted): Sent {
  const before = earlier(book, wanted)
  if (before) return before
  const payer = openPurse(book, wanted.msisdn)
  if ('ok' in payer) return payer
  const payee = book.purseOf(wanted.payee) ?? null
  const refusal =
    payeeRefusal(book, wanted, payee) ??
    outRefusal(book, payer, wanted.amount) ??
    codeRefusal(book, payer, wanted.codeProof, wanted.amount) ??
    (payee && !wanted.isNameKnown
      ? nameRefusal(book, { payer, payee, amount: wanted.amount }, wanted.said)
      : null)
  if (refusal) return refusal
  takeRoom(book, payer, wanted.amount)
  if (wanted.codeProof !== null) book.count(codeKey(book, payer, wanted.codeProof), wanted.amount)
  return { ok: true, value: { transfer: begin(book, wanted, payer, payee), replayed: false } }
}

/** A batch that is run again after a commit nobody heard of meets its own transfer. */
function earlier(book: Book, wanted: Wanted): Sent | undefined {
  const found = book.sheets.transfer.byKey(wanted.msisdn, wanted.key)
  if (!found) return undefined
  const isSame =
    found.walletId === (book.purseOf(wanted.msisdn)?.walletId ?? found.walletId) &&
    found.payee === wanted.payee &&
    found.amount === wanted.amount &&
    found.memo === wanted.memo &&
    found.arrival === wanted.arrival &&
    found.origin === wanted.origin &&
    found.originId === wanted.originId
  if (!isSame) return refused('exists_with_different_content')
  return { ok: true, value: { transfer: found, replayed: found.id !== wanted.id } }
}

function payeeRefusal(book: Book, wanted: Wanted, payee: Purse | null): Refused | null {
  if (wanted.payee === wanted.msisdn) return refused('to_oneself')
  if (payee) return inRefusal(payee)
  const line = book.subscribers.get(wanted.payee)
  if (!line || line.status === 'closed') return refused('payee_unknown')
  if (wanted.arrival !== 'now') return refused('delay_needs_wallet')
  const left = book.policy.transferNameAbove
  if (wanted.amount > left) return refused('name_unknown', { left })
  return waitingCount(book, wanted.payee) >= waitingMax ? refused('over_waiting') : null
}

const waitingCount = (book: Book, payee: Msisdn): number =>
  book.sheets.transfer.of(payee).filter(({ state }) => state === 'waiting_claim').length

function begin(book: Book, wanted: Wanted, payer: Purse, payee: Purse | null): KeptTransfer {
  const isDelayed = payee !== null && wanted.arrival !== 'now'
  const state: State = payee === null ? 'waiting_claim' : isDelayed ? 'delayed' : 'done'
  const waitMs = payee === null ? claimMs : delayMs[wanted.arrival]
  const transfer = book.begin({
    id: wanted.id,
    bucket: payer.bucket,
    version: 1,
    walletId: payer.walletId,
    msisdn: wanted.msisdn,
    key: wanted.key,
    state,
    payee: wanted.payee,
    payeeWalletId: payee?.walletId ?? null,
    amount: wanted.amount,
    memo: wanted.memo,
    arrival: wanted.arrival,
    origin: wanted.origin,
    originId: wanted.originId,
    codeProof: wanted.codeProof,
    channel: wanted.channel,
    reason: null,
    requestedAt: book.now,
    dueAt: state === 'done' ? null : book.now + waitMs,
    endedAt: state === 'done' ? book.now : null,
    businessDate: book.firstOpenDate,
  })
  const from = balanceOf(payer)
  const { id, amount } = transfer
  if (payee === null) {
    const to = unclaimedIn(payer.bucket)
    book.post({ from, to, amount, id, subject: id, reason: reasons.transferUnclaimed })
  } else if (isDelayed) {
    const to = holdsOf(payer)
    book.post({ from, to, amount, id, subject: id, reason: reasons.transferHold })
  } else {
    const reason = wanted.codeProof === null ? reasons.transfer : reasons.faceToFace
    book.post({ from, to: balanceOf(payee), amount, id, subject: id, reason })
  }
  if (transfer.dueAt !== null) arm(book, transfer, transfer.dueAt)
  tellBoth(book, transfer, payer, payee)
  return transfer
}

export const arm = (book: Book, transfer: KeptTransfer, dueAt: number): void =>
  book.arm('transfer', transfer, dueAt, {
    numbers: [transfer.msisdn, transfer.payee],
    walletIds: [transfer.walletId, transfer.payeeWalletId].filter((id) => id !== null),
  })

function tellBoth(book: Book, transfer: KeptTransfer, payer: Purse, payee: Purse | null): void {
  const { amount, msisdn, payee: number, dueAt } = transfer
  const to = { other: masked(number), ...changeOf(book, payer, amount) }
  const from = { amount: amount.toString(), other: masked(msisdn) }
  if (dueAt === null) {
    book.tell(msisdn, { id: 'transfer_sent', ...to })
    if (payee)
      book.tell(number, { id: 'transfer_received', ...changeOf(book, payee, amount), ...from })
    return
  }
  const due = localOf(book, dueAt)
  book.tell(msisdn, { id: payee ? 'transfer_delayed' : 'transfer_waiting', ...to, due })
  book.tell(number, { id: payee ? 'transfer_coming' : 'transfer_to_claim', ...from, due })
}
