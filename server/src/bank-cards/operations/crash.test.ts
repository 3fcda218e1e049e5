/**
 * The process dies at every call to the database or the bank there is in an operation, just before and just
 * after it. The call is made again by another process, which works off what is due: what the books say is
 * what the bank did, and nothing is done twice.
 */
import type { BankFault } from '@telepurse/simulators'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../../test/books.ts'
import { type Death, mortal } from '../../../../test/payments/mortal.ts'
import {
  hour,
  type Life,
  minute,
  type OperationsStage,
  operationsStage,
} from '../../../test/bank/operations-stage.ts'
import type { CardOperations, CardOrder } from '../index.ts'

let stage: OperationsStage
let survivor: Life
beforeAll(async () => {
  stage = await operationsStage({ engine: 'postgres' })
  survivor = await stage.live()
})
afterAll(() => stage?.close())

interface Act {
  readonly order: CardOrder
  readonly other: CardOrder
  readonly operations: CardOperations
}
type Step = (act: Act) => Promise<unknown>
const debit: Step = ({ operations, order }) => operations.debit(order)
const credit: Step = ({ operations, order }) => operations.credit(order)
const refund: Step = ({ operations, order, other }) =>
  operations.refund({ id: other.id, debitId: order.id, amount: order.amount })
const reverse: Step = ({ operations, order }) => operations.reverse(order.id)

/** Steps, the fault that strikes, and how it may end: states of the order and of the refund, what was taken. */
const flows: Readonly<Record<string, readonly [readonly Step[], BankFault | null, RegExp]>> = {
  'a debit': [[debit], null, /^(done not_found 500|reversed not_found 0)$/],
  'a debit that is not answered': [[debit], { kind: 'lost_answer', count: 1 }, /^reversed \S+ 0$/],
  'a debit of a bank that was away': [
    [debit],
    { kind: 'refuses', code: '91', count: 1 },
    /^(done \S+ 500|(reversed|refused) \S+ 0)$/,
  ],
  'a debit that is voided': [
    [debit, refund],
    null,
    /^(done done 0|done unknown (0|500)|reversed not_found 0)$/,
  ],
  'a debit that is taken back': [[debit, reverse], null, /^reversed not_found 0$/],
  'a credit': [[credit], null, /^(done not_found -500|unknown not_found (0|-500))$/],
}

const quiet = { info: () => {}, warn: () => {}, error: () => {} }

/** Plays the flow with one death in it; false when the flow was over before. */
async function play(name: string, death: Death): Promise<boolean> {
  const [steps, fault, ends] = flows[name] ?? [[], null, /-/]
  const life = mortal(death)
  const { slot } = survivor
  const operations = stage.over(
    { ...slot, bank: life.bank(slot.bank) },
    { db: life.database(stage.db), log: quiet },
  )
  const [order, other] = [stage.order(), stage.order()]
  const before = stage.balance()
  if (fault) await stage.simulated.addFault(fault)
  life.begin()
  for (const step of steps) {
    if (!life.isDead()) await step({ order, other, operations }).catch(expectDeath(life))
    if (!life.isDead()) continue
    await step({ order, other, operations: survivor.operations })
    stage.clock.advance(2 * minute)
    await stage.settle(survivor)
  }
  if (fault?.kind === 'lost_answer') await stage.settle(survivor)
  await stage.simulated.clearFaults()
  const states = [order, other].map(({ id }) => survivor.operations.statusOf(id))
  const said = [...(await Promise.all(states)), before - stage.balance()].join(' ')
  expect({ death, said }).toEqual({ death, said: expect.stringMatching(ends) })
  return life.isDead()
}

/** Errors are welcome only when they come of the death. */
const expectDeath = (life: { isDead(): boolean }) => (error: unknown) => {
  if (!life.isDead()) throw error
}

test.each(Object.keys(flows))('%s, wherever the process dies', async (name) => {
  let deaths = 0
  for (let call = 1; await play(name, { call, when: 'before' }); call += 1) {
    await play(name, { call, when: 'after' })
    deaths += 2
  }
  expect(deaths).toBeGreaterThanOrEqual(6)
  expect(await offencesIn(stage.db)).toEqual([])
})

test('in the end the files of the days leave nothing unknown, and books and bank agree', async () => {
  stage.time.advance(72 * hour)
  await survivor.wire.whenReady()
  const last = Number(stage.simulated.businessDay().slice(6))
  for (let day = 12; day < last; day += 1)
    await survivor.operations.onCutOver('first_bank', { day: `09${day}` })
  await stage.settle(survivor)
  const rows = await stage.db.query<{ id: string; state: string; keys: string }>(
    `select o.id, o.state, string_agg(e.kind || ' ' || e.key, ',') as keys from bank_operation o
     join bank_exchange e on e.bucket = o.bucket and e.operation_id = o.id
     where e.kind <> 'reversal' group by o.id, o.state`,
  )
  const done = new Set(
    stage.simulated
      .transactions()
      .filter(({ state, reversed }) => state === 'done' && !reversed)
      .map(({ kind, key }) => `${kind} ${key}`),
  )
  const differing = rows.filter(
    ({ state, keys }) => (state === 'done') !== keys.split(',').some((key) => done.has(key)),
  )
  expect(rows.length).toBeGreaterThan(40)
  expect(differing).toEqual([])
  expect(rows.filter(({ state }) => state === 'unknown')).toEqual([])
  expect(await stage.db.query('select * from bank_difference')).toEqual([])
  expect(await offencesIn(stage.db)).toEqual([])
})
