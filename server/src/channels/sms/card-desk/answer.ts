/** The PIN has come, or a no: for what was asked last, or for the purchase whose number it was sent to. */
import { assert, type Result, type Secret } from '../../../kernel/index.ts'
import { cardNumber, isPaid, isUndecided, type Payment } from '../../../payments/index.ts'
import { tellBill } from './bill.ts'
import type { Asked, Reply } from './desk.ts'
import { pinNotice } from './pin-notice.ts'
import type { DeskCard, DeskOptions, Words } from './ports.ts'
import { forget, type Question, questionOf } from './question-store.ts'
import { refusedBy, shown } from './request.ts'

const bankAway: Words = { zh: '银行暂不可用，请稍后再试', en: 'bank unavailable, try later' }

export async function answerPin(options: DeskOptions, asked: Asked, pin: Secret): Promise<Reply> {
  const question = asked.to === cardNumber ? await questionOf(options.db, asked.from) : undefined
  if (question) return answerQuestion(options, asked, { question, pin })
  const pending = await waitingFor(options, asked)
  const [payment] = pending
  if (!payment) return tooLate(options, asked)
  // It may have been meant for a question of the desk that is over, or sent twice for one: a purchase is paid by
  // the PIN that comes to its own number.
  if (asked.to === cardNumber) return { notice: { id: 'card_reply_there', count: pending.length } }
  return approve(options, asked, { payment, pin })
}

export async function refusePending(options: DeskOptions, asked: Asked): Promise<Reply> {
  const question = await questionOf(options.db, asked.from)
  if (question) return { notice: { id: 'card_cancelled' }, write: (tx) => forget(tx, question) }
  const pending = await waitingFor(options, asked)
  // Each is told by the purchase itself.
  for (const { id: paymentId } of pending)
    await options.payments.cancel({ paymentId, msisdn: asked.from })
  return pending.length > 0 ? {} : { notice: { id: 'card_nothing_asked' } }
}

/** Purchases that ask for the PIN: the one whose number the text was sent to, or all of the customer's. */
async function waitingFor({ payments }: DeskOptions, { from, to }: Asked): Promise<Payment[]> {
  const asking = (await payments.asked(from)).filter(
    ({ state, consent }) => state === 'awaiting_confirm' && consent === 'pin',
  )
  return to === cardNumber ? asking : asking.filter(({ sender }) => sender === to)
}

async function approve(
  options: DeskOptions,
  asked: Asked,
  { payment, pin }: { readonly payment: Payment; readonly pin: Secret },
): Promise<Reply> {
  const { cards, pins } = options
  if (payment.card === null) {
    const checked = await pins.check(asked.from, pin)
    return checked.ok ? yes(options, asked, payment) : { notice: pinNotice(checked.refusal) }
  }
  const card = (await cards.of(asked.from)).find(({ terms }) => terms.id === payment.card?.id)
  if (!card) return { notice: { id: 'card_none' } }
  if (card.state !== 'active')
    return {
      notice: { id: card.state === 'suspended' ? 'card_suspended' : 'card_rebind', ...shown(card) },
    }
  if (card.pinKeptBy === 'bank') await cards.keepPin(payment.id, pin)
  else {
    const checked = await pins.check(asked.from, pin)
    if (!checked.ok) return { notice: pinNotice(checked.refusal) }
  }
  return yes(options, asked, payment, card)
}

async function yes(
  { payments }: DeskOptions,
  { from: msisdn }: Asked,
  { id: paymentId }: Payment,
  card?: DeskCard,
): Promise<Reply> {
  const said = await payments.approve({ paymentId, msisdn, ...(card && { card: card.terms }) })
  if (said.ok || said.refusal !== 'not_allowed_now')
    // What a check refuses at the yes is told by the purchase; what came too late is not.
    return said.ok || said.refusal !== 'too_late' ? {} : { notice: { id: 'card_question_over' } }
  return answeredBefore((await payments.asked(msisdn)).find(({ id }) => id === paymentId))
}

/** Nothing waits for this PIN. What it was for may have been answered, or be over. */
async function tooLate({ payments }: DeskOptions, { from, to }: Asked): Promise<Reply> {
  if (to === cardNumber) return { notice: { id: 'card_nothing_asked' } }
  const last = (await payments.asked(from)).find(({ sender }) => sender === to)
  return answeredBefore(last)
}

function answeredBefore(payment: Payment | undefined): Reply {
  if (!payment) return { notice: { id: 'card_nothing_asked' } }
  const { state, orderNo } = payment
  if (payment.confirmedAt === null) return { notice: { id: 'card_question_over' } }
  if (isUndecided(state)) return { notice: { id: 'T3', orderNo } }
  if (isPaid(state)) return { notice: { id: 'card_paid_already', orderNo } }
  return { notice: { id: 'card_nothing_asked' } }
}

interface Answered {
  readonly question: Question
  readonly pin: Secret
}

async function answerQuestion(
  options: DeskOptions,
  asked: Asked,
  { question, pin }: Answered,
): Promise<Reply> {
  const write: Reply['write'] = (tx) => forget(tx, question)
  if (asked.now > question.expiresAt) return { notice: { id: 'card_question_over' }, write }
  const card = (await options.cards.of(asked.from)).find(
    ({ terms }) => terms.id === question.cardId,
  )
  if (!card) return { notice: { id: 'card_none' }, write }
  if (card.pinKeptBy === 'wallet') {
    const checked = await options.pins.check(asked.from, pin)
    // The question stays: there are tries left.
    if (!checked.ok) return { notice: pinNotice(checked.refusal) }
  }
  return { ...(await done(options, card, { question, pin })), write }
}

async function done(
  options: DeskOptions,
  card: DeskCard,
  { question, pin }: Answered,
): Promise<Reply> {
  const { cards, wallet } = options
  const { msisdn, amount, cardId, speed } = question
  if (question.kind === 'bill') return tellBill(options, card, pin)
  if (amount === null) return balance({ cards, wallet }, card, { question, pin })
  const moving = { msisdn, cardId, amount, key: `sms:${question.id}` }
  const byBank = card.pinKeptBy === 'bank'
  if (question.kind === 'top_up') {
    const begun = await wallet.topUp(byBank ? { ...moving, pin } : moving)
    return toldByWallet(begun)
  }
  if (byBank) {
    // Nothing is debited, so the bank would not look at its PIN: it is asked a question that needs it.
    const proof = await cards.balance(card, pin)
    if (!proof.ok) return { notice: refusedBy(proof.refusal) }
    if (proof.value === null) return { notice: refusedBy(bankAway) }
  }
  if (question.kind === 'repayment') return toldByWallet(await wallet.repay(moving))
  assert(speed !== null, 'a withdrawal is of today or of tomorrow')
  return toldByWallet(await wallet.withdraw({ ...moving, speed }))
}

async function balance(
  { cards, wallet }: Pick<DeskOptions, 'cards' | 'wallet'>,
  card: DeskCard,
  { question, pin }: Answered,
): Promise<Reply> {
  const said = await cards.balance(card, pin)
  if (!said.ok) return { notice: refusedBy(said.refusal) }
  const own = await wallet.available(question.msisdn)
  const notice = {
    id: 'card_balance',
    ...shown(card),
    wallet: own === null ? null : own.toString(),
    card: said.value === null ? null : said.value.available.toString(),
  } as const
  return { notice }
}

/** What is begun, and what comes of it, the wallet tells. */
const toldByWallet = (begun: Result<undefined, Words>): Reply =>
  begun.ok ? {} : { notice: refusedBy(begun.refusal) }
