/**
 * The demo's merchants as programs of their own: they use the public API with their keys, and take
 * webhooks whose signature they check. Their keys stay in a file that only its owner can read.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import type { Parts } from '../compose.ts'
import { assert, type Secret } from '../kernel/index.ts'
import { createClient } from '../merchants/index.ts'

export const shopIds = ['6021', '6022'] as const

interface Kept {
  readonly key: string
  readonly webhookSecret: string
  /** Where its webhooks go, and the endpoint's id. */
  readonly url: string
  readonly endpointId: string
}

const onlyOwner = 0o600

export interface Shops {
  /** Calls the public API as this merchant; answers the parsed body. Throws when it is refused. */
  call(merchantId: string, request: ShopRequest): Promise<unknown>
  /** Whether a webhook was signed for this merchant. */
  isSigned(merchantId: string, headers: Readonly<Record<string, unknown>>, body: string): boolean
}

export interface ShopRequest {
  readonly method: 'GET' | 'POST' | 'PATCH'
  readonly url: string
  readonly body?: object
}

/** Makes keys and webhook endpoints on the first start; `open` does it, when routes are there. */
export function createShops(app: FastifyInstance, parts: Parts, file: string) {
  const kept = new Map<string, Kept>(
    existsSync(file) ? Object.entries(JSON.parse(readFileSync(file, 'utf8'))) : [],
  )
  const call: Shops['call'] = async (merchantId, { method, url, body }) => {
    const key = kept.get(merchantId)?.key
    assert(key, `merchant ${merchantId} has a key`)
    const answer = await app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${key}` },
      ...(body && { payload: body }),
    })
    const parsed: unknown = answer.body === '' ? {} : answer.json()
    if (answer.statusCode >= 400) throw new ShopRefused(answer.statusCode, parsed)
    return parsed
  }
  const keep = (merchantId: string, entry: Kept) => kept.set(merchantId, entry)

  async function enter(merchantId: string, url: string): Promise<void> {
    const key = (await newKey(parts, merchantId)).reveal()
    keep(merchantId, { key, webhookSecret: '', url, endpointId: '' })
    const body = { url, description: 'demo shop' }
    const made = await call(merchantId, { method: 'POST', url: '/v1/webhook-endpoints', body })
    const { id, secret } = made as { readonly id: string; readonly secret: string }
    keep(merchantId, { key, webhookSecret: secret, url, endpointId: id })
  }
  async function move(merchantId: string, before: Kept, url: string): Promise<void> {
    const endpoint = `/v1/webhook-endpoints/${before.endpointId}`
    await call(merchantId, { method: 'PATCH', url: endpoint, body: { url } })
    keep(merchantId, { ...before, url })
  }
  return {
    call,
    isSigned(merchantId: string, headers: Readonly<Record<string, unknown>>, body: string) {
      const secret = kept.get(merchantId)?.webhookSecret
      // With an empty key everybody could sign.
      if (!secret) return false
      const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
      const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
      const expected = Buffer.from(createHmac('sha256', key).update(content).digest('base64'))
      return String(headers['webhook-signature'])
        .split(' ')
        .map((signature) => Buffer.from(signature.replace('v1,', '')))
        .some((given) => given.length === expected.length && timingSafeEqual(given, expected))
    },
    async open(): Promise<void> {
      for (const merchantId of shopIds) {
        const url = `${parts.origin}/demo/merchants/${merchantId}/webhook`
        const before = kept.get(merchantId)
        if (before?.url === url) continue
        // The demo may have been started on another port.
        if (before) await move(merchantId, before, url)
        else await enter(merchantId, url)
      }
      writeFileSync(file, JSON.stringify(Object.fromEntries(kept)), { mode: onlyOwner })
      chmodSync(file, onlyOwner)
      await parts.reloadEndpoints()
    },
  }
}

export class ShopRefused extends Error {
  override readonly name = 'ShopRefused'
  readonly status: number
  readonly problem: unknown
  constructor(status: number, problem: unknown) {
    super(`the merchant API answered ${status}`)
    this.status = status
    this.problem = problem
  }
}

async function newKey({ db, ids, clock, catalogue }: Parts, merchantId: string): Promise<Secret> {
  const content = {
    merchantId,
    name: 'demo shop',
    scopes: [],
    grantTypes: [],
    redirectUris: [],
    tokenSeconds: 3_600,
    test: false,
  }
  const made = await db.transact((tx) => createClient(tx, content, { ids, now: clock.now() }))
  assert(made.ok, 'the demo merchant may have a key')
  await catalogue.reload()
  return made.value.secret
}
