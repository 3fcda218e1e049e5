/** Two processes at once, on PostgreSQL. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { offencesIn } from '../../../../test/books.ts'
import {
  type Life,
  type OperationsStage,
  operationsStage,
} from '../../../test/bank/operations-stage.ts'
import { openDatabase } from '../../db/index.ts'

let stage: OperationsStage
let lives: readonly Life[]
let second: Awaited<ReturnType<typeof openDatabase>>
let before = 0n
beforeAll(async () => {
  stage = await operationsStage({ engine: 'postgres' })
  second = await openDatabase({ url: stage.made.url ?? '', poolMax: 8 })
  lives = [await stage.live(), await stage.live({ db: second })]
})
afterAll(async () => {
  await stage?.close()
  await second?.close()
})
beforeEach(() => {
  before = stage.balance()
})

const eightTimes = <Value>(act: (life: Life) => Promise<Value>) =>
  Promise.all(Array.from({ length: 8 }, (_, at) => act(lives[at % 2] as Life)))
const sent = async (id: string, kind: string) =>
  (
    await stage.db.query('select no from bank_exchange where operation_id = $1 and kind = $2', [
      ...[id, kind],
    ])
  ).length

test('the same debit, credit and refund at once is one each', async () => {
  for (let round = 0; round < 5; round += 1) {
    const [order, paid, back] = [stage.order(), stage.order(300n), stage.order()]
    await eightTimes(({ operations }) => operations.debit(order))
    await eightTimes(({ operations }) => operations.credit(paid))
    expect(before - stage.balance()).toBe(200n)
    const refund = { id: back.id, debitId: order.id, amount: 500n }
    await eightTimes(({ operations }) => operations.refund(refund))
    expect(before - stage.balance()).toBe(-300n)
    expect(await sent(order.id, 'purchase')).toBe(1)
    expect(await sent(paid.id, 'credit')).toBe(1)
    expect(await sent(back.id, 'void')).toBe(1)
    before = stage.balance()
  }
  expect(await offencesIn(stage.db)).toEqual([])
})

test('debits and credits at once are answered each for itself', async () => {
  // Too much also when all that is given comes first.
  const tooMuch = stage.balance() + 1_000n
  const all = Array.from({ length: 16 }, (_, at) =>
    stage.order(at % 4 === 3 ? tooMuch : 100n + BigInt(at)),
  )
  const answers = await Promise.all(
    all.map((order, at) => {
      const { operations } = lives[at % 2] as Life
      return at % 8 < 4 ? operations.debit(order) : operations.credit({ ...order, amount: 10n })
    }),
  )
  expect(answers.map(({ outcome }) => outcome)).toEqual(
    all.map((_, at) => (at % 8 === 3 ? 'refused' : 'done')),
  )
  // 100 to 102 and 108 to 110 taken, eight times 10 given.
  expect(before - stage.balance()).toBe(630n - 80n)
  expect(await offencesIn(stage.db)).toEqual([])
})

test('refunds at once are together no more than the debit', async () => {
  const order = stage.order()
  await lives[0]?.operations.debit(order)
  const answers = await eightTimes(({ operations }) =>
    operations.refund({ id: stage.order().id, debitId: order.id, amount: 500n }),
  )
  expect(answers.filter(({ outcome }) => outcome === 'done')).toHaveLength(1)
  expect(before - stage.balance()).toBe(0n)
  expect(await offencesIn(stage.db)).toEqual([])
})

test('asked for and taken back at once, it is taken back', async () => {
  for (let round = 0; round < 5; round += 1) {
    const order = stage.order()
    await lives[0]?.operations.debit(stage.order(1n))
    const debits = eightTimes(({ operations }) => operations.debit(order))
    await lives[1]?.operations.reverse(order.id)
    await debits
    const last = await lives[1]?.operations.reverse(order.id)
    expect(['reversed', 'unknown']).toContain(last?.outcome)
    await stage.settle(lives[0] as Life)
    expect(await lives[0]?.operations.statusOf(order.id)).toBe('reversed')
    expect(before - stage.balance()).toBe(BigInt(round + 1))
  }
  expect(await offencesIn(stage.db)).toEqual([])
})

test('trace numbers of two processes are never the same', async () => {
  const rows = await stage.db.query<{ numbers: bigint; distinct: bigint }>(
    'select count(*) as numbers, count(distinct stan) as distinct from bank_exchange',
  )
  expect(rows[0]?.numbers).toBeGreaterThan(20n)
  expect(rows[0]?.distinct).toBe(rows[0]?.numbers)
})
