/** More is asked of the database than it has sessions for. */
import { afterEach, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { DatabaseBusy } from './index.ts'

let made: TestDatabase | undefined
afterEach(() => made?.close())

/** Sessions that are held until let go. */
function holding() {
  let letGo = () => {}
  const gone = new Promise<void>((resolve) => {
    letGo = resolve
  })
  return { letGo, gone }
}

test('when all sessions are taken whoever waits too long is told so, and nothing hangs', async () => {
  made = await testDatabase({ engine: 'postgres', migrations: null, poolMax: 2, waitMs: 3_000 })
  const { db } = made
  const { letGo, gone } = holding()
  const held = [1, 2].map(() => db.transact(() => gone))
  await expect(db.transact(async () => 'never')).rejects.toBeInstanceOf(DatabaseBusy)
  await expect(db.query('select 1')).rejects.toBeInstanceOf(DatabaseBusy)
  letGo()
  await Promise.all(held)
  expect(await db.query('select 1 as one')).toEqual([{ one: 1 }])
})

test('slow readers leave sessions to those that write', async () => {
  made = await testDatabase({ engine: 'postgres', migrations: null, poolMax: 5, waitMs: 3_000 })
  const { db } = made
  const { letGo, gone } = holding()
  const reports = [1, 2, 3, 4].map(() => db.snapshot(() => gone))
  await expect(db.query('select 1')).rejects.toBeInstanceOf(DatabaseBusy)
  expect(await db.transact((tx) => tx.query('select 1 as one'))).toEqual([{ one: 1 }])
  letGo()
  await Promise.all(reports)
  expect(await db.query('select 1 as one')).toEqual([{ one: 1 }])
})

type Ask = (db: TestDatabase['db']) => Promise<unknown>
const asks: readonly [string, Ask][] = [
  ['read', (db) => db.query('select 1')],
  ['write', (db) => db.transact((tx) => tx.query('select 1'))],
]

test.each(asks)(
  'no more wait to %s than could still be served',
  async (_what, ask) => {
    made = await testDatabase({ engine: 'postgres', migrations: null, poolMax: 2, waitMs: 60_000 })
    const { db } = made
    const { letGo, gone } = holding()
    const held = [1, 2].map(() => db.transact(() => gone))
    const asked = Array.from({ length: 600 }, () => ask(db))
    for (const one of asked) one.catch(() => undefined)
    await expect(asked.at(-1)).rejects.toBeInstanceOf(DatabaseBusy)
    letGo()
    await Promise.all(held)
    const all = await Promise.allSettled(asked)
    const served = all.filter(({ status }) => status === 'fulfilled').length
    expect(served).toBeGreaterThan(450)
    expect(served).toBeLessThan(510)
  },
  120_000,
)
