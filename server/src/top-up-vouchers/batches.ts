/**
 * What the operator does with batches. Who asks and who agrees the caller has proved. A batch is made in the very
 * transaction after which its codes leave: they are kept nowhere, so they cannot be had again.
 */
import type { Tx } from '../db/index.ts'
import {
  accept,
  type FieldCipher,
  isSamePerson,
  type Result,
  refuse,
  type Secret,
} from '../kernel/index.ts'
import { insertBatch, lockBatch, saveBatch } from './batch-store.ts'
import { macOf, newCode, printedSerial, serialOf } from './code.ts'
import { postReturned, postSold, type Tools } from './postings.ts'
import {
  amountMax,
  type Batch,
  type BatchRefusal,
  type BatchStep,
  batchSteps,
  countMax,
  edgeOf,
} from './top-up-voucher.ts'
import { changeRange, insertVouchers } from './voucher-store.ts'

export interface BatchTools extends Tools {
  readonly cipher: Pick<FieldCipher, 'mac'>
}

type Refused = { readonly ok: false; readonly refusal: BatchRefusal }

/** `id` is of the caller's making: said again it is the same batch. */
export type Requested = Pick<
  Batch,
  'id' | 'name' | 'seller' | 'amount' | 'count' | 'validUntil' | 'askedBy' | 'agreedBy'
>

export async function requestBatch(
  tx: Tx,
  wanted: Requested,
  now: number,
): Promise<Result<Batch, BatchRefusal>> {
  const { id, amount, count, validUntil, askedBy, agreedBy } = wanted
  const earlier = await lockBatch(tx, id)
  if (earlier)
    return isSameBatch(earlier, wanted) ? accept(earlier) : refuse('exists_with_different_content')
  if (isSamePerson(askedBy, agreedBy)) return refuse('act_is_own')
  const isInRange =
    amount > 0n && amount <= amountMax && count > 0n && count <= countMax && validUntil > now
  if (!isInRange) return refuse('value_out_of_range')
  const made = { ...wanted, state: 'requested', askedAt: now, madeAt: null } as const
  const batch = await insertBatch(tx, made)
  return batch ? accept(batch) : refuse('exists_with_different_content')
}

const isSameBatch = (one: Batch, other: Requested): boolean =>
  (['name', 'seller', 'amount', 'count', 'validUntil'] as const).every(
    (field) => one[field] === other[field],
  )

/** What is printed on one card. */
export interface Card {
  readonly serial: string
  readonly code: Secret
}

export interface Made {
  readonly batch: Batch
  readonly cards: readonly Card[]
}

/** Vouchers written at once. */
const chunk = 5_000n

export async function makeBatch(
  tx: Tx,
  { ids, cipher }: BatchTools,
  id: string,
  now: number,
): Promise<Result<Made, BatchRefusal>> {
  const found = await lockBatch(tx, id)
  const next = nextOf(found, 'make')
  if (!next.ok) return next
  const batch = next.value
  const cards: Card[] = []
  for (let first = 1n; first <= batch.count; first += chunk) {
    const last = first + chunk - 1n < batch.count ? first + chunk - 1n : batch.count
    let missing = range(first, last).map((number) => serialOf(batch.no, number))
    while (missing.length > 0) {
      const drawn = missing.map((serial) => ({ serial, code: newCode(ids) }))
      const rows = drawn.map(({ serial, code }) => ({ serial, codeMac: macOf(cipher, code) }))
      const there = new Set(await insertVouchers(tx, batch, rows))
      const kept = drawn.filter(({ serial }) => there.has(serial))
      cards.push(...kept.map(({ serial, code }) => ({ serial: printedSerial(serial), code })))
      missing = missing.filter((serial) => !there.has(serial))
    }
  }
  const made = { ...batch, madeAt: now }
  saveBatch(tx, made)
  return accept({ batch: made, cards })
}

const range = (first: bigint, last: bigint): bigint[] =>
  Array.from({ length: Number(last - first) + 1 }, (_, n) => first + BigInt(n))

export interface Span {
  readonly id: string
  /** Numbers in the batch, from 1. */
  readonly first: bigint
  readonly last: bigint
}

export interface Stepped {
  readonly batch: Batch
  /** How many vouchers this call has changed: none when it was said before. */
  readonly changed: bigint
}

/** When they are sold: from now on the seller owes for them, and they can be used. */
export async function activateVouchers(
  tx: Tx,
  tools: Tools,
  span: Span,
  now: number,
): Promise<Result<Stepped, BatchRefusal>> {
  const found = await lockBatch(tx, span.id)
  const next = nextOf(found, 'activate')
  if (!next.ok) return next
  const batch = next.value
  if (now >= batch.validUntil) return refuse('top_up_batch_expired')
  if (!isSpanOf(batch, span)) return refuse('value_out_of_range')
  const changed = await changeRange(tx, { ...edgeOf('activate'), ...serials(batch, span), now })
  await postSold(tx, tools, batch, changed, now)
  saveBatch(tx, batch)
  return accept({ batch, changed: sum(changed.map(({ count }) => count)) })
}

export interface Ending extends Span {
  readonly step: 'expire' | 'block'
  readonly askedBy: string
  readonly agreedBy: string
}

/** Nobody can use them any more, and the seller has back what it owed for those that it had sold. */
export async function endVouchers(
  tx: Tx,
  tools: Tools,
  ending: Ending,
  now: number,
): Promise<Result<Stepped, BatchRefusal>> {
  const { step, askedBy, agreedBy } = ending
  const found = await lockBatch(tx, ending.id)
  if (isSamePerson(askedBy, agreedBy)) return refuse('act_is_own')
  const next = nextOf(found, step)
  if (!next.ok) return next
  const batch = next.value
  if (step === 'expire' && now < batch.validUntil) return refuse('top_up_batch_still_valid')
  if (!isSpanOf(batch, ending)) return refuse('value_out_of_range')
  const isWhole = ending.first === 1n && ending.last === batch.count
  if (step === 'expire' && !isWhole) return refuse('value_out_of_range')
  const changed = await changeRange(tx, { ...edgeOf(step), ...serials(batch, ending), now })
  const sold = changed.flatMap(({ bucket, activated }) =>
    activated > 0n ? [{ bucket, count: activated }] : [],
  )
  await postReturned(tx, tools, batch, sold, now)
  if (isWhole) saveBatch(tx, batch)
  return accept({ batch, changed: sum(changed.map(({ count }) => count)) })
}

const refusals = {
  requested: 'top_up_batch_not_made',
  made: 'top_up_batch_made',
  active: 'top_up_batch_made',
  expired: 'top_up_batch_ended',
  blocked: 'top_up_batch_ended',
} as const

/** The batch as it is after this step. */
function nextOf(
  found: Batch | undefined,
  step: BatchStep,
): { readonly ok: true; readonly value: Batch } | Refused {
  if (!found) return refuse('top_up_batch_unknown')
  const state = batchSteps[step][found.state]
  return state === undefined ? refuse(refusals[found.state]) : accept({ ...found, state })
}

const isSpanOf = ({ count }: Batch, { first, last }: Span): boolean =>
  first >= 1n && first <= last && last <= count

const serials = ({ id, no }: Batch, { first, last }: Span) => ({
  ...{ batchId: id, first: serialOf(no, first), last: serialOf(no, last) },
})

const sum = (counts: readonly bigint[]): bigint => counts.reduce((all, one) => all + one, 0n)
