/** What a bank says is on a card: the question that also shows whether the PIN it keeps is right. */
import { endReasonText, type Words } from '../channels/sms/index.ts'
import { type Amount, accept, type Result, refuse, type Secret } from '../kernel/index.ts'
import type { Core } from './core.ts'

const busy: Words = { zh: '银行暂不可用，请稍后再试', en: 'bank unavailable, try later' }

/** Null when the bank is silent; `pin` only where the bank keeps it. */
export async function balanceOfCard(
  { db, cards: { bindings, banks } }: Pick<Core, 'db' | 'cards'>,
  card: { readonly id: string; readonly bank: string },
  pin: Secret | undefined,
): Promise<Result<{ readonly available: Amount } | null, Words>> {
  const cardToken = (await bindings.find(db, card.id))?.cardToken
  if (cardToken === undefined) return refuse(busy)
  const question = { bank: card.bank, cardToken, ...(pin && { pin }) }
  const answer = await banks.operations.balance(question)
  if (answer.outcome === 'done') return accept({ available: answer.value.available })
  if (answer.outcome !== 'refused') return accept(null)
  const { reason } = answer.refusal
  return refuse({ zh: endReasonText(reason, 'zh'), en: endReasonText(reason, 'en') })
}
