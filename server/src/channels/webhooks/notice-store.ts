/** The table `notice_delivery`: all its SQL. */
import { int8s, type Reader, type Tx, texts } from '../../db/index.ts'
import type { DeliveryState, Progress } from './schedule.ts'

export interface NoticeKey {
  readonly bucket: number
  readonly id: string
}

export interface NoticeRow extends NoticeKey, Progress {
  readonly method: 'POST' | 'PUT'
  readonly url: string
  /** Sealed JSON. */
  readonly headers: string
  readonly body: string
  readonly goodUntil: number | null
  readonly createdAt: number
}

interface Row {
  bucket: number
  id: string
  method: 'POST' | 'PUT'
  url: string
  headers: string
  body: string
  good_until: bigint | null
  state: DeliveryState
  attempts: number
  next_at: bigint | null
  last_status: number | null
  last_ms: number | null
  last_error: string | null
  created_at: bigint
  ended_at: bigint | null
}

const timeOf = (value: bigint | null) => (value === null ? null : Number(value))

const toNotice = (row: Row): NoticeRow => ({
  bucket: row.bucket,
  id: row.id,
  method: row.method,
  url: row.url,
  headers: row.headers,
  body: row.body,
  goodUntil: timeOf(row.good_until),
  state: row.state,
  attempts: row.attempts,
  nextAt: timeOf(row.next_at),
  lastStatus: row.last_status,
  lastMs: row.last_ms,
  lastError: row.last_error,
  createdAt: Number(row.created_at),
  endedAt: timeOf(row.ended_at),
})

/** One that is there already stays as it is. */
export function insertNotices(tx: Tx, notices: readonly Omit<NoticeRow, keyof Progress>[]): void {
  tx.write(
    {
      name: 'notice_delivery.insert',
      text: `insert into notice_delivery (bucket, id, url, headers, body, good_until, state,
          attempts, next_at, created_at, method)
        select b, i, u, h, y, g, 'pending', 0, n, n, m from unnest($1::int2[], $2::text[], $3::text[],
          $4::text[], $5::text[], $6::int8[], $7::int8[], $8::text[]) as v (b, i, u, h, y, g, n, m)
        on conflict do nothing`,
    },
    [
      ...keysOf(notices),
      texts(notices.map((notice) => notice.url)),
      texts(notices.map((notice) => notice.headers)),
      texts(notices.map((notice) => notice.body)),
      int8s(notices.map((notice) => notice.goodUntil)),
      int8s(notices.map((notice) => notice.createdAt)),
      texts(notices.map((notice) => notice.method)),
    ],
  )
}

/** Those of the notices that are still to be sent. */
export async function readDueNotices(
  reader: Reader,
  keys: readonly NoticeKey[],
): Promise<NoticeRow[]> {
  const rows = await reader.query<Row>(
    {
      name: 'notice_delivery.due',
      text: `select n.* from unnest($1::int2[], $2::text[]) as k (bucket, id)
        join notice_delivery n using (bucket, id) where n.state = 'pending'`,
    },
    keysOf(keys),
  )
  return rows.map(toNotice)
}

export async function readNotice(reader: Reader, key: NoticeKey): Promise<NoticeRow | undefined> {
  const [row] = await reader.query<Row>(
    'select * from notice_delivery where bucket = $1 and id = $2',
    [key.bucket, key.id],
  )
  return row && toNotice(row)
}

/** Writes what came of a try; false when somebody else has moved the notice on since `before`. */
export async function saveNoticeProgress(
  tx: Tx,
  before: NoticeRow,
  after: Progress,
): Promise<boolean> {
  const rows = await tx.query(
    {
      name: 'notice_delivery.progress',
      text: `update notice_delivery set state = $4, attempts = $5, next_at = $6, last_status = $7,
          last_ms = $8, last_error = $9, ended_at = $10
        where bucket = $1 and id = $2 and state = 'pending' and attempts = $3 returning 1`,
    },
    [
      before.bucket,
      before.id,
      before.attempts,
      after.state,
      after.attempts,
      after.nextAt,
      after.lastStatus,
      after.lastMs,
      after.lastError,
      after.endedAt,
    ],
  )
  return rows.length > 0
}

const keysOf = (keys: readonly NoticeKey[]) => [
  int8s(keys.map((key) => key.bucket)),
  texts(keys.map((key) => key.id)),
]
