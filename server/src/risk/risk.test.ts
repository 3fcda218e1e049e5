import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { Database } from '../db/index.ts'
import { createIds, manualClock } from '../kernel/index.ts'
import {
  addEntry,
  createPolicy,
  defaultPolicy,
  listHits,
  listingsOf,
  type Policy,
  removeEntry,
  searchEntries,
  setPolicy,
} from './index.ts'

const now = Date.UTC(2026, 10, 23, 4)
const ids = createIds()
const entry = {
  list: 'black',
  kind: 'number',
  value: '13800138000',
  reason: 'fraud',
  author: 'Chen',
  expiresAt: null,
} as const
const anything = { list: null, kind: null, startsWith: null, past: false, before: null, limit: 50 }

describe.each(engines)('risk on %s', (engine) => {
  let made: TestDatabase
  let db: Database
  beforeAll(async () => {
    made = await testDatabase({ engine })
    db = made.db
  })
  afterAll(() => made?.close())

  const add = (changes: Partial<Parameters<typeof addEntry>[1]>, at = now) =>
    db.transact((tx) => addEntry(tx, { ...entry, ...changes }, { ids, now: at }))
  const listed = async (names: readonly string[], at = now) =>
    Object.fromEntries(
      [...listingsOf(await listHits(db, names, at))].map(([name, lists]) => [name, [...lists]]),
    )

  test('a batch is answered with what each name is on, numbers by their prefixes too', async () => {
    await add({ value: '13900010001' })
    await add({ value: '13900010001', list: 'grey' })
    await add({ kind: 'prefix', value: '1700' })
    await add({ kind: 'goods', value: '6021/150', expiresAt: now + 10 })
    await add({ kind: 'account', value: 'a "quoted" \\ one', list: 'white' })
    const names = [
      'number:+8613900010001',
      'number:+8617001234567',
      'number:+8617011234567',
      'goods:6021/150',
      'goods:6021/160',
      'account:a "quoted" \\ one',
      'merchant:6021',
      'number:+8617001234567',
    ]
    expect(await listed(names)).toEqual({
      'number:+8613900010001': expect.toSatisfy((lists: string[]) => lists.length === 2),
      'number:+8617001234567': ['black'],
      'goods:6021/150': ['black'],
      'account:a "quoted" \\ one': ['white'],
    })
    expect(await listed(['goods:6021/150'], now + 10)).toEqual({})
    expect(await listed([])).toEqual({})
  })

  test('a subject is on a list once, until the entry ends or is removed', async () => {
    const value = '13900020002'
    const first = await add({ value, expiresAt: now + 10 })
    if (!first.ok) throw new Error(first.refusal)
    expect(await add({ value })).toMatchObject({ refusal: 'already_listed' })
    const second = await add({ value }, now + 10)
    if (!second.ok) throw new Error(second.refusal)
    const remove = () =>
      db.transact((tx) => removeEntry(tx, { id: second.value.id, author: 'Li' }, now + 20))
    expect(await remove()).toMatchObject({ ok: true, value: { after: { removedBy: 'Li' } } })
    expect(await remove()).toMatchObject({ refusal: 'already_removed' })
    expect(await listed(['number:+8613900020002'], now + 20)).toEqual({})
    const filter = { ...anything, startsWith: '+8613900020002' }
    expect(await searchEntries(db, filter, now + 20)).toEqual([])
    expect(await searchEntries(db, { ...filter, past: true }, now + 20)).toMatchObject([
      { id: second.value.id, removedBy: 'Li' },
      { id: first.value.id, removedBy: 'expiry' },
    ])
  })

  test('of many adding one subject at once, one does', async () => {
    const results = await Promise.all(
      Array.from({ length: 8 }, () => add({ value: '13900030003' })),
    )
    expect(results.filter((result) => result.ok)).toHaveLength(1)
  })

  test.each([
    [{ value: '110' }, 'subject_malformed'],
    [{ expiresAt: now }, 'expiry_passed'],
  ])('an entry with %o is refused: %s', async (changes, refusal) => {
    expect(await add(changes)).toEqual({ ok: false, refusal })
  })

  test('the policy is the default with what was set, within a second', async () => {
    const clock = manualClock(now)
    const policy = await createPolicy(db, clock)
    expect(policy.current()).toEqual(defaultPolicy)
    const set = (changes: Partial<Policy>) =>
      db.transact((tx) => setPolicy(tx, { changes, author: 'Chen' }, now))
    expect(await set({ dayLimit: 60_00n, intervalMs: 0, webOn: false })).toMatchObject({ ok: true })
    await policy.refresh()
    expect(policy.current()).toEqual(defaultPolicy)
    clock.advance(1_000)
    await policy.refresh()
    const changed = { ...defaultPolicy, dayLimit: 60_00n, intervalMs: 0, webOn: false }
    expect(policy.current()).toEqual(changed)
    expect(await set({ dayLimit: 29_99n })).toMatchObject({ refusal: 'limits_out_of_order' })
    expect(await set({ amountMin: 0n })).toMatchObject({ refusal: 'limits_out_of_order' })
    expect(await set({ smsTariff: -1n })).toMatchObject({ refusal: 'value_out_of_range' })
    expect(await set({ reservationMs: 300_000 })).toMatchObject({
      refusal: 'reservation_outlives_carrier',
    })
    await policy.reload()
    expect(policy.current()).toEqual(changed)
    await set(defaultPolicy)
  })

  test('two changes at once that only together break the order of the limits: one is refused', async () => {
    const set = (changes: Partial<Policy>) =>
      db.transact((tx) => setPolicy(tx, { changes, author: 'Chen' }, now))
    for (let round = 0; round < 20; round += 1) {
      await set(defaultPolicy)
      const results = await Promise.all([set({ singleLimit: 49_00n }), set({ dayLimit: 31_00n })])
      expect(results.filter((result) => result.ok)).toHaveLength(1)
    }
    await set(defaultPolicy)
  })
})
