/** What a merchant does with its endpoints. A secret is shown once, when it is made. */
import type { Tx } from '../../db/index.ts'
import {
  accept,
  type FieldCipher,
  type Ids,
  type Result,
  refuse,
  type Secret,
} from '../../kernel/index.ts'
import { moveVersion } from '../../merchants/index.ts'
import type { HttpClient, UrlRefusal } from '../http-client/index.ts'
import { type Endpoint, type KeptEndpoint, secretPurpose } from './endpoint.ts'
import {
  deleteEndpoint,
  insertEndpoint,
  readEndpoints,
  readEndpointsOf,
  saveEndpoint,
} from './endpoint-store.ts'
import { newSecret } from './signature.ts'

const endpointsMax = 10

export interface EndpointTools {
  readonly ids: Ids
  readonly cipher: FieldCipher
  readonly client: Pick<HttpClient, 'urlRefusal'>
}

export type EndpointContent = Pick<Endpoint, 'url' | 'description' | 'eventTypes'>

/** An endpoint and the secret that was made for it; this is the only time the secret is seen. */
export interface IssuedEndpoint {
  readonly endpoint: Endpoint
  readonly secret: Secret
}

export type EndpointRefusal = 'endpoint_not_found' | 'too_many_endpoints' | UrlRefusal

export async function createEndpoint(
  tx: Tx,
  command: { readonly merchantId: string; readonly content: EndpointContent },
  { ids, cipher, client }: EndpointTools,
  now: number,
): Promise<Result<IssuedEndpoint, EndpointRefusal>> {
  const problem = client.urlRefusal(command.content.url)
  if (problem) return refuse(problem)
  // Its lock makes creations wait for each other, so that the count below holds.
  await moveVersion(tx)
  const others = await readEndpointsOf(tx, command.merchantId)
  if (others.length >= endpointsMax) return refuse('too_many_endpoints')
  const secret = newSecret(ids)
  const endpoint: KeptEndpoint = {
    ...command.content,
    id: ids.next(0, now),
    merchantId: command.merchantId,
    secret: cipher.seal(secretPurpose, secret),
    previousSecret: null,
    previousUntil: null,
    status: 'on',
    createdAt: now,
    updatedAt: now,
  }
  await insertEndpoint(tx, endpoint)
  return accept({ endpoint, secret })
}

interface Own {
  readonly merchantId: string
  readonly endpointId: string
}

/** Changes what is named; `status: 'on'` also opens an endpoint that was gone. */
export async function changeEndpoint(
  tx: Tx,
  command: Own & {
    readonly changes: Partial<EndpointContent & { readonly status: 'on' | 'off' }>
  },
  { client }: Pick<EndpointTools, 'client'>,
  now: number,
): Promise<Result<Endpoint, EndpointRefusal>> {
  await moveVersion(tx)
  const before = await findOwn(tx, command)
  if (!before) return refuse('endpoint_not_found')
  const after = { ...before, ...command.changes, updatedAt: now }
  const problem = client.urlRefusal(after.url)
  if (problem) return refuse(problem)
  await saveEndpoint(tx, after)
  return accept(after)
}

/** Makes a new secret; the one before signs along for `overlapMs`. */
export async function rotateSecret(
  tx: Tx,
  command: Own & { readonly overlapMs: number },
  { ids, cipher }: Pick<EndpointTools, 'ids' | 'cipher'>,
  now: number,
): Promise<Result<IssuedEndpoint, 'endpoint_not_found'>> {
  await moveVersion(tx)
  const before = await findOwn(tx, command)
  if (!before) return refuse('endpoint_not_found')
  const secret = newSecret(ids)
  const endpoint = {
    ...before,
    secret: cipher.seal(secretPurpose, secret),
    previousSecret: before.secret,
    previousUntil: now + command.overlapMs,
    updatedAt: now,
  }
  await saveEndpoint(tx, endpoint)
  return accept({ endpoint, secret })
}

/** What is on its way to it becomes a dead letter; the log stays. */
export async function removeEndpoint(
  tx: Tx,
  command: Own,
): Promise<Result<Endpoint, 'endpoint_not_found'>> {
  await moveVersion(tx)
  const endpoint = await findOwn(tx, command)
  if (!endpoint) return refuse('endpoint_not_found')
  await deleteEndpoint(tx, endpoint.id)
  return accept(endpoint)
}

async function findOwn(tx: Tx, { merchantId, endpointId }: Own) {
  const endpoint = (await readEndpoints(tx, [endpointId])).get(endpointId)
  return endpoint?.merchantId === merchantId ? endpoint : undefined
}
