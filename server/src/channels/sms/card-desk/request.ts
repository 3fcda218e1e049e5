/** What a customer asks the desk for. Nothing is moved here: the question that is sent back is answered later. */
import { createHash } from 'node:crypto'
import { bucketOf, type Msisdn } from '../../../kernel/index.ts'
import type { Asked, Reply } from './desk.ts'
import type { CardNotice } from './notices.ts'
import { pinNotice } from './pin-notice.ts'
import type { DeskCard, DeskOptions, Words as Text } from './ports.ts'
import { ask } from './question-store.ts'
import type { CardText } from './reading.ts'

export const answerMs = 10 * 60_000

export type Words<Kind extends CardText['kind']> = Extract<CardText, { readonly kind: Kind }>

/** Orders with the card, or from the wallet of who has none; the question is the purchase's own. */
export async function order(
  options: DeskOptions,
  asked: Asked,
  words: Words<'buy'>,
): Promise<Reply> {
  const found = await cardFor(options, asked, words.last4)
  const isFromWallet =
    words.last4 === null &&
    'notice' in found &&
    found.notice.id === 'card_none' &&
    (await options.wallet.available(asked.from)) !== null
  if ('notice' in found && !isFromWallet) return found
  const payer = 'card' in found ? { card: found.card.terms } : ({ source: 'wallet' } as const)
  const { merchantId, word, account, amount } = words
  const known = options.catalogue.productByWord(merchantId, word)
  const open = options.catalogue.merchant(merchantId)?.openAmount
  const isAmount = !known && amount !== null && open !== null && open !== undefined
  const contentHash = createHash('sha256').update(JSON.stringify([merchantId, word, account]))
  await options.payments.order({
    msisdn: asked.from,
    merchantId,
    what: isAmount
      ? { amount }
      : { product: known?.code ?? word, ...(account !== null && { account }) },
    ...{ channel: 'sms', consent: 'pin', flow: 'charge', ...payer },
    keys: [{ scope: 'card-text', key: asked.key, contentHash: contentHash.digest('hex') }],
  })
  return {}
}

/** Brings money in and asks for no PIN. */
export async function takeVoucher(
  { vouchers }: Pick<DeskOptions, 'vouchers'>,
  { from: msisdn, key }: Asked,
  { code }: Words<'top_up_voucher'>,
): Promise<Reply> {
  const used = await vouchers.use({ msisdn, code, key: `sms:${key}` })
  return used.ok ? {} : { notice: refusedBy(used.refusal) }
}

/** Asks for the PIN of a balance, a top-up or a withdrawal. */
export async function startQuestion(
  options: DeskOptions,
  asked: Asked,
  words: Words<'balance' | 'top_up' | 'withdrawal'>,
): Promise<Reply> {
  const found = await cardFor(options, asked, words.last4)
  if ('notice' in found) return found
  const { card } = found
  const question = {
    msisdn: asked.from,
    id: options.ids.next(bucketOf(asked.from), asked.now),
    kind: words.kind,
    cardId: card.terms.id,
    amount: words.kind === 'balance' ? null : words.amount,
    speed: words.kind === 'withdrawal' ? words.speed : null,
    askedAt: asked.now,
    expiresAt: asked.now + answerMs,
  }
  const notice = await questionFor(options, asked.from, { card, words })
  return { notice, write: (tx) => ask(tx, question) }
}

async function questionFor(
  { wallet }: DeskOptions,
  msisdn: Msisdn,
  asked: { readonly card: DeskCard; readonly words: Words<'balance' | 'top_up' | 'withdrawal'> },
): Promise<CardNotice> {
  const { card, words } = asked
  const about = { ...shown(card), minutes: answerMs / 60_000 }
  if (words.kind === 'balance') return { id: 'card_ask_balance', ...about }
  const amount = words.amount.toString()
  if (words.kind === 'top_up') return { id: 'card_ask_top_up', ...about, amount }
  const fee = (await wallet.feeOf({ ...words, msisdn })).toString()
  return { id: 'card_ask_withdrawal', ...about, amount, fee, sameDay: words.speed === 'same_day' }
}

export async function showCards({ cards }: DeskOptions, asked: Asked): Promise<Reply> {
  const bound = await cards.of(asked.from)
  return {
    notice:
      bound.length === 0 ? { id: 'card_none' } : { id: 'card_list', cards: bound.map(listed) },
  }
}

export async function preferCard(
  options: DeskOptions,
  asked: Asked,
  last4: string,
): Promise<Reply> {
  const found = await cardFor(options, asked, last4)
  if ('notice' in found) return found
  await options.cards.prefer(asked.from, found.card.terms.id)
  return { notice: { id: 'card_preferred', ...shown(found.card) } }
}

export async function changePin(
  { pins }: DeskOptions,
  asked: Asked,
  words: Words<'change_pin'>,
): Promise<Reply> {
  const changed = await pins.change(asked.from, words)
  return { notice: changed.ok ? { id: 'card_pin_changed' } : pinNotice(changed.refusal) }
}

/** The card that is meant: the one with these digits, or the preferred one; and it must be able to pay. */
async function cardFor(
  { cards }: DeskOptions,
  asked: Asked,
  last4: string | null,
): Promise<{ readonly card: DeskCard } | { readonly notice: CardNotice }> {
  const bound = await cards.of(asked.from)
  const found = meantBy(bound, last4)
  if ('notice' in found) return found
  const { card } = found
  if (card.state === 'needs_rebinding') return { notice: { id: 'card_rebind', ...shown(card) } }
  if (card.state === 'suspended') return { notice: { id: 'card_suspended', ...shown(card) } }
  return { card }
}

/** Of these cards the one with these digits, or the first. */
function meantBy(
  bound: readonly DeskCard[],
  last4: string | null,
): { readonly card: DeskCard } | { readonly notice: CardNotice } {
  if (bound.length === 0) return { notice: { id: 'card_none' } }
  const meant =
    last4 === null ? bound.slice(0, 1) : bound.filter((one) => one.terms.last4 === last4)
  const [card] = meant
  if (!card || meant.length > 1) return { notice: { id: 'card_which', cards: bound.map(listed) } }
  return { card }
}

/** The credit card that is meant: one that pays for nothing now can still be paid off. */
export async function creditCardFor(
  { cards }: DeskOptions,
  asked: Asked,
  last4: string | null,
): Promise<{ readonly card: DeskCard } | { readonly notice: CardNotice }> {
  const bound = (await cards.of(asked.from)).filter(({ kind }) => kind === 'credit')
  if (last4 === null && bound.length > 1)
    return { notice: { id: 'card_which', cards: bound.map(listed) } }
  return meantBy(bound, last4)
}

export const shown = ({ terms: { bankName: bank, last4 } }: DeskCard) => ({ bank, last4 })
const listed = (card: DeskCard) => ({ ...shown(card), usable: card.state === 'active' })
export const refusedBy = ({ zh, en }: Text) => ({ id: 'card_refused', zh, en }) as const
