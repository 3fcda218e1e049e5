/**
 * The statements of real purchases, read the way Citus would: what it refuses of distributed tables must
 * not be among them, and what needs all rows of a statement in one bucket is written down here by name.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { invariants } from '../../server/src/composition/invariants.ts'
import { tablesOf } from '../../server/src/db/placement.ts'
import { bucketCount, bucketOf } from '../../server/src/kernel/index.ts'
import { closeDue, produceStatement, sweepMerchant } from '../../server/src/settlement/index.ts'
import { offencesIn } from '../books.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { createWorld, type World } from '../world.ts'
import { type Recorded, recording } from './recording.ts'

const games = '1065800886021'
const hour = 3_600_000
const tables = tablesOf('distributed')
const log = { info: () => {}, warn: () => {}, error: (...all: unknown[]) => console.error(...all) }

let made: TestDatabase
let world: World
let statements: readonly Recorded[]

beforeAll(async () => {
  made = await testDatabase()
  const recorded = recording(made.db)
  world = await createWorld({ db: recorded.db, lanes: bucketCount })
  await live(world)
  statements = recorded.statements
}, 120_000)
afterAll(async () => {
  await world.close()
  await made.close()
})

/** A day of an operator with a bit of everything. */
async function live({ text, payments, clock, carrier, settle, db, time, ids }: World) {
  const buyers = Array.from({ length: 12 }, (_, n) => `+861390080${String(n).padStart(4, '0')}`)
  await Promise.all(buyers.map((buyer) => text(buyer, games, '300')))
  carrier.script('commit', { kind: 'lose_answer' })
  await Promise.all(buyers.map((buyer, n) => text(buyer, games, n === 0 ? 'N' : 'Y')))
  await settle()
  const [first = ''] = buyers.slice(1)
  const filter = { msisdn: first, order: 'desc', offset: 0, limit: 1 } as const
  const [sale] = (await payments.list(filter)).items
  if (!sale) throw new Error('nothing was bought')
  const refund = { paymentId: sale.id, msisdn: first, amount: 10_00n, reason: 'test' }
  await payments.refund({ ...refund, keys: [{ scope: 't', key: 'r', contentHash: 'h' }] })
  const [late = ''] = buyers.slice(2)
  await text(late, games, '100')
  clock.advance(hour)
  await settle()
  await payments.order({
    msisdn: late,
    merchantId: '6022',
    what: { amount: 1_00n },
    channel: 'api',
    consent: 'token',
    flow: 'reserve',
    keys: [{ scope: 't', key: 'o', contentHash: 'h' }],
  })
  await settle()
  clock.advance(24 * hour)
  await settle()
  await closeDue({ db, clock, time, log })
  const date = time.dateOf(clock.now() - 24 * hour)
  await produceStatement(db, time, { merchantId: '6021', date, format: 'v3', now: clock.now() })
  await sweepMerchant({ db, clock, time, ids }, { merchantId: '6021', date })
  await payments.refund({ ...refund, amount: 5_00n })
  await settle()
  for (const { check } of invariants) await check(db)
}

const known = (pattern: RegExp) =>
  [
    ...new Set(statements.flatMap(({ name, text }) => (pattern.test(text) ? [name] : []))),
  ].toSorted()
const named = `(?:${tables.join('|')})`

test('a day was lived: there is enough to look at, and the books are sound', async () => {
  const touched = new Set(
    tables.filter((table) =>
      statements.some(({ text }) =>
        new RegExp(`\\b(from|join|into|update) ${table}\\b`).test(text),
      ),
    ),
  )
  // What sends texts, webhooks and pages was not started, nor was anything done with a card or a wallet.
  const asleep =
    /^(sms_|webhook_|notice_|checkout_|card_question|card_text|kept_pin|bank_card_agreement|bank_card_auto_repayment|wallet_setting|sign_in_code|sign_in_proof)/
  expect([...touched]).toEqual(tables.filter((table) => !asleep.test(table)))
  expect(new Set(statements.map(({ name }) => name)).size).toBeGreaterThan(30)
  expect(await offencesIn(made.db)).toEqual([])
})

test('no MERGE', () => {
  expect(known(/\bmerge\s+into\b/i)).toEqual([])
})

test('no row changes its bucket', () => {
  const changes = new RegExp(
    `(?:\\bupdate\\s+${named}\\b|\\bdo\\s+update)[^;]*?\\bset\\b(?:(?!\\bfrom\\b|\\bwhere\\b)[^;])*?(?<![.\\w])bucket\\s*=`,
    'i',
  )
  expect(changes.test('update account set bucket = 2 where name = $1')).toBe(true)
  expect(known(changes)).toEqual([])
})

/** Each of these has its buckets in an array, and would have to say `bucket = $1` on Citus. */
const overBuckets = [
  'subscriber.lock',
  'ledger.lock',
  'ledger.lock_opened',
  'limit_counter.lock',
  'limit_counter.add',
]

test('row locks over distributed tables are these, and no others', () => {
  const locks = statements.filter(
    ({ text }) =>
      /\bfor (no key )?(update|share)\b/i.test(text) &&
      new RegExp(`\\b(from|join)\\s+${named}\\b`, 'i').test(text),
  )
  const routed = /\bbucket = \$\d/
  const spread = locks.filter(({ text }) => !routed.test(text)).map(({ name }) => name)
  expect(spread).toEqual(expect.arrayContaining(['ledger.lock', 'subscriber.lock']))
  expect(spread.filter((name) => !overBuckets.includes(name))).toEqual([])
})

test('with a lane for each bucket, a batch locks numbers and accounts of one bucket', () => {
  const bucketsOf = ({ values }: Recorded) => new Set(String(values[0]).match(/\d+/g))
  const locks = (name: string) => statements.filter((one) => one.name === name)
  expect(locks('subscriber.lock').length).toBeGreaterThan(20)
  for (const lock of locks('subscriber.lock')) expect(bucketsOf(lock).size).toBe(1)
  // The sweep goes through all buckets in one transaction, and is the only one that does.
  const wide = locks('ledger.lock').filter((lock) => bucketsOf(lock).size > 1)
  expect(wide).toHaveLength(1)
  // A merchant's daily limit is counted once for all buckets, in the merchant's own.
  const merchants = new Set(['6021', '6022'].map((id) => String(bucketOf(id))))
  expect(locks('limit_counter.add').length).toBeGreaterThan(0)
  for (const lock of [...locks('limit_counter.add'), ...locks('limit_counter.lock')])
    for (const bucket of bucketsOf(lock)) expect(merchants.has(bucket)).toBe(true)
})
