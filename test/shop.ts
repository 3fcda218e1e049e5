/** The merchant API and the payment page over the payments of `world.ts`, without a network. */
import type { FastifyInstance } from 'fastify'
import {
  type CheckoutOptions,
  checkoutRoutes,
  createCheckouts,
} from '../server/src/channels/checkout/index.ts'
import { createGuesses, createHttpServer, keyGuesses } from '../server/src/channels/http/index.ts'
import { type MerchantApi, merchantApiRoutes } from '../server/src/channels/merchant-api/index.ts'
import { textOf } from '../server/src/channels/sms/index.ts'
import { bucketOf, createFieldCipher, Secret } from '../server/src/kernel/index.ts'
import { apiKeyVerifier, createClient } from '../server/src/merchants/index.ts'
import { createPaymentCodes } from '../server/src/payment-codes/index.ts'
import type { Outgoing } from '../server/src/payments/index.ts'
import { createScans, createScanWorker, type ScanTools } from '../server/src/scans/index.ts'
import { createWorld, type World, type WorldOptions } from './world.ts'

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: each test says what it expects of it.
  readonly body: any
  readonly headers: Readonly<Record<string, unknown>>
  readonly bytes: Buffer
}

export interface CallOptions {
  readonly body?: unknown
  /** Sent instead of `body`, as it is. */
  readonly raw?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly key?: string | undefined
  readonly from?: string
}

export const origin = 'http://pay.example'
const fieldKey = new Secret('a field key for tests, 32 characters or more')
const log = { info: () => {}, warn: () => {}, error: (...all: unknown[]) => console.error(...all) }

/** Without `cardOf` the page takes no cards, and without `acceptsWallets` no balances. */
export interface ShopOptions extends WorldOptions {
  readonly cardOf?: CheckoutOptions['cardOf']
  /** Without it what is scanned is paid on the phone bill. */
  readonly scans?: Partial<ScanTools>
  readonly acceptsWallets?: boolean
}

export type Shop = Awaited<ReturnType<typeof openShop>>

/** One process of a world; `openShop({db, clock})` is a second one on the same database. */
export async function openShop(options: ShopOptions = {}) {
  const world = await createWorld(options)
  const { db, clock, ids, time, payments, catalogue, policy } = world
  const keys = {
    games: (await newClient(world, '6021')).key,
    books: (await newClient(world, '6022')).key,
  }
  const checkouts = createCheckouts({
    db,
    clock,
    ids,
    payments,
    catalogue,
    policy,
    origin,
    fieldKey,
    acceptsCards: options.cardOf !== undefined,
    acceptsWallets: options.acceptsWallets ?? false,
    cardOf: options.cardOf ?? (async () => null),
  })
  const cipher = createFieldCipher(fieldKey, ids)
  const signedOut = new Set<string>()
  const frozen = new Set<string>()
  const codes = createPaymentCodes({
    ...{ db, clock, ids, cipher },
    signIns: {
      lasting: async (_, named) =>
        new Set(named.flatMap(({ id }) => (signedOut.has(id) ? [] : [id]))),
    },
    frozenOf: async () => frozen,
  })
  const scanTools: ScanTools = {
    ...{ db, clock, ids, time, log, codes, payments },
    fundsFor: async () => ({ source: 'phone_bill', card: null, asksPin: false }),
    firstFunds: async (_, wishes) => wishes.map(() => undefined),
    ...options.scans,
  }
  const app = await createHttpServer({
    log,
    behindProxy: true,
    version: '0',
    requestId: () => ids.next(0, clock.now()),
    securitySchemes: {},
  })
  const guesses = createGuesses(keyGuesses, clock)
  const verifyKey = apiKeyVerifier(catalogue, clock)
  const api: MerchantApi = {
    db,
    clock,
    time,
    payments,
    catalogue,
    checkouts,
    scans: createScans(scanTools),
    origin,
    verifyKey,
    guesses,
    isTestNumber: () => false,
    cardOf: options.cardOf ?? (async () => null),
  }
  await merchantApiRoutes(app, api)
  const questionOf = async ({ paymentId, msisdn }: { paymentId: string; msisdn: string }) => {
    const rows = await db.query<{ payload: Outgoing }>(
      `select payload from job where topic = 'sms.send' and bucket = $1
        and payload->>'paymentId' = $2 order by subject desc limit 1`,
      [bucketOf(msisdn), paymentId],
    )
    return rows[0] ? textOf(rows[0].payload.notice, rows[0].payload.language) : null
  }
  await checkoutRoutes(app, { checkouts, payments, catalogue, clock, questionOf })
  payments.start()

  return {
    ...world,
    app,
    keys,
    checkouts,
    codes,
    signedOut,
    frozen,
    settleScans: createScanWorker(scanTools, 0).step,
    call: (method: 'GET' | 'POST' | 'DELETE', url: string, given: CallOptions = {}) =>
      call(app, method, url, { key: keys.games, ...given }),
    async close() {
      await app.close()
      await world.close()
    },
  }
}

async function call(
  app: FastifyInstance,
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  { body, raw, headers, key, from }: CallOptions,
): Promise<Answer> {
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body))
  const answer = await app.inject({
    method,
    url,
    headers: {
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(payload !== undefined && { 'content-type': 'application/json' }),
      ...(from !== undefined && { 'x-forwarded-for': from }),
      ...headers,
    },
    ...(payload !== undefined && { payload }),
  })
  const isJson = /json/.test(String(answer.headers['content-type']))
  return {
    status: answer.statusCode,
    body: isJson ? answer.json() : answer.body,
    headers: answer.headers,
    bytes: answer.rawPayload,
  }
}

/** A new client of a merchant with its key, as the merchant is shown it once. */
export async function newClient({ db, ids, clock, catalogue }: World, merchantId: string) {
  const content = {
    merchantId,
    name: 'shop',
    scopes: [],
    grantTypes: [],
    redirectUris: [],
    tokenSeconds: 3_600,
    test: false,
  }
  const made = await db.transact((tx) => createClient(tx, content, { ids, now: clock.now() }))
  if (!made.ok) throw new Error(made.refusal)
  await catalogue.reload()
  return { id: made.value.client.id, key: made.value.secret.reveal() }
}
