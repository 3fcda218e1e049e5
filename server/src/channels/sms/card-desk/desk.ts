/**
 * The text desk for cards: 10658008, and the numbers that ask for the PIN of a purchase (1065800880003…). What
 * moves money is asked first and done when the PIN comes, by whoever does it: a purchase by `payments`, the rest
 * by the wallet. A text counts as taken once all it led to is done; one that is brought again before that does
 * the same under the same names.
 */
import { createHash } from 'node:crypto'
import { appendJobs, createCoalescer, type NewJob, type Tx } from '../../../db/index.ts'
import { bucketOf, createTurns, type Msisdn } from '../../../kernel/index.ts'
import { cardNumber, cardService, serviceNumber, topics } from '../../../payments/index.ts'
import { findSubscriber } from '../../../subscribers/index.ts'
import { answerPin, refusePending } from './answer.ts'
import { askAboutBill } from './bill.ts'
import type { DeskNotice } from './notices.ts'
import type { DeskOptions } from './ports.ts'
import { take, wasTaken } from './question-store.ts'
import { type CardText, readCardText } from './reading.ts'
import { changePin, order, preferCard, showCards, startQuestion, takeVoucher } from './request.ts'

export interface DeskText {
  readonly from: Msisdn
  readonly to: string
  readonly text: string
  readonly receivedAt: number
  readonly gateway: string
  readonly messageId: string | null
}

/** What a text leads to: an answer, if it is not given elsewhere, and what is written with it. */
export interface Reply {
  readonly notice?: DeskNotice
  readonly write?: (tx: Tx) => void
}

/** A text as it is dealt with: who, when, where to, and a name that is the same when it comes again. */
export interface Asked {
  readonly from: Msisdn
  readonly to: string
  readonly now: number
  readonly key: string
}

interface Answered {
  readonly asked: Asked
  readonly jobs: readonly NewJob[]
  readonly write?: (tx: Tx) => void
}

export const isForDesk = (to: string): boolean =>
  to === cardNumber || to.startsWith(serviceNumber(cardService))

export function createCardDesk(options: DeskOptions) {
  const { db, clock, ids } = options
  const inTurn = createTurns()

  async function handle(text: DeskText): Promise<boolean> {
    const words = readCardText(text.text)
    // Of a purchase everything but its PIN is an answer that purchases know.
    if (text.to !== cardNumber && words.kind !== 'pin') return false
    const asked = { from: text.from, to: text.to, now: clock.now(), key: keyOf(text) }
    if (await wasTaken(db, asked.from, asked.key)) return true
    const { notice, write } = await replyTo(options, asked, words)
    const jobs = notice ? [await jobOf(asked, notice)] : []
    await answered.submit({ asked, jobs, ...(write && { write }) })
    return true
  }

  /** Texts of one moment share a transaction. */
  const answered = createCoalescer<Answered, true>({
    now: clock.now,
    run: (all) =>
      db.transact(async (tx) => {
        take(
          tx,
          all.map(({ asked }) => asked),
        )
        for (const { write } of all) write?.(tx)
        appendJobs(
          tx,
          all.flatMap(({ jobs }) => jobs),
        )
        return all.map(() => true as const)
      }),
  })

  async function jobOf({ from, to, now }: Asked, notice: DeskNotice): Promise<NewJob> {
    const language = (await findSubscriber(db, from, now))?.language ?? 'zh'
    const bucket = bucketOf(from)
    const payload = { to: from, from: to, language, notice, paymentId: null }
    return { bucket, topic: topics.sms, subject: ids.next(bucket, now), dueAt: now, payload }
  }

  return {
    /** False when the text is for the purchases after all. Resolves when it is safe. */
    take: (text: DeskText): Promise<boolean> => inTurn(text.from, () => handle(text)),
  }
}

function replyTo(options: DeskOptions, asked: Asked, words: CardText): Promise<Reply> {
  switch (words.kind) {
    case 'pin':
      return answerPin(options, asked, words.pin)
    case 'no':
      return refusePending(options, asked)
    case 'buy':
      return order(options, asked, words)
    case 'balance':
    case 'top_up':
    case 'withdrawal':
      return startQuestion(options, asked, words)
    case 'bill':
    case 'repayment':
      return askAboutBill(options, asked, words)
    case 'top_up_voucher':
      return takeVoucher(options, asked, words)
    case 'cards':
      return showCards(options, asked)
    case 'prefer':
      return preferCard(options, asked, words.last4)
    case 'change_pin':
      return changePin(options, asked, words)
    case 'change_pin_how':
      return Promise.resolve({ notice: { id: 'card_pin_how' } })
    case 'help':
      return Promise.resolve({ notice: { id: 'card_help' } })
  }
}

/** Gateways without message ids bring the same words again within seconds. */
const sameTextMs = 10_000

function keyOf({ gateway, from, to, text, receivedAt, messageId }: DeskText): string {
  const name = messageId ?? `${to}|${text}|${Math.floor(receivedAt / sameTextMs)}`
  return createHash('sha256').update(`${gateway}|${from}|${name}`).digest('hex')
}
