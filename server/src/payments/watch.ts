/**
 * Who began something under a name of his own may wait for its end. The job that looks for him is armed in the very
 * transaction of that end, so that he hears of it at once, and a crash between the two loses nothing.
 */
import type { NewJob } from '../db/index.ts'
import type { Book } from './book.ts'
import type { Payment, State } from './payment.ts'

/** The job of whoever waits for what bears this name; null when nobody does. */
export type Watch = (name: string, now: number) => NewJob | null

const open: readonly State[] = [
  'awaiting_confirm',
  'reserving',
  'reserved',
  'charging',
  'charge_unknown',
  'reversing',
]

/** Whether it is known if the money was taken. */
export const isDecided = ({ state }: Pick<Payment, 'state'>): boolean => !open.includes(state)

type Writes = ReturnType<Book['writes']>

/** Payments and refunds that were there before this batch, and have been decided by it. */
export function watchedEnds(
  { payments: before, now }: Pick<Book, 'payments' | 'now'>,
  { changed, changedRefunds }: Pick<Writes, 'changed' | 'changedRefunds'>,
  watch: Watch,
): NewJob[] {
  const payments = changed.filter(isDecided).flatMap((payment) => {
    const job = watch(`${payment.client}:${payment.merchantOrderId}`, now)
    const wasOpen = job && before.some((one) => one.id === payment.id && !isDecided(one))
    return wasOpen ? [job] : []
  })
  const refunds = changedRefunds.flatMap(
    ({ client, merchantRefundId }) => watch(`${client}:${merchantRefundId}`, now) ?? [],
  )
  return [...payments, ...refunds]
}
