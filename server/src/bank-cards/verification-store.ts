/** The tables `bank_card_holder` and `bank_card_verification`: all their SQL. Both are in the card's bucket. */
import type { Reader, Tx } from '../db/index.ts'
import { assert, bucketOfId } from '../kernel/index.ts'
import type { Exchange } from './bank.ts'

const bucketOfToken = (token: string): number => {
  const bucket = bucketOfId(token)
  assert(bucket !== undefined, 'a token is an id of ours')
  return bucket
}

/**
 * Claims a card for a binding and answers whose it is. Waits for another transaction that claims it; from
 * then on the card is locked, so that its verifications can be counted.
 */
export async function claimCard(tx: Tx, token: string, bindingId: string): Promise<string> {
  const [row] = await tx.query<{ binding_id: string }>(
    {
      name: 'bank_card.claim',
      text: `insert into bank_card_holder as h (bucket, card_token, binding_id) values ($1, $2, $3)
        on conflict (bucket, card_token) do update set binding_id = h.binding_id
        returning binding_id`,
    },
    [bucketOfToken(token), token, bindingId],
  )
  assert(row, 'a card that was claimed is held')
  return row.binding_id
}

export async function freeCard(tx: Tx, token: string, bindingId: string): Promise<void> {
  await tx.query(
    {
      name: 'bank_card.free',
      text: `delete from bank_card_holder where bucket = $1 and card_token = $2 and binding_id = $3`,
    },
    [bucketOfToken(token), token, bindingId],
  )
}

export async function holderOf(reader: Reader, token: string): Promise<string | undefined> {
  const [row] = await reader.query<{ binding_id: string }>(
    {
      name: 'bank_card.holder',
      text: 'select binding_id from bank_card_holder where bucket = $1 and card_token = $2',
    },
    [bucketOfToken(token), token],
  )
  return row?.binding_id
}

export interface SentVerification {
  readonly id: string
  readonly cardToken: string
  readonly bindingId: string
  readonly withCode: boolean
  readonly exchange: Exchange
  readonly sentAt: number
}

export async function insertVerification(tx: Tx, sent: SentVerification): Promise<void> {
  await tx.query(
    {
      name: 'bank_card.verification',
      text: `insert into bank_card_verification (bucket, id, card_token, binding_id, with_code, stan,
          transmitted_at, sent_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    },
    [
      ...[bucketOfToken(sent.cardToken), sent.id, sent.cardToken, sent.bindingId, sent.withCode],
      ...[sent.exchange.stan, sent.exchange.transmittedAt, sent.sentAt],
    ],
  )
}

export interface VerificationSaid {
  readonly answer: string
  readonly bankCode: string | null
  readonly at: number
}

export async function saveAnswer(
  tx: Tx,
  { id, cardToken }: SentVerification,
  { answer, bankCode, at }: VerificationSaid,
): Promise<void> {
  await tx.query(
    {
      name: 'bank_card.verification_answer',
      text: `update bank_card_verification set answer = $3, bank_code = $4, answered_at = $5
        where bucket = $1 and id = $2`,
    },
    [bucketOfToken(cardToken), id, answer, bankCode, at],
  )
}

/** Verifications of a card since then. What did not reach the bank, or found it busy, is none. */
export async function countVerifications(
  reader: Reader,
  token: string,
  { since, busyCode }: { readonly since: number; readonly busyCode: string },
): Promise<number> {
  const [row] = await reader.query<{ count: bigint }>(
    {
      name: 'bank_card.verifications',
      text: `select count(*) as count from bank_card_verification
        where bucket = $1 and card_token = $2 and sent_at > $3 and not with_code
          and coalesce(answer, '') not in ('unsent', $4)`,
    },
    [bucketOfToken(token), token, since, busyCode],
  )
  return Number(row?.count ?? 0n)
}

/** Whether any bank has ever said yes to the card. */
export async function wasEverBound(reader: Reader, token: string): Promise<boolean> {
  const [row] = await reader.query<{ bound: boolean }>(
    {
      name: 'bank_card.ever_bound',
      text: `select exists (select from bank_card_verification
        where bucket = $1 and card_token = $2 and answer = 'done') as bound`,
    },
    [bucketOfToken(token), token],
  )
  return row?.bound === true
}
