/** The tables `card_question` and `card_text`: all their SQL. */
import { int8s, type Reader, type Tx, texts } from '../../../db/index.ts'
import { type Amount, bucketOf, type Msisdn } from '../../../kernel/index.ts'

/** What a number was asked its PIN for. */
export interface Question {
  readonly msisdn: Msisdn
  /** Also the name of what comes of it, so that an answer that comes twice does it once. */
  readonly id: string
  readonly kind: 'balance' | 'bill' | 'top_up' | 'withdrawal' | 'repayment'
  readonly cardId: string
  readonly amount: Amount | null
  readonly speed: 'same_day' | 'next_day' | null
  readonly askedAt: number
  readonly expiresAt: number
}

interface Row {
  readonly msisdn: string
  readonly id: string
  readonly kind: Question['kind']
  readonly card_id: string
  readonly amount: bigint | null
  readonly speed: Question['speed']
  readonly asked_at: bigint
  readonly expires_at: bigint
}

export async function questionOf(reader: Reader, msisdn: Msisdn): Promise<Question | undefined> {
  const [row] = await reader.query<Row>(
    `select msisdn, id, kind, card_id, amount, speed, asked_at, expires_at from card_question
      where bucket = $1 and msisdn = $2`,
    [bucketOf(msisdn), msisdn],
  )
  return (
    row && {
      ...{ msisdn: row.msisdn, id: row.id, kind: row.kind, cardId: row.card_id },
      ...{ amount: row.amount, speed: row.speed },
      ...{ askedAt: Number(row.asked_at), expiresAt: Number(row.expires_at) },
    }
  )
}

/** In place of one that was asked before. */
export function ask(tx: Tx, question: Question): void {
  const { msisdn, id, kind, cardId, amount, speed, askedAt, expiresAt } = question
  tx.write(
    `insert into card_question (bucket, msisdn, id, kind, card_id, amount, speed, asked_at, expires_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      on conflict (bucket, msisdn) do update set id = excluded.id, kind = excluded.kind,
        card_id = excluded.card_id, amount = excluded.amount, speed = excluded.speed,
        asked_at = excluded.asked_at, expires_at = excluded.expires_at`,
    [bucketOf(msisdn), msisdn, id, kind, cardId, amount, speed, askedAt, expiresAt],
  )
}

export function forget(tx: Tx, { msisdn, id }: Pick<Question, 'msisdn' | 'id'>): void {
  tx.write('delete from card_question where bucket = $1 and msisdn = $2 and id = $3', [
    bucketOf(msisdn),
    msisdn,
    id,
  ])
}

export async function wasTaken(reader: Reader, msisdn: Msisdn, key: string): Promise<boolean> {
  const statement = {
    name: 'card_text.was_taken',
    text: 'select 1 from card_text where bucket = $1 and key = $2',
  }
  return (await reader.query(statement, [bucketOf(msisdn), key])).length > 0
}

export interface TakenText {
  readonly from: Msisdn
  readonly key: string
  readonly now: number
}

export function take(tx: Tx, taken: readonly TakenText[]): void {
  tx.write(
    {
      name: 'card_text.take',
      text: `insert into card_text (bucket, key, taken_at)
        select b, k, t from unnest($1::int2[], $2::text[], $3::int8[]) as u (b, k, t) order by b, k
        on conflict do nothing`,
    },
    [
      int8s(taken.map(({ from }) => bucketOf(from))),
      texts(taken.map(({ key }) => key)),
      int8s(taken.map(({ now }) => now)),
    ],
  )
}

/** Keys of texts so old that no gateway brings them again; questions that nobody answers any more. */
export function forgetOld(tx: Tx, before: number): void {
  tx.write('delete from card_text where taken_at < $1', [before])
  tx.write('delete from card_question where expires_at < $1', [before])
}
