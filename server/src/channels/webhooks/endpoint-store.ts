/** The table `webhook_endpoint`: all its SQL. */
import { type Reader, type Tx, texts } from '../../db/index.ts'
import type { KeptEndpoint } from './endpoint.ts'
import type { EventType } from './event.ts'

interface Row {
  id: string
  merchant_id: string
  url: string
  description: string
  event_types: EventType[]
  secret: string
  previous_secret: string | null
  previous_until: bigint | null
  status: KeptEndpoint['status']
  created_at: bigint
  updated_at: bigint
}

const columns = `id, merchant_id, url, description, event_types, secret, previous_secret,
  previous_until, status, created_at, updated_at`

const toEndpoint = (row: Row): KeptEndpoint => ({
  id: row.id,
  merchantId: row.merchant_id,
  url: row.url,
  description: row.description,
  eventTypes: row.event_types,
  secret: row.secret,
  previousSecret: row.previous_secret,
  previousUntil: row.previous_until === null ? null : Number(row.previous_until),
  status: row.status,
  createdAt: Number(row.created_at),
  updatedAt: Number(row.updated_at),
})

/** All endpoints that are on, of all merchants. */
export async function readOpenEndpoints(reader: Reader): Promise<KeptEndpoint[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from webhook_endpoint where status = 'on' order by id`,
  )
  return rows.map(toEndpoint)
}

export async function readEndpointsOf(reader: Reader, merchantId: string): Promise<KeptEndpoint[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from webhook_endpoint where merchant_id = $1 order by id`,
    [merchantId],
  )
  return rows.map(toEndpoint)
}

export async function readEndpoints(
  reader: Reader,
  ids: readonly string[],
): Promise<Map<string, KeptEndpoint>> {
  const rows = await reader.query<Row>(
    {
      name: 'webhook_endpoint.by_ids',
      text: `select ${columns} from webhook_endpoint where id = any($1::uuid[])`,
    },
    [`{${[...new Set(ids)].join(',')}}`],
  )
  return new Map(rows.map((row) => [row.id, toEndpoint(row)]))
}

export async function insertEndpoint(tx: Tx, endpoint: KeptEndpoint): Promise<void> {
  await tx.query(
    `insert into webhook_endpoint (${columns})
     values ($1, $2, $3, $4, $5::text[], $6, $7, $8, $9, $10, $11)`,
    [
      endpoint.id,
      endpoint.merchantId,
      endpoint.url,
      endpoint.description,
      texts(endpoint.eventTypes),
      endpoint.secret,
      endpoint.previousSecret,
      endpoint.previousUntil,
      endpoint.status,
      endpoint.createdAt,
      endpoint.updatedAt,
    ],
  )
}

export async function saveEndpoint(tx: Tx, endpoint: KeptEndpoint): Promise<void> {
  await tx.query(
    `update webhook_endpoint set url = $2, description = $3, event_types = $4::text[],
       secret = $5, previous_secret = $6, previous_until = $7, status = $8, updated_at = $9
     where id = $1`,
    [
      endpoint.id,
      endpoint.url,
      endpoint.description,
      texts(endpoint.eventTypes),
      endpoint.secret,
      endpoint.previousSecret,
      endpoint.previousUntil,
      endpoint.status,
      endpoint.updatedAt,
    ],
  )
}

/** An endpoint that answered 410. One that was changed meanwhile has another address and stays. */
export async function markGone(
  tx: Tx,
  endpoint: { readonly id: string; readonly url: string },
  now: number,
): Promise<void> {
  await tx.query(
    `update webhook_endpoint set status = 'gone', updated_at = $3
     where id = $1 and url = $2 and status = 'on'`,
    [endpoint.id, endpoint.url, now],
  )
}

export async function deleteEndpoint(tx: Tx, id: string): Promise<void> {
  await tx.query('delete from webhook_endpoint where id = $1', [id])
}
