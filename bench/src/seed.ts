/** What is in the database before the load: a merchant without a ceiling, its key, and the numbers. */
import { type Database, int8s, migrate, texts } from '../../server/src/db/index.ts'
import { seedMerchants } from '../../server/src/demo/seed.ts'
import { bucketOf, createIds, type Secret, systemClock } from '../../server/src/kernel/index.ts'
import { changeMerchant, createClient } from '../../server/src/merchants/index.ts'
import { numberAt, numberCount } from './numbers.ts'

export const merchantId = '6021'
const migrationsFolder = new URL('../../server/migrations', import.meta.url).pathname
const insertMax = 10_000

/** Answers the merchant's API key. */
export async function seed(db: Database): Promise<Secret> {
  const ids = createIds()
  const now = systemClock.now()
  await migrate(db, migrationsFolder)
  const [used] = await db.query('select 1 from payment limit 1')
  if (used) throw new Error('there are payments in this database: give the benchmark an empty one')
  await seedMerchants(db, ids, now)
  await insertSubscribers(db, now)
  return db.transact(async (tx) => {
    await changeMerchant(tx, { merchantId, changes: { dailyCap: 1_000_000_000_00n } }, now)
    const issued = await createClient(
      tx,
      {
        merchantId,
        name: 'benchmark',
        scopes: [],
        grantTypes: ['client_credentials'],
        redirectUris: [],
        tokenSeconds: 3_600,
        test: false,
      },
      { ids, now },
    )
    if (!issued.ok) throw new Error(`no key: ${issued.refusal}`)
    return issued.value.secret
  })
}

/** The customers have bought before: their numbers need not be asked about at the carrier. */
async function insertSubscribers(db: Database, now: number): Promise<void> {
  for (let first = 0; first < numberCount; first += insertMax) {
    const count = Math.min(insertMax, numberCount - first)
    const msisdns = Array.from({ length: count }, (_, i) => `+86${numberAt(first + i)}`)
    await db.transact((tx) =>
      tx.query(
        `insert into subscriber (bucket, msisdn, carrier, brand, billing, region, language, status,
            created_at, updated_at)
          select b, m, 'CMCC', '全球通', 'postpaid', '110000', 'zh', 'active', $3::int8, $3::int8
          from unnest($1::int2[], $2::text[]) as u (b, m) order by b, m`,
        [int8s(msisdns.map(bucketOf)), texts(msisdns), now],
      ),
    )
  }
}
