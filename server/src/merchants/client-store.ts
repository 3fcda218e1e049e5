/** The table `api_client`: all its SQL. Secrets are here only as hashes. */
import { type Reader, type Tx, texts } from '../db/index.ts'
import type { ApiClient } from './merchant.ts'

/** A client with the secret it had before the last rotation, which opens for a while longer. */
export type KeptClient = ApiClient & {
  readonly previousSecretHash: string | null
  readonly previousUntil: number | null
}

interface ClientRow {
  id: string
  merchant_id: string
  name: string
  secret_hash: string
  previous_secret_hash: string | null
  previous_until: bigint | null
  scopes: string[]
  grant_types: string[]
  redirect_uris: string[]
  token_seconds: number
  test: boolean
  revoked_at: bigint | null
}

const columns = `id, merchant_id, name, secret_hash, previous_secret_hash, previous_until, scopes,
  grant_types, redirect_uris, token_seconds, test, revoked_at`

const toClient = (row: ClientRow): KeptClient => ({
  id: row.id,
  merchantId: row.merchant_id,
  name: row.name,
  secretHash: row.secret_hash,
  previousSecretHash: row.previous_secret_hash,
  previousUntil: row.previous_until === null ? null : Number(row.previous_until),
  scopes: row.scopes,
  grantTypes: row.grant_types,
  redirectUris: row.redirect_uris,
  tokenSeconds: row.token_seconds,
  test: row.test,
  revokedAt: row.revoked_at === null ? null : Number(row.revoked_at),
})

export async function readClients(reader: Reader): Promise<KeptClient[]> {
  return (await reader.query<ClientRow>(`select ${columns} from api_client`)).map(toClient)
}

/** Oldest first. */
export async function readClientsOf(reader: Reader, merchantId: string): Promise<KeptClient[]> {
  const rows = await reader.query<ClientRow>(
    `select ${columns} from api_client where merchant_id = $1 order by created_at, id`,
    [merchantId],
  )
  return rows.map(toClient)
}

export async function readClient(reader: Reader, id: string): Promise<KeptClient | undefined> {
  const [row] = await reader.query<ClientRow>(`select ${columns} from api_client where id = $1`, [
    id,
  ])
  return row && toClient(row)
}

export async function insertClient(tx: Tx, client: KeptClient, now: number): Promise<void> {
  await tx.query(
    `insert into api_client (${columns}, created_at)
     values ($1, $2, $3, $4, $5, $6, $7::text[], $8::text[], $9::text[], $10, $11, $12, $13)`,
    [
      client.id,
      client.merchantId,
      client.name,
      client.secretHash,
      client.previousSecretHash,
      client.previousUntil,
      texts(client.scopes),
      texts(client.grantTypes),
      texts(client.redirectUris),
      client.tokenSeconds,
      client.test,
      client.revokedAt,
      now,
    ],
  )
}

export async function saveClientKeys(tx: Tx, client: KeptClient): Promise<void> {
  await tx.query(
    `update api_client set secret_hash = $2, previous_secret_hash = $3, previous_until = $4,
       revoked_at = $5 where id = $1`,
    [
      client.id,
      client.secretHash,
      client.previousSecretHash,
      client.previousUntil,
      client.revokedAt,
    ],
  )
}

export async function revokeClientsOf(tx: Tx, merchantId: string, now: number): Promise<void> {
  await tx.query(
    'update api_client set revoked_at = $2 where merchant_id = $1 and revoked_at is null',
    [merchantId, now],
  )
}
