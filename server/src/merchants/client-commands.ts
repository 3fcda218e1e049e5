/** A merchant's keys to the API. A secret is shown once, when it is made; we keep its SHA-256. */
import { createHash } from 'node:crypto'
import type { Tx } from '../db/index.ts'
import { accept, type Ids, type Result, refuse, Secret } from '../kernel/index.ts'
import {
  insertClient,
  type KeptClient,
  readClient,
  readClientsOf,
  saveClientKeys,
} from './client-store.ts'
import type { ApiClient } from './merchant.ts'
import { readMerchant } from './store.ts'
import { moveVersion } from './version-store.ts'

const clientsMax = 20

export type ClientContent = Pick<
  ApiClient,
  'merchantId' | 'name' | 'scopes' | 'grantTypes' | 'redirectUris' | 'tokenSeconds' | 'test'
>

/** A client and the secret that was made for it; this is the only time the secret is seen. */
export interface Issued {
  readonly client: ApiClient
  readonly secret: Secret
}

export type ClientRefusal =
  | 'merchant_not_found'
  | 'merchant_closed'
  | 'too_many_clients'
  | 'redirect_uri_missing'
  | 'redirect_uri_malformed'

/** Makes a client with a secret `tp_live_…`, or `tp_test_…` in test mode; `id` names a documented one. */
export async function createClient(
  tx: Tx,
  content: ClientContent,
  { ids, now, id }: { readonly ids: Ids; readonly now: number; readonly id?: string },
): Promise<Result<Issued, ClientRefusal>> {
  await moveVersion(tx)
  const merchant = await readMerchant(tx, content.merchantId)
  if (!merchant) return refuse('merchant_not_found')
  if (merchant.status === 'closed') return refuse('merchant_closed')
  const others = await readClientsOf(tx, content.merchantId)
  if (others.filter((client) => client.revokedAt === null).length >= clientsMax)
    return refuse('too_many_clients')
  if (!content.redirectUris.every(isRedirectUri)) return refuse('redirect_uri_malformed')
  if (content.grantTypes.includes('authorization_code') && content.redirectUris.length === 0)
    return refuse('redirect_uri_missing')
  const secret = newSecret(ids, content.test)
  const client: KeptClient = {
    ...content,
    id: id ?? `tpc_${Buffer.from(ids.random(8)).toString('hex')}`,
    secretHash: secretHashOf(secret.reveal()),
    previousSecretHash: null,
    previousUntil: null,
    revokedAt: null,
  }
  await insertClient(tx, client, now)
  return accept({ client, secret })
}

/** Makes a new secret; the one before still opens for `overlapMs`, 0 when it may be known. */
export async function rotateClient(
  tx: Tx,
  command: { readonly clientId: string; readonly overlapMs: number },
  { ids, now }: { readonly ids: Ids; readonly now: number },
): Promise<Result<Issued, 'client_not_found' | 'client_revoked'>> {
  await moveVersion(tx)
  const client = await readClient(tx, command.clientId)
  if (!client) return refuse('client_not_found')
  if (client.revokedAt !== null) return refuse('client_revoked')
  const secret = newSecret(ids, client.test)
  const rotated = {
    ...client,
    secretHash: secretHashOf(secret.reveal()),
    previousSecretHash: client.secretHash,
    previousUntil: now + command.overlapMs,
  }
  await saveClientKeys(tx, rotated)
  return accept({ client: rotated, secret })
}

/** Ends a client for good; a second time changes nothing. */
export async function revokeClient(
  tx: Tx,
  clientId: string,
  now: number,
): Promise<Result<ApiClient, 'client_not_found'>> {
  await moveVersion(tx)
  const client = await readClient(tx, clientId)
  if (!client) return refuse('client_not_found')
  const revoked = { ...client, revokedAt: client.revokedAt ?? now }
  await saveClientKeys(tx, revoked)
  return accept(revoked)
}

export const secretHashOf = (secret: string): string =>
  createHash('sha256').update(secret).digest('hex')

const newSecret = (ids: Ids, test: boolean) =>
  new Secret(`tp_${test ? 'test' : 'live'}_${Buffer.from(ids.random(32)).toString('base64url')}`)

/** HTTPS, or HTTP to the developer's own machine; a fragment would be lost on the way (RFC 6749). */
function isRedirectUri(uri: string): boolean {
  if (!URL.canParse(uri) || uri.includes('#')) return false
  const { protocol, hostname } = new URL(uri)
  const local = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
  return protocol === 'https:' || (protocol === 'http:' && local)
}
