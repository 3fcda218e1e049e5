/** The tables of hosted checkout. */
import type { Reader, Tx } from '../../db/index.ts'
import { bucketOf, bucketOfId } from '../../kernel/index.ts'
import type { Name } from '../../payments/index.ts'

export interface Checkout {
  readonly id: string
  readonly bucket: number
  readonly merchantId: string
  readonly client: string
  readonly test: boolean
  readonly product: string | null
  readonly amount: bigint
  readonly goods: Name
  readonly merchantOrderId: string
  readonly returnUrl: string | null
  readonly createdAt: number
  readonly expiresAt: number
  readonly cancelledAt: number | null
  /** The payment of the last number entered. */
  readonly paymentId: string | null
  readonly attempts: number
}

interface Row {
  readonly id: string
  readonly bucket: number
  readonly merchant_id: string
  readonly client: string
  readonly test: boolean
  readonly product: string | null
  readonly amount: bigint
  readonly goods_zh: string
  readonly goods_en: string
  readonly merchant_order_id: string
  readonly return_url: string | null
  readonly created_at: bigint
  readonly expires_at: bigint
  readonly cancelled_at: bigint | null
  readonly payment_id: string | null
  readonly attempts: number
}

const toCheckout = (row: Row): Checkout => ({
  id: row.id,
  bucket: row.bucket,
  merchantId: row.merchant_id,
  client: row.client,
  test: row.test,
  product: row.product,
  amount: row.amount,
  goods: { zh: row.goods_zh, en: row.goods_en },
  merchantOrderId: row.merchant_order_id,
  returnUrl: row.return_url,
  createdAt: Number(row.created_at),
  expiresAt: Number(row.expires_at),
  cancelledAt: row.cancelled_at === null ? null : Number(row.cancelled_at),
  paymentId: row.payment_id,
  attempts: row.attempts,
})

export async function readCheckout(reader: Reader, id: string): Promise<Checkout | undefined> {
  const bucket = bucketOfId(id)
  if (bucket === undefined) return undefined
  const [row] = await reader.query<Row>('select * from checkout where bucket = $1 and id = $2', [
    bucket,
    id,
  ])
  return row && toCheckout(row)
}

/** The same, and nobody else changes it until the transaction ends. */
export async function lockCheckout(tx: Tx, id: string): Promise<Checkout | undefined> {
  const [row] = await tx.query<Row>(
    'select * from checkout where bucket = $1 and id = $2 for no key update',
    [bucketOfId(id) ?? -1, id],
  )
  return row && toCheckout(row)
}

export async function insertCheckout(tx: Tx, checkout: Checkout): Promise<void> {
  await tx.query(
    `insert into checkout (bucket, id, merchant_id, client, test, product, amount, goods_zh, goods_en,
        merchant_order_id, return_url, created_at, expires_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      checkout.bucket,
      checkout.id,
      checkout.merchantId,
      checkout.client,
      checkout.test,
      checkout.product,
      checkout.amount,
      checkout.goods.zh,
      checkout.goods.en,
      checkout.merchantOrderId,
      checkout.returnUrl,
      checkout.createdAt,
      checkout.expiresAt,
    ],
  )
}

export function saveCheckout(
  tx: Tx,
  { bucket, id, cancelledAt, paymentId, attempts }: Checkout,
): void {
  tx.write(
    `update checkout set cancelled_at = $3, payment_id = $4, attempts = $5
      where bucket = $1 and id = $2`,
    [bucket, id, cancelledAt, paymentId, attempts],
  )
}

export interface KeyOwner {
  readonly subject: string
  readonly contentHash: string
}

/** The merchant's order number belongs to one checkout; answers with the checkout that has it. */
export async function claimOrderId(
  tx: Tx,
  claim: KeyOwner & { readonly scope: string; readonly key: string },
  now: number,
): Promise<KeyOwner> {
  const { scope, key, contentHash, subject } = claim
  const [, owner] = await Promise.all([
    tx.query(
      `insert into business_key (bucket, scope, key, content_hash, subject, created_at)
        values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
      [bucketOf(scope + key), scope, key, contentHash, subject, now],
    ),
    subjectOf(tx, claim),
  ])
  return owner ?? claim
}

/** What a business key stands for, whoever claimed it. */
export async function subjectOf(
  reader: Reader,
  { scope, key }: { readonly scope: string; readonly key: string },
): Promise<KeyOwner | undefined> {
  const [row] = await reader.query<{ subject: string; content_hash: string }>(
    'select subject, content_hash from business_key where bucket = $1 and scope = $2 and key = $3',
    [bucketOf(scope + key), scope, key],
  )
  return row && { subject: row.subject, contentHash: row.content_hash }
}

/**
 * Nobody else counts the questions of these subjects until the transaction ends. Everyone names the
 * number first and the address second, so nobody waits in a circle.
 */
export async function lockSubjects(tx: Tx, subjects: readonly string[]): Promise<void> {
  const lock = 'select pg_advisory_xact_lock(hashtextextended($1, 1))'
  await Promise.all(subjects.map((subject) => tx.query(lock, [subject])))
}

/** How many questions went to a number, or were asked from an address, since then. */
export async function questionsSince(tx: Tx, subject: string, since: number): Promise<number> {
  const [row] = await tx.query<{ count: bigint }>(
    'select count(*) from checkout_question where bucket = $1 and subject = $2 and at > $3',
    [bucketOf(subject), subject, since],
  )
  return Number(row?.count ?? 0n)
}

export function noteQuestion(tx: Tx, subject: string, at: number, id: string): void {
  tx.write('insert into checkout_question (bucket, subject, at, id) values ($1, $2, $3, $4)', [
    bucketOf(subject),
    subject,
    at,
    id,
  ])
}

export async function forgetQuestions(tx: Tx, before: number): Promise<void> {
  await tx.query('delete from checkout_question where at < $1', [before])
}
