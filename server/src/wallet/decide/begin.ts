/** How a movement begins: what was asked, its row, and the work that it leaves. */
import type { Book } from '../book.ts'
import { first, type Movement } from '../movement.ts'
import type { BoundCard } from '../ports.ts'
import type { KeptAccount, KeptMovement } from '../rows.ts'
import { topics } from '../topics.ts'
import type { MoveResult } from '../wallet.ts'
import type { Content, earlier } from './checks.ts'

/** Said of the request alone; what the batch knows comes besides. */
export const contentOf = (
  kind: Movement['kind'],
  order: {
    readonly msisdn: string
    readonly amount: bigint
    readonly key: string
    readonly cardId?: string
    readonly till?: string
    readonly speed?: Movement['speed']
  },
): Omit<Content, 'walletId'> => ({
  kind,
  msisdn: order.msisdn,
  amount: order.amount,
  key: order.key,
  cardId: order.cardId ?? null,
  till: order.till ?? null,
  speed: order.speed ?? null,
})

export type New = Omit<Content, 'walletId'> &
  Pick<Movement, 'id' | 'channel'> &
  Partial<
    Pick<
      KeptMovement,
      | 'bank'
      | 'cardToken'
      | 'last4'
      | 'payee'
      | 'billedOn'
      | 'linkedId'
      | 'fee'
      | 'sealedPin'
      | 'sealedPayee'
      | 'sendAt'
    >
  >

export function begin(
  book: Book,
  account: KeptAccount,
  order: New & Partial<Pick<Movement, 'state' | 'endedAt' | 'businessDate'>>,
): KeptMovement {
  return book.create({
    ...order,
    ...{ bucket: account.bucket, walletId: account.id, version: 1 },
    state: order.state ?? first[order.kind][0],
    fee: order.fee ?? 0n,
    bank: order.bank ?? null,
    cardToken: order.cardToken ?? null,
    last4: order.last4 ?? null,
    payee: order.payee ?? null,
    billedOn: order.billedOn ?? null,
    linkedId: order.linkedId ?? null,
    sealedPin: order.sealedPin ?? null,
    sealedPayee: order.sealedPayee ?? null,
    ...{ reason: null, bankCode: null, requestedAt: book.now, unknownSince: null },
    sendAt: order.sendAt ?? null,
    endedAt: order.endedAt ?? null,
    businessDate: order.businessDate ?? null,
  })
}

export const onCard = ({ bank, token: cardToken, last4 }: BoundCard) => ({ bank, cardToken, last4 })

/** The bank is asked by a worker, which finds the intent committed. */
export function drive(
  book: Book,
  { bucket, id: subject, msisdn, walletId, sendAt }: Movement,
): void {
  const dueAt = sendAt ?? book.now
  book.arm({ bucket, topic: topics.drive, subject, dueAt, payload: { msisdn, walletId } })
}

/** A batch that is run again after a commit nobody heard of meets its own movement. */
export const again = (before: NonNullable<ReturnType<typeof earlier>>, id: string): MoveResult =>
  'ok' in before ? before : { ok: true, value: { movement: before, replayed: before.id !== id } }
