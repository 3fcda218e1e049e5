/**
 * What becomes of a movement once the bank has said something. Only a yes or a no ends it; everything else
 * keeps the money where it is. What contradicts an end moves nothing: a top-up that came through after all is
 * taken back at the bank, anything else is written down for somebody to look at.
 */
import { billTopics } from '../../bank-cards/index.ts'
import type { NewJob } from '../../db/index.ts'
import { queryDelay, resendDelay } from '../../payments/index.ts'
import type { Book } from '../book.ts'
import { type EndReason, isUnfinished, type Movement } from '../movement.ts'
import { postPaid, postReturn, postTopUp, voidTopUp } from '../postings.ts'
import type { KeptMovement } from '../rows.ts'
import { topics } from '../topics.ts'
import { giveBack } from './card-transfer.ts'
import { endClosing } from './close.ts'
import { goOff, goOn } from './repay.ts'
import { sentNotices } from './sent-notices.ts'
import { cardIn, changeIn } from './tell.ts'

export type BankOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly reason: EndReason; readonly code: string | null }
  /** Of a top-up: the bank says that nothing is taken any more. */
  | { readonly kind: 'reversed' }
  | { readonly kind: 'unknown'; readonly detail: string }
  /** Nothing has left. */
  | { readonly kind: 'unsent'; readonly detail: string; readonly opensAt?: number }

export interface Answered {
  readonly movement: Movement
  /** When the bank must be asked again, or null when there is nothing left to ask. */
  readonly askAgainAt: number | null
  /** The bank says the opposite of what it said before: somebody must look. */
  readonly isContradiction: boolean
}

export function bankAnswered(
  book: Book,
  movement: KeptMovement,
  outcome: BankOutcome,
  attempt: number,
): Answered {
  if (!isUnfinished(movement)) return late(book, movement, outcome)
  // No bank was asked yet.
  if (movement.state === 'funding') return settled(movement)
  const step = movement.kind === 'top_up' ? topUpStep : sentStep
  const answered = step(book, movement, outcome, attempt)
  if (!isUnfinished(answered.movement)) {
    book.disarm(keyOf(movement, topics.drive))
    askForBill(book, movement)
    endClosing(book, movement.walletId)
  }
  return answered
}

type Step = (book: Book, movement: KeptMovement, outcome: BankOutcome, attempt: number) => Answered

const topUpStep: Step = (book, movement, outcome, attempt) => {
  const account = book.account(movement.walletId)
  const card = cardIn(movement)
  const amount = movement.amount.toString()
  switch (outcome.kind) {
    case 'done': {
      postTopUp(book, movement)
      const done = finish(book, movement, {
        ...{ state: 'done', businessDate: book.firstOpenDate },
      })
      if (account) book.tell(account, { id: 'wallet_topped_up', ...changeIn(book, done), ...card })
      goOn(book, done)
      return settled(done)
    }
    case 'reversed': {
      voidTopUp(book, movement)
      if (account) book.tell(account, { id: 'wallet_top_up_reversed', amount, ...card })
      const reversed = finish(book, movement, { state: 'reversed' })
      goOff(book, reversed)
      return settled(reversed)
    }
    case 'refused':
    case 'unsent': {
      // Said to one of two who asked at once: the other one's message may have arrived.
      if (outcome.kind === 'unsent' && movement.state === 'unknown')
        return waiting(book, movement, attempt)
      const { reason, code } =
        outcome.kind === 'refused' ? outcome : ({ reason: 'bank_away', code: null } as const)
      voidTopUp(book, movement)
      if (account) book.tell(account, { id: 'wallet_top_up_refused', amount, reason, ...card })
      const off = finish(book, movement, { state: 'refused', reason, bankCode: code })
      goOff(book, off)
      return settled(off)
    }
    case 'unknown': {
      if (movement.state === 'requested' && account)
        book.tell(account, { id: 'wallet_top_up_unknown', amount, ...card })
      return waiting(book, movement, attempt)
    }
  }
}

