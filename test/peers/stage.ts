/** Two `telepurse serve` on one PostgreSQL database, with a carrier's billing system beside them. */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createBoss } from '@telepurse/simulators'
import { type Database, openDatabase } from '../../server/src/db/index.ts'
import { seedMerchants } from '../../server/src/demo/seed.ts'
import { createIds } from '../../server/src/kernel/index.ts'
import { createClient } from '../../server/src/merchants/index.ts'
import { type Served, startServe } from '../serve.ts'

export type Stage = Awaited<ReturnType<typeof openStage>>

const carrierToken = 'test-carrier'

export async function openStage(options: {
  /** A database that has its tables. */
  readonly databaseUrl: string
  readonly smscUrl: string
  /** Numbers whose post-paid lines exist. */
  readonly numbers: readonly string[]
}) {
  const { databaseUrl, smscUrl, numbers } = options
  const db = await openDatabase({ url: databaseUrl, poolMax: 2 })
  const boss = createBoss({
    now: Date.now,
    token: carrierToken,
    lines: numbers.map((msisdn) => ({ msisdn, billing: 'postpaid', balance: 500_00n })),
  })
  const { url: carrierUrl } = await boss.listen()
  const ids = createIds()
  await seedMerchants(db, ids, Date.now())
  // Before the servers start: keys that are made later are known to them a second later.
  const apiKey = await apiKeyOf(db, ids)
  const shared = {
    // The tests' PostgreSQL does not sync: it is thrown away.
    UNSAFE_DATABASE: 'yes',
    FIELD_KEY: randomBytes(32).toString('base64'),
    POOL_MAX: '5',
  }
  const start = () =>
    startServe({ databaseUrl, smscUrl, carrierUrl, carrierToken, settings: shared })
  const servers: readonly [Served, Served] = await Promise.all([start(), start()]).then(
    ([one, other]) => [one, other],
  )
  return {
    db,
    boss,
    servers,
    apiKey,
    async close() {
      await Promise.all(servers.map((server) => server.kill()))
      await boss.close()
      await db.close()
    },
  }
}

/** A key to the merchant API of Star Games. */
export async function apiKeyOf(db: Database, ids: ReturnType<typeof createIds>): Promise<string> {
  const content = {
    merchantId: '6021',
    name: 'test',
    scopes: [],
    grantTypes: ['client_credentials'],
    redirectUris: [],
    tokenSeconds: 3_600,
    test: false,
  }
  const made = await db.transact((tx) => createClient(tx, content, { ids, now: Date.now() }))
  if (!made.ok) throw new Error(made.refusal)
  return made.value.secret.reveal()
}

/** Leases of the dead run out at once instead of in a minute or two. */
export async function endLeases(db: Database): Promise<void> {
  await db.transact((tx) =>
    tx.query(
      `update job set due_at = $1::int8 where attempts > 0 and topic in ('payment.drive', 'sms.send')`,
      [Date.now()],
    ),
  )
}

export async function until<Value>(look: () => Value | undefined | Promise<Value | undefined>) {
  for (;;) {
    const value = await look()
    if (value !== undefined && value !== false) return value
    await sleep(25)
  }
}
