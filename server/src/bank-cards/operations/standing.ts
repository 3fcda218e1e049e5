/**
 * Which messages of an operation may stand at the bank. Pure. There is one, but where a bank takes back the no
 * after which it was asked once more.
 */
import type { SentExchange } from './record.ts'

/** Of a reversal: the bank does not know what it is to undo. */
export const originalMissing = 'BR-25'
/** Beyond this no network still holds a message back: a bank that does not know it will not come to. */
export const arrivedMs = 10 * 60_000

/** Those that may have been done, or are being reversed, and are not known to be undone. */
export const standing = (sent: readonly SentExchange[]): SentExchange[] =>
  ordersOf(sent).filter((order) => {
    const reversals = sent.filter(({ reverses }) => reverses === order.no)
    const mayBeDone = order.state !== 'refused' || reversals.length > 0
    return mayBeDone && !reversals.some((reversal) => undid(reversal, order))
  })

/** Whether one stands beside the one that this message is, or is about. */
export const othersStand = (sent: readonly SentExchange[], one: SentExchange): boolean =>
  standing(sent).some(({ no }) => no !== (one.reverses ?? one.no))

/** What a reversal is to undo next, and what a void or a refund is about. */
export const purchaseToUndo = (sent: readonly SentExchange[]): SentExchange | undefined => {
  const purchases = ordersOf(sent)
  const taken = purchases.findLast(({ state }) => state === 'approved')
  return standing(sent)[0] ?? taken ?? purchases.at(-1)
}

/** Whether the answer says that the bank does not know the purchase and never will. */
export const neverArrived = (
  { sentAt }: Pick<SentExchange, 'sentAt'>,
  code: string | null | undefined,
  purchase: Pick<SentExchange, 'sentAt'> | undefined,
): boolean =>
  code === originalMissing && purchase !== undefined && sentAt - purchase.sentAt >= arrivedMs

const undid = (reversal: SentExchange, purchase: SentExchange): boolean =>
  reversal.state === 'approved' ||
  (reversal.state === 'refused' && neverArrived(reversal, reversal.code, purchase))

const ordersOf = (sent: readonly SentExchange[]) =>
  sent.filter(({ kind, state }) => kind !== 'reversal' && state !== 'unsent')
