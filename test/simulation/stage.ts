/**
 * The database of a simulation: one engine in memory for all seeds of a process, emptied in between so
 * that a seed finds the same whatever ran before it. Plans are made once and not by what was counted.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEndpoint } from '../../server/src/channels/webhooks/endpoints.ts'
import { makeDataKeys } from '../../server/src/composition/data-keys.ts'
import { openKeys } from '../../server/src/composition/keys.ts'
import { type Config, readConfig } from '../../server/src/config/index.ts'
import { type Database, texts } from '../../server/src/db/index.ts'
import { seedMerchants } from '../../server/src/demo/seed.ts'
import { createFieldCipher, createIds } from '../../server/src/kernel/index.ts'
import { keyFileName } from '../../server/src/keys/file/file-module.ts'
import { createClient } from '../../server/src/merchants/index.ts'
import { enterMaster } from '../../server/test/bank/operations-stage.ts'
import { bankNames, binTableOf, masterKeyOf, settingsOf } from '../cards/banks.ts'
import { testDatabase } from '../database.ts'
import { echoMs } from './bank-links.ts'
import { billerSettings } from './biller-network.ts'
import { createDice } from './dice.ts'
import { fieldKey } from './process.ts'

export interface Stage {
  readonly db: Database
  readonly folder: string
  /** Where banks and billers are said to be; the keys of banks are new for each seed. */
  readonly config: Config
  /** The key of each merchant. */
  readonly keys: Readonly<Record<string, string>>
  /** Leaves only the merchants. */
  empty(): Promise<void>
  close(): Promise<void>
}

/** When merchants were enrolled: before every plan begins. */
const enrolledAt = Date.UTC(2026, 0, 1)
/** What enrolling writes, and what a migration wrote. */
const kept = [
  ...['catalogue_version', 'merchant_application', 'merchant', 'product', 'api_client'],
  ...['webhook_endpoint', 'risk_policy', 'setting'],
]

export async function openStage(): Promise<Stage> {
  const { db, close } = await testDatabase({ engine: 'pglite' })
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-simulation-'))
  // The engine's own timers would be timers of real time.
  await db.query(`set plan_cache_mode = force_generic_plan; set statement_timeout = 0;
    set lock_timeout = 0; set idle_in_transaction_session_timeout = 0`)
  const keys = await enrol(db)
  const config = settleBanks(folder)
  const keyFile = await makeKeys(config)
  return {
    config,
    db,
    folder,
    keys,
    async empty() {
      // Emptying makes new files of a table and its indexes: those that have none are left alone.
      const used = await db.query<{ name: string }>(
        `select quote_ident(relname) as name from pg_class
         where relnamespace = 'public'::regnamespace and relkind = 'r'
           and relname not like '%migration%' and relname <> all($1)
           and pg_relation_size(oid) > 0
         order by 1`,
        [texts(kept)],
      )
      await db.transact(async (tx) => {
        await tx.query(`truncate ${used.map(({ name }) => name).join(', ')}`)
        await tx.query('insert into business_day (closed_through) values (null)')
        await tx.query('alter sequence order_number restart')
      })
      writeFileSync(join(folder, 'keys', keyFileName), keyFile)
    },
    async close() {
      await close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function settleBanks(folder: string): Config {
  const banksFolder = join(folder, 'banks')
  mkdirSync(banksFolder)
  const connection = { host: 'bank.example', port: 1, echoMs }
  for (const name of bankNames) {
    const settings = JSON.stringify(settingsOf(name, connection, {}))
    writeFileSync(join(banksFolder, `${name}.json`), settings)
  }
  const billersFolder = join(folder, 'billers')
  mkdirSync(billersFolder)
  for (const one of billerSettings)
    writeFileSync(join(billersFolder, `${one.code}.json`), JSON.stringify(one), { mode: 0o600 })
  const binTable = join(folder, 'bins.json')
  writeFileSync(binTable, JSON.stringify(binTableOf()))
  const config = readConfig({
    ...{ TELEPURSE_DATA: folder, BANKS_FOLDER: banksFolder, BIN_TABLE: binTable },
    BILLERS_FOLDER: billersFolder,
  })
  if (!config.ok) throw new Error(config.refusal.join('\n'))
  return config.value
}

/** The file with the keys that data is sealed with, and the banks' master keys. */
async function makeKeys(config: Config): Promise<Buffer> {
  const clock = { now: () => enrolledAt }
  const ids = createIds(createDice('keys').fill)
  const store = openKeys(config, { fieldKey, clock, ids })
  await makeDataKeys(config, store)
  for (const name of bankNames) await enterMaster(store, `bank:${name}:zmk`, masterKeyOf(name))
  store.close()
  return readFileSync(join(config.dataDir, 'keys', keyFileName))
}

/** The demo's merchants, a key for each, and an endpoint for one of them. */
async function enrol(db: Database): Promise<Record<string, string>> {
  const now = enrolledAt
  const ids = createIds(createDice('stage').fill)
  await seedMerchants(db, ids, now)
  const cipher = createFieldCipher(fieldKey, ids)
  const keys: Record<string, string> = {}
  for (const merchantId of ['6021', '6022']) {
    const content = { merchantId, name: 'shop', scopes: [], grantTypes: [], redirectUris: [] }
    const made = await db.transact((tx) =>
      createClient(tx, { ...content, tokenSeconds: 3_600, test: false }, { ids, now }),
    )
    if (!made.ok) throw new Error(made.refusal)
    keys[merchantId] = made.value.secret.reveal()
  }
  const endpoint = { url: 'https://stargames.example/hook', description: '', eventTypes: [] }
  const client = { urlRefusal: () => null }
  await db.transact((tx) =>
    createEndpoint(tx, { merchantId: '6021', content: endpoint }, { ids, cipher, client }, now),
  )
  return keys
}
