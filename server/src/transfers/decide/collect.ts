/**
 * Somebody has read the code that another shows. As much as needs no PIN moves at once; more is a question to the
 * payer. What the payer's wallet says no to is a row too, for the code is used up: asked again, it answers the same.
 */
import { masked } from '../../kernel/index.ts'
import { openPurse, type Purse } from '../../wallet/index.ts'
import type { Book } from '../book.ts'
import type { PlacedCollect } from '../command.ts'
import { type MoneyRequest, shownRequestMs } from '../request.ts'
import type { KeptRequest } from '../rows.ts'
import type { Answer, Placed } from '../transfers.ts'
import { inRefusal, outRefusal, type Refused, refused } from './checks.ts'
import { codeRefusal } from './code-limit.ts'
import { pay } from './pay.ts'
import { armRequest, tellAsked } from './request.ts'

export function collect(book: Book, order: PlacedCollect): Answer<Placed<'request', MoneyRequest>> {
  const payee = openPurse(book, order.msisdn)
  if ('ok' in payee) return payee
  const request =
    paidAtOnce(book, order, payee) ?? refusedOf(book, order, payee) ?? asked(book, order, payee)
  return { ok: true, value: { request, replayed: false } }
}

/** What cannot be paid like this may still be, with the PIN. */
function paidAtOnce(book: Book, order: PlacedCollect, payee: Purse): KeptRequest | undefined {
  const { requestId, transferId, msisdn, payer, amount, memo = '' } = order
  if (payer === msisdn || amount > book.policy.walletPinFreeLimit) return undefined
  const sent = pay(book, {
    ...{ id: transferId, msisdn: payer, payee: msisdn, amount, memo, arrival: 'now' },
    ...{ origin: 'code', originId: requestId, codeProof: 'one_factor' },
    ...{ channel: 'web', key: `code:${requestId}`, said: null },
  })
  if (!sent.ok) return undefined
  return create(book, order, payee, { state: 'paid', transferId, endedAt: book.now })
}

function refusedOf(book: Book, order: PlacedCollect, payee: Purse): KeptRequest | undefined {
  const why = questionRefusal(book, order, payee)
  if (why === null) return undefined
  const { refusal: reason, left, until } = why
  const request = create(book, order, payee, { state: 'refused', reason, endedAt: book.now })
  if (reason === 'own_code') return request
  book.tell(order.payer, {
    ...{ id: 'transfer_code_refused', amount: order.amount.toString(), why: reason },
    other: masked(order.msisdn),
    ...(left !== undefined && { left: left.toString() }),
    ...(until !== undefined && { waitMs: until - book.now }),
  })
  return request
}

/** What not even the PIN would help. */
function questionRefusal(
  book: Book,
  { msisdn, payer: number, amount }: PlacedCollect,
  payee: Purse,
): Refused | null {
  if (number === msisdn) return refused('own_code')
  const unable = inRefusal(payee)
  if (unable) return unable
  const payer = openPurse(book, number)
  if ('ok' in payer) return payer
  return outRefusal(book, payer, amount) ?? codeRefusal(book, payer, 'two_factors', amount)
}

function asked(book: Book, order: PlacedCollect, payee: Purse): KeptRequest {
  const request = create(book, order, payee, { state: 'open' })
  armRequest(book, request, request.dueAt)
  tellAsked(book, request)
  return request
}

const create = (
  book: Book,
  order: PlacedCollect,
  { bucket, walletId }: Purse,
  begins: Pick<KeptRequest, 'state'> &
    Partial<Pick<KeptRequest, 'transferId' | 'reason' | 'endedAt'>>,
): KeptRequest =>
  book.sheets.request.create(
    {
      ...{ id: order.requestId, bucket, version: 1, walletId, msisdn: order.msisdn },
      ...{ payer: order.payer, amount: order.amount, memo: order.memo ?? '', key: order.key },
      ...{ codeAlias: order.codeAlias, codeStep: order.codeStep, transferId: null, reason: null },
      ...{ askedAt: book.now, dueAt: book.now + shownRequestMs, endedAt: null },
      ...begins,
    },
    'code_read',
  )
