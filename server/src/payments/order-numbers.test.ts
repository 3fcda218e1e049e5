/** What a crash of the database takes back must not be used, and what has been used not given again. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { Tx } from '../db/index.ts'
import { createOrderNumbers, type OrderNumbers } from './order-numbers.ts'

class Crash extends Error {}

describe.each(engines)('order numbers on %s', (engine) => {
  let made: TestDatabase
  beforeAll(async () => {
    made = await testDatabase({ engine })
  })
  afterAll(() => made.close())

  const take = (numbers: OrderNumbers, count: number, fail = false) =>
    made.db.transact(async (tx: Tx) => {
      await numbers.fill(tx, count)
      const taken = Array.from({ length: count }, () => numbers.take())
      if (fail) throw new Crash()
      return taken
    })

  test('each is taken once, over the ends of blocks and by processes side by side', async () => {
    const [one, other] = [createOrderNumbers(), createOrderNumbers()]
    const taken: bigint[] = []
    for (const count of [1, 999, 1, 2_500, 700])
      taken.push(...(await take(one, count)), ...(await take(other, count)))
    expect(new Set(taken).size).toBe(2 * (1 + 999 + 1 + 2_500 + 700))
  })

  test('blocks are asked for only when the last one is used up', async () => {
    const numbers = createOrderNumbers()
    const [first = 0n] = await take(numbers, 1)
    const [second] = await take(numbers, 1)
    expect(second).toBe(first + 1n)
  })

  test('a block whose transaction was lost with the database is not ours', async () => {
    const [survivor, newcomer] = [createOrderNumbers(), createOrderNumbers()]
    const before = await take(createOrderNumbers(), 1)
    await expect(take(survivor, 5, true)).rejects.toBeInstanceOf(Crash)
    // Recovery knows the sequence as the last durable transaction left it.
    await made.db.transact((tx) =>
      tx.query(`select setval('order_number', $1, true)`, [before[0] ?? 0n]),
    )
    const taken = [...(await take(newcomer, 600)), ...(await take(survivor, 600))]
    expect(new Set(taken).size).toBe(1_200)
  })
})