/** To a card: it has left the balance already. */
const sentStep: Step = (book, movement, outcome, attempt) => {
  const account = book.account(movement.walletId)
  const amount = movement.amount.toString()
  const told = sentNotices(movement)
  switch (outcome.kind) {
    case 'done': {
      postPaid(book, movement)
      if (account) book.tell(account, told.paid(amount))
      return settled(finish(book, movement, { state: 'paid' }))
    }
    case 'refused': {
      const { reason, code: bankCode } = outcome
      postReturn(book, movement)
      giveBack(book, movement)
      const returned = finish(book, movement, { state: 'returned', reason, bankCode })
      const change = changeIn(book, { ...returned, amount: returned.amount + returned.fee })
      if (account) book.tell(account, told.returned({ ...change, reason }))
      return settled(returned)
    }
    case 'unsent': {
      if (movement.state === 'unknown') return waiting(book, movement, attempt)
      const soonest = book.now + resendDelay(attempt)
      const latest = book.now + dayMs
      const askAgainAt = Math.min(Math.max(soonest, outcome.opensAt ?? 0), latest)
      return { movement, askAgainAt, isContradiction: false }
    }
    // A credit cannot be taken back, so that answer makes no sense: it is unknown.
    case 'reversed':
    case 'unknown': {
      if (movement.state === 'requested' && account) book.tell(account, told.unknown(amount))
      return waiting(book, movement, attempt)
    }
  }
}

/** The bank knows more of its bill now than we do; but not in the same moment. */
const askAfterMs = 10_000

function askForBill(book: Book, { kind, bucket, cardId: subject }: Movement): void {
  if (kind !== 'repayment' || subject === null) return
  const dueAt = book.now + askAfterMs
  book.arm({ bucket, topic: billTopics.ask, subject, dueAt, payload: {} })
}

/** A bank that says when it opens is believed for no longer than this. */
const dayMs = 86_400_000

function waiting(book: Book, movement: KeptMovement, attempt: number): Answered {
  if (movement.state === 'unknown')
    return { movement, askAgainAt: book.now + queryDelay(attempt + 1), isContradiction: false }
  const patch = { state: 'unknown', unknownSince: book.now, ...wiped } as const
  const unknown = book.change(movement.id, patch, 'unknown')
  // Armed anew: the waits between questions are counted from here, not from the calls before.
  book.arm(jobOf(unknown, topics.drive, book.now + queryDelay(1)))
  return settled(unknown)
}

function late(book: Book, movement: KeptMovement, outcome: BankOutcome): Answered {
  const { kind, state } = movement
  const isOff = state === 'refused' || state === 'reversed' || state === 'returned'
  const opposite =
    (outcome.kind === 'done' && isOff) ||
    ((outcome.kind === 'refused' || outcome.kind === 'reversed') && !isOff)
  if (!opposite) return settled(movement)
  if (kind === 'top_up' && outcome.kind === 'done') {
    // The customer was told that nothing is taken, and that stays true.
    book.arm(jobOf(movement, topics.undo, book.now))
    return settled(book.change(movement.id, {}, 'done_too_late'))
  }
  return { ...settled(book.change(movement.id, {}, 'contradicted')), isContradiction: true }
}

const finish = (
  book: Book,
  movement: KeptMovement,
  patch: Pick<Movement, 'state'> & Partial<Pick<Movement, 'reason' | 'bankCode' | 'businessDate'>>,
) => book.change(movement.id, { ...patch, endedAt: book.now, ...wiped }, patch.state)

/** What only the way to the bank needed. */
const wiped = { sealedPin: null, sealedPayee: null } as const

const settled = (movement: Movement): Answered => ({
  ...{ movement, askAgainAt: null, isContradiction: false },
})

const keyOf = ({ bucket, id: subject }: Movement, topic: string) => ({ bucket, topic, subject })

const jobOf = (movement: Movement, topic: string, dueAt: number): NewJob => ({
  ...keyOf(movement, topic),
  dueAt,
  payload: { msisdn: movement.msisdn, walletId: movement.walletId },
})
