/** Asking for money, and what the one who is asked makes of it. */

import { type Msisdn, masked } from '../../kernel/index.ts'
import { openPurse } from '../../wallet/index.ts'
import type { Book } from '../book.ts'
import type { DueResult, PlacedAsk, PlacedPayRequest } from '../command.ts'
import { type MoneyRequest, type RequestState, requestMs } from '../request.ts'
import type { KeptRequest } from '../rows.ts'
import type { Answer, Placed, Sent } from '../transfers.ts'
import { refused } from './checks.ts'
import { pay } from './pay.ts'
import { hasLeft, isStill, localOf } from './tell.ts'

export function ask(book: Book, order: PlacedAsk): Answer<Placed<'request', MoneyRequest>> {
  const { msisdn, from, amount, key, requestId: id, memo = '' } = order
  const found = book.sheets.request.byKey(msisdn, key)
  if (found) {
    const isSame = found.payer === from && found.amount === amount && found.memo === memo
    if (!isSame) return refused('exists_with_different_content')
    return { ok: true, value: { request: found, replayed: found.id !== id } }
  }
  const purse = openPurse(book, msisdn)
  if ('ok' in purse) return purse
  if (from === msisdn) return refused('to_oneself')
  const left = book.policy.walletSingleLimit
  if (amount <= 0n) return refused('amount_too_small')
  if (amount > left) return refused('over_single_limit', { left })
  const line = book.subscribers.get(from)
  if (!line || line.status === 'closed') return refused('payee_unknown')
  const request = book.sheets.request.create(
    {
      ...{ id, bucket: purse.bucket, version: 1, walletId: purse.walletId, msisdn, payer: from },
      ...{ amount, memo, key, state: 'open', transferId: null },
      ...{ codeAlias: null, codeStep: null, reason: null },
      ...{ askedAt: book.now, dueAt: book.now + requestMs, endedAt: null },
    },
    'asked',
  )
  armRequest(book, request, request.dueAt)
  tellAsked(book, request)
  return { ok: true, value: { request, replayed: false } }
}

/** By the one who is asked, who agrees to this very payment. */
export function payRequest(book: Book, order: PlacedPayRequest): Sent {
  const { msisdn, requestId, channel, key, transferId: id, said } = order
  const request = book.sheets.request.get(requestId)
  if (request?.payer !== msisdn) return refused('not_found')
  const isAgain = book.sheets.transfer.byKey(msisdn, key) !== undefined
  if (!isAgain && (request.state !== 'open' || book.now >= request.dueAt))
    return refused('not_open')
  if (!isAgain && !isStill(book, request)) return refused('payee_unable')
  const { amount, memo, msisdn: payee } = request
  const sent = pay(book, {
    ...{ id, msisdn, payee, amount, memo, channel, key, said },
    ...{ arrival: 'now', originId: request.id },
    ...(request.codeAlias === null
      ? { origin: 'request', codeProof: null }
      : { origin: 'code', codeProof: 'two_factors' }),
  })
  if (sent.ok && !isAgain) end(book, request, 'paid', sent.value.transfer.id)
  return sent
}

export function endRequest(
  book: Book,
  one: {
    readonly msisdn: Msisdn
    readonly requestId: string
    readonly as: 'declined' | 'cancelled'
  },
): Answer<MoneyRequest> {
  const request = book.sheets.request.get(one.requestId)
  const who = one.as === 'declined' ? request?.payer : request?.msisdn
  if (!request || who !== one.msisdn) return refused('not_found')
  if (request.state === one.as) return { ok: true, value: request }
  if (request.state !== 'open') return refused('not_open')
  const ended = end(book, request, one.as, null)
  // Who has read a code looks on, and is told no number of whose it was.
  if (one.as === 'declined' && request.codeAlias === null) {
    const other = masked(request.payer)
    const amount = request.amount.toString()
    book.tell(request.msisdn, { id: 'transfer_request_declined', amount, other })
  }
  return { ok: true, value: ended }
}

export function requestDue(book: Book, id: string): DueResult {
  const request = book.sheets.request.get(id)
  if (!request) return 'gone'
  if (request.state !== 'open') book.disarm('request', request)
  else if (hasLeft(book, request.msisdn) || hasLeft(book, request.payer))
    end(book, request, 'cancelled', null)
  else if (book.now < request.dueAt) armRequest(book, request, request.dueAt)
  else end(book, request, 'expired', null)
  return 'looked_at'
}

function end(
  book: Book,
  { id }: KeptRequest,
  state: RequestState,
  transferId: string | null,
): KeptRequest {
  const ended = book.sheets.request.change(id, { state, transferId, endedAt: book.now }, state)
  book.disarm('request', ended)
  return ended
}

export const armRequest = (book: Book, request: KeptRequest, dueAt: number): void =>
  book.arm('request', request, dueAt, { numbers: [request.msisdn, request.payer], walletIds: [] })

export function tellAsked(book: Book, { payer, msisdn, amount, dueAt }: KeptRequest): void {
  const due = localOf(book, dueAt)
  book.tell(payer, {
    ...{ id: 'transfer_requested', amount: amount.toString(), other: masked(msisdn), due },
  })
}
