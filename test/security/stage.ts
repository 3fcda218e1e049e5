/**
 * The server as `telepurse serve` composes it, on PostgreSQL, with two merchants, everything they can
 * own, and everybody who may come to its door. Carriers are the sandbox's.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { scopes as everyScope } from '../../server/src/channels/oauth/index.ts'
import { composeServer, type Parts } from '../../server/src/compose.ts'
import { createLog, readConfig } from '../../server/src/config/index.ts'
import type { Database } from '../../server/src/db/index.ts'
import { seedMerchants } from '../../server/src/demo/seed.ts'
import { Secret, systemClock } from '../../server/src/kernel/index.ts'
import { revokeClient } from '../../server/src/merchants/client-commands.ts'
import { createClient } from '../../server/src/merchants/index.ts'
import { type Outgoing, openedNotice } from '../../server/src/payments/index.ts'
import { testDatabase } from '../database.ts'
import { introduceLine } from '../lane.ts'
import { recordRoutes, routesOf } from './routes.ts'

export const payer = '+8613900010001'
/** Signs in to the app: a number is sent a code once a minute, whichever door asks. */
const appCustomer = '+8613900010002'
const sandboxPayer = '+8613900000001'
export const operatorToken = randomBytes(24).toString('hex')
export const scopes = Object.keys(everyScope)

export type Stage = Awaited<ReturnType<typeof openStage>>

export async function openStage() {
  const made = await testDatabase({ engine: 'postgres' })
  const dataDir = mkdtempSync(join(tmpdir(), 'telepurse-security-'))
  const lines: string[] = []
  const read = readConfig({
    TELEPURSE_DATA: dataDir,
    DATABASE_URL: made.url,
    ROLES: 'api',
    UNSAFE_DATABASE: 'yes',
    POOL_MAX: '6',
    PORT: '0',
    OPERATOR_TOKEN: operatorToken,
    METRICS_TOKEN: operatorToken.split('').reverse().join(''),
    CARRIER_URL: 'http://127.0.0.1:9/',
    CARRIER_TOKEN: randomBytes(16).toString('hex'),
    FIELD_KEY: randomBytes(32).toString('base64'),
  })
  if (!read.ok) throw new Error(read.refusal.join())
  const log = createLog({ logLevel: 'info' }, { write: (line: string) => void lines.push(line) })
  let app: FastifyInstance | undefined
  let parts: Parts | undefined
  const { value: server, table } = await recordRoutes(async () => {
    const composed = await composeServer(read.value, {
      clock: systemClock,
      log,
      async extend(extended, given) {
        app = extended
        parts = given
        await seedMerchants(given.db, given.ids, given.clock.now())
        await given.catalogue.reload()
        given.payments.start()
      },
    })
    const { url } = await composed.start()
    return { ...composed, url }
  })
  if (!app || !parts) throw new Error('the server was not extended')
  const { db } = parts
  await introduceLine(db, payer, systemClock.now())
  const cast = await createCast(app, parts)
  return {
    app,
    parts,
    db,
    url: server.url,
    databaseUrl: made.url ?? '',
    dataDir,
    routes: routesOf(app, table),
    table,
    lines,
    config: read.value,
    ...cast,
    things: { games: await ownedBy(app, parts, cast) },
    cookie: await signedIn(parts),
    async close() {
      await server.close()
      await made.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** The cookie of a customer's device. */
async function signedIn({ db, signIns, keys, clock }: Parts): Promise<string> {
  await introduceLine(db, appCustomer, clock.now())
  const asked = await signIns.askCode({ to: appCustomer, language: 'zh' })
  if (!asked.ok) throw new Error('no code')
  const [job] = await db.query<{ subject: string; payload: { text: Outgoing } }>(
    `select subject, payload from job where topic = 'sign_in.code'`,
  )
  const notice = job && openedNotice(keys, job.subject, job.payload.text)
  const code = new Secret(notice && 'code' in notice ? notice.code : '')
  const begun = await signIns.byCode({ msisdn: appCustomer, code, device: 'test' })
  if (!begun.ok) throw new Error(begun.refusal)
  return `consumer=${begun.value.token.reveal()}`
}

/** Clients of both merchants with their keys and tokens. */
async function createCast(app: FastifyInstance, { db, ids, clock, catalogue }: Parts) {
  const client = async (merchantId: string, more: object = {}) => {
    const content = {
      merchantId,
      name: 'shop',
      scopes,
      grantTypes: ['client_credentials'],
      redirectUris: [],
      tokenSeconds: 3_600,
      test: false,
      ...more,
    }
    const done = await db.transact((tx) => createClient(tx, content, { ids, now: clock.now() }))
    if (!done.ok) throw new Error(done.refusal)
    await catalogue.reload()
    return { id: done.value.client.id, key: done.value.secret.reveal() }
  }
  const tokenOf = async ({ id, key }: { id: string; key: string }, scope = scopes.join(' ')) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/oauth/token',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}`,
      },
      payload: new URLSearchParams({ grant_type: 'client_credentials', scope }).toString(),
    })
    const { access_token: token } = answer.json<{ access_token?: string }>()
    if (token === undefined) throw new Error(answer.body)
    return token
  }
  const games = await client('6021')
  const books = await client('6022')
  const test = await client('6021', { test: true })
  const revoked = await client('6021')
  const revokedTest = await client('6021', { test: true })
  const tokens = {
    games: await tokenOf(test),
    sibling: await tokenOf(await client('6021', { test: true })),
    books: await tokenOf(await client('6022', { test: true })),
    unscoped: await tokenOf(await client('6021', { test: true, scopes: [] })),
    short: await tokenOf(await client('6021', { test: true, tokenSeconds: 1 })),
    revoked: await tokenOf(revokedTest),
  }
  for (const { id } of [revoked, revokedTest])
    await db.transact((tx) => revokeClient(tx, id, clock.now()))
  await catalogue.reload()
  return {
    keys: { games: games.key, books: books.key, test: test.key, revoked: revoked.key },
    tokens,
  }
}

/** One of each thing that a merchant can have, by the name its routes use for its id. */
async function ownedBy(app: FastifyInstance, parts: Parts, { keys, tokens }: Cast) {
  const [key, token, name] = [keys.games, tokens.games, 'games']
  const post = async (url: string, body: object, bearer = key) => {
    const answer = await app.inject({
      method: 'POST',
      url,
      headers: { authorization: `Bearer ${bearer}` },
      payload: body,
    })
    if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.body}`)
    return answer.json<Record<string, string>>()
  }
  const payment = await post('/v1/payments', {
    msisdn: payer,
    product: '100',
    orderId: `${name}-1`,
    consent: 'code',
  })
  const checkout = await post('/v1/checkouts', { product: '100', orderId: `${name}-2` })
  // Orders at a till have names of the merchant's own: `x` stands for all that have no id.
  await post('/v1/scans/x/cancel', {})
  const endpoint = await post('/v1/webhook-endpoints', { url: 'https://shop.example/hook' })
  const charging = { amount: 10, currency: 'CNY', description: 'Coins' }
  const carrierPayment = await post(
    '/carrier-billing/v0.5/payments',
    {
      amountTransaction: {
        phoneNumber: sandboxPayer,
        referenceCode: `${name}-3`,
        paymentAmount: { chargingInformation: charging },
      },
    },
    token,
  )
  const refund = await post(
    `/carrier-billing-refund/v0.3/payments/${carrierPayment.paymentId}/refunds`,
    {
      type: 'partial',
      amountTransaction: {
        referenceCode: `${name}-4`,
        refundAmount: { chargingInformation: { ...charging, amount: 1 } },
      },
    },
    token,
  )
  return {
    payment: payment.id ?? '',
    checkout: checkout.id ?? '',
    endpoint: endpoint.id ?? '',
    carrierPayment: carrierPayment.paymentId ?? '',
    refund: refund.refundId ?? '',
    delivery: await deliveryTo(parts, endpoint.id ?? '', payment.id ?? ''),
  }
}

/** As the worker of webhooks leaves it: delivered. */
async function deliveryTo({ db, ids, clock }: Parts, endpointId: string, paymentId: string) {
  const now = clock.now()
  const eventId = ids.next(7, now)
  await db.transact(async (tx) => {
    await tx.query(
      `insert into webhook_event (bucket, id, merchant_id, type, payment_id, seq, at, body)
       values (7, $1, '6021', 'payment.charged', $2, 1, $3::int8, '{}')`,
      [eventId, paymentId, now],
    )
    await tx.query(
      `insert into webhook_delivery (bucket, event_id, endpoint_id, merchant_id, payment_id, seq,
         type, state, attempts, created_at, ended_at)
       values (7, $1, $2, '6021', $3, 1, 'payment.charged', 'delivered', 1, $4::int8, $4::int8)`,
      [eventId, endpointId, paymentId, now],
    )
  })
  return `${eventId}.${endpointId}`
}

type Cast = Awaited<ReturnType<typeof createCast>>

/** What every table holds, as one hash a table: equal before and after what must have no effect. */
export async function fingerprints(
  db: Database,
  except: readonly string[] = [],
): Promise<Record<string, string>> {
  const tables = await db.query<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  )
  const found: Record<string, string> = {}
  for (const { name } of tables.filter((table) => !except.includes(table.name))) {
    const [row] = await db.query<{ hash: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as hash
       from "${name}" t`,
    )
    found[name] = row?.hash ?? ''
  }
  return found
}
