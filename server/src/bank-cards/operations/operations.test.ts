/** Operations over the link, with the simulated bank: what is asked for happens once, or not at all. */
import type { BankFault } from '@telepurse/simulators'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { offencesIn } from '../../../../test/books.ts'
import {
  type Life,
  type OperationsStage,
  operationsStage,
} from '../../../test/bank/operations-stage.ts'
import type { LateAnswer, OperationState } from '../index.ts'

let stage: OperationsStage
let life: Life
let before = 0n
beforeAll(async () => {
  stage = await operationsStage()
  life = await stage.live()
})
afterAll(() => stage?.close())
beforeEach(async () => {
  await life.wire.whenReady()
  before = stage.balance()
  life.alarms.length = 0
})
afterEach(async () => {
  await stage.simulated.clearFaults()
  expect(stage.simulated.complaints()).toEqual([])
  expect(await offencesIn(stage.db)).toEqual([])
})

const taken = () => before - stage.balance()
const sentFor = ({ id }: { id: string }) =>
  stage.db.query(
    'select kind, state, sends from bank_exchange where operation_id = $1 order by no',
    [id],
  )

test('a debit is done once under its id, however often it is asked for', async () => {
  const order = stage.order()
  expect(await life.operations.statusOf(order.id)).toBe('not_found')
  const first = await life.operations.debit(order)
  expect(first).toMatchObject({ outcome: 'done', trace: { settlementDate: '0912' } })
  expect(await life.operations.debit(order)).toEqual(first)
  expect(await life.operations.debit({ ...order, amount: 501n })).toEqual({
    ...{ outcome: 'unsent', detail: 'exists_with_different_content' },
  })
  expect(await life.operations.statusOf(order.id)).toBe('done')
  expect(taken()).toBe(500n)
})

test('answered 98 it is checked, and reversed until the bank answers', async () => {
  await stage.simulated.addFault({
    ...{ kind: 'declines_after_approving', on: 'purchase', code: '98', count: 1 },
  })
  await stage.simulated.addFault({ kind: 'lost_request', on: 'reversal', count: 2 })
  const order = stage.order()
  expect(await life.operations.debit(order)).toMatchObject({ outcome: 'unknown' })
  expect(await life.operations.statusOf(order.id)).toBe('reversing')
  expect(taken()).toBe(500n)
  await stage.settle(life)
  expect(await life.operations.debit(order)).toEqual({ outcome: 'reversed' })
  expect(taken()).toBe(0n)
  expect(await sentFor(order)).toEqual([
    { kind: 'purchase', state: 'unanswered', sends: 1 },
    { kind: 'reversal', state: 'approved', sends: 3 },
  ])
})

test('answered 51 it is refused, and nothing is reversed', async () => {
  const order = stage.order(2_000_00n)
  const answer = await life.operations.debit(order)
  expect(answer).toMatchObject({
    outcome: 'refused',
    refusal: { code: 'BR-51', reason: 'low_funds', class: 'F' },
  })
  expect(await life.operations.debit(order)).toEqual(answer)
  expect(await sentFor(order)).toEqual([{ kind: 'purchase', state: 'refused', sends: 1 }])
  expect(await stage.settle(life)).toBe(0)
})

test.each(['A0', '99', '77', '19'])(
  'answered %s it is bought once more under a new trace number',
  async (code) => {
    await stage.simulated.addFault({ kind: 'refuses', on: 'purchase', code, count: 1 })
    const order = stage.order()
    expect(await life.operations.debit(order)).toMatchObject({ outcome: 'done' })
    expect(taken()).toBe(500n)
    const stans = await stage.db.query<{ stan: number }>(
      'select distinct stan from bank_exchange where operation_id = $1',
      [order.id],
    )
    expect(stans).toHaveLength(2)
    await stage.simulated.addFault({ kind: 'refuses', on: 'purchase', code, count: 2 })
    expect(await life.operations.debit(stage.order())).toMatchObject({ outcome: 'refused' })
  },
)

test('answered 91 it is reversed first, and then bought once more', async () => {
  await stage.simulated.addFault({ kind: 'refuses', on: 'purchase', code: '91', count: 1 })
  const order = stage.order()
  expect(await life.operations.debit(order)).toMatchObject({ outcome: 'done' })
  expect(await sentFor(order)).toEqual([
    { kind: 'purchase', state: 'refused', sends: 1 },
    { kind: 'reversal', state: 'approved', sends: 1 },
    { kind: 'purchase', state: 'approved', sends: 1 },
  ])
  expect(taken()).toBe(500n)
})

test('answered 90 it is bought once more when the day has changed, and not after half an hour', async () => {
  await stage.simulated.addFault({ kind: 'refuses', on: 'purchase', code: '90', count: 2 })
  const [soon, late] = [stage.order(), stage.order()]
  for (const order of [soon, late])
    expect(await life.operations.debit(order)).toMatchObject({ outcome: 'unknown' })
  await stage.db.transact((tx) =>
    tx.query(`update bank_operation set created_at = created_at - 1800000 where id = $1`, [
      late.id,
    ]),
  )
  await stage.settle(life)
  expect(await life.operations.debit(soon)).toMatchObject({ outcome: 'done' })
  expect(await life.operations.debit(late)).toMatchObject({ outcome: 'refused' })
  expect(taken()).toBe(500n)
})

test('approved in part it is reversed: all or nothing', async () => {
  await stage.simulated.addFault({
    ...{ kind: 'declines_after_approving', on: 'purchase', code: '10', count: 1 },
  })
  const order = stage.order()
  // This bank names the whole amount in its answer: that contradicts it, and nothing of it is believed.
  expect(await life.operations.debit(order)).toMatchObject({ outcome: 'unknown' })
  await stage.settle(life)
  expect(await life.operations.debit(order)).toEqual({ outcome: 'reversed' })
  expect(taken()).toBe(0n)
})

test('a refusal that is about the card is told to its binding', async () => {
  life.effects.length = 0
  await stage.simulated.addFault({ kind: 'refuses', on: 'purchase', code: '43', count: 1 })
  await life.operations.debit(stage.order())
  expect(life.effects).toEqual([
    {
      ...{ bank: 'first_bank', cardToken: stage.cardToken, effect: 'suspend' },
      ...{ at: stage.clock.now(), bankCode: 'BR-43' },
    },
  ])
})

test('a wrong PIN is counted, and no PIN is left in the database', async () => {
  life.effects.length = 0
  const order = { ...stage.order(), pin: stage.secret('000000') }
  expect(await life.operations.debit(order)).toMatchObject({ refusal: { code: 'BR-55' } })
  expect(await life.operations.refusalOf(order.id)).toMatchObject({ reason: 'pin_wrong' })
  const right = stage.order()
  expect(await life.operations.debit(right)).toMatchObject({ outcome: 'done' })
  expect(await life.operations.refusalOf(right.id)).toBeUndefined()
  expect(life.effects).toMatchObject([
    { effect: 'count_wrong_pin' },
    { effect: 'pin_was_right', bankCode: '' },
  ])
  expect(
    await stage.db.query('select id from bank_operation where sealed_pin is not null'),
  ).toEqual([])
})

test('what never left may be asked for again under the same id', async () => {
  await stage.simulated.addFault({ kind: 'away' })
  await stage.until(() => !life.wire.health().up)
  const order = stage.order()
  expect(await life.operations.debit(order)).toMatchObject({ outcome: 'unsent' })
  expect(await life.operations.debit(order)).toMatchObject({ outcome: 'unsent' })
  await stage.simulated.clearFaults()
  await life.wire.whenReady()
  expect(await life.operations.debit(order)).toMatchObject({ outcome: 'done' })
  expect(taken()).toBe(500n)
})

test('what was begun stays with its card, though the customer has bound another one meanwhile', async () => {
  const order = stage.order()
  await stage.simulated.addFault({ kind: 'away' })
  await stage.until(() => !life.wire.health().up)
  expect(await life.operations.debit(order)).toMatchObject({ outcome: 'unsent' })
  await stage.simulated.clearFaults()
  await life.wire.whenReady()
  const bound = { ...order, cardToken: 'the token of another card' }
  const answer = await life.operations.debit(bound)
  expect(answer).toMatchObject({ outcome: 'done' })
  expect(await life.operations.debit(bound)).toEqual(answer)
  expect(taken()).toBe(500n)
})

test('the balance of a card is asked for', async () => {
  const { bank, cardToken, pin } = stage.order()
  expect(await life.operations.balance({ bank, cardToken, pin })).toMatchObject({
    ...{ outcome: 'done', value: { available: stage.balance() } },
  })
})

/** Asks again where the link that the test before has broken was found broken only now. */
async function sentOnce(ask: () => Promise<{ outcome: string }>): Promise<void> {
  for (let asked = 0; asked < 20 && (await ask()).outcome === 'unsent'; asked += 1)
    await life.wire.whenReady()
}

/** What becomes of a debit of 500 and of a credit of 500, and what the card has lost in the end. */
const faults: readonly (readonly [BankFault, OperationState, bigint, OperationState, bigint])[] = [
  [{ kind: 'answers_twice' }, 'done', 500n, 'done', -500n],
  [{ kind: 'two_in_one' }, 'done', 500n, 'done', -500n],
  [{ kind: 'in_pieces' }, 'done', 500n, 'done', -500n],
  [{ kind: 'refuses', code: '61' }, 'refused', 0n, 'refused', 0n],
  [{ kind: 'pin_key_out_of_step' }, 'done', 500n, 'done', -500n],
  [{ kind: 'clock_off' }, 'done', 500n, 'done', -500n],
  [{ kind: 'lost_request' }, 'reversed', 0n, 'unknown', 0n],
  [{ kind: 'drops_link' }, 'reversed', 0n, 'unknown', 0n],
  [{ kind: 'half_open' }, 'reversed', 0n, 'unknown', 0n],
  [{ kind: 'mac_key_out_of_step' }, 'reversed', 0n, 'unknown', 0n],
  [{ kind: 'lost_answer' }, 'reversed', 0n, 'unknown', -500n],
  [{ kind: 'approves_and_drops_link' }, 'reversed', 0n, 'unknown', -500n],
  [{ kind: 'approves_and_dies' }, 'reversed', 0n, 'unknown', -500n],
  [{ kind: 'wrong_mac' }, 'reversed', 0n, 'unknown', -500n],
  [{ kind: 'other_stan' }, 'reversed', 0n, 'unknown', -500n],
  [{ kind: 'cut_length' }, 'reversed', 0n, 'unknown', -500n],
  [{ kind: 'garbage' }, 'reversed', 0n, 'unknown', -500n],
  [{ kind: 'answers_late', lateMs: 2_500 }, 'reversed', 0n, 'done', -500n],
  [{ kind: 'works_late', lateMs: 2_500 }, 'reversed', 0n, 'done', -500n],
  [{ kind: 'accepts' }, 'done', 500n, 'accepted', 0n],
  // The bank contradicts itself: only its file will say so.
  [{ kind: 'declines_after_approving', code: '05' }, 'refused', 500n, 'refused', -500n],
]

test.each(faults.map((row) => [row[0].kind, ...row] as const))(
  'a bank that %s: debit and credit',
  async (_, fault, debit, debited, credit, credited) => {
    const bought = stage.order()
    await stage.simulated.addFault({ ...fault, ...(fault.kind !== 'clock_off' && { count: 1 }) })
    await sentOnce(() => life.operations.debit(bought))
    await stage.settle(life)
    await stage.late(fault)
    await stage.settle(life)
    const ends = [await life.operations.statusOf(bought.id), taken()]
    await stage.simulated.clearFaults()
    await life.wire.whenReady()
    before = stage.balance()
    const paid = stage.order()
    await stage.simulated.addFault({ ...fault, ...(fault.kind !== 'clock_off' && { count: 1 }) })
    await sentOnce(() => life.operations.credit(paid))
    await stage.eventually(() => life.operations.statusOf(paid.id), credit)
    await stage.settle(life)
    // Asked for again and again, it is not sent again.
    await life.operations.credit(paid)
    expect([...ends, await life.operations.statusOf(paid.id), taken()]).toEqual([
      ...[debit, debited, credit, credited],
    ])
  },
)

test('a yes that comes after everything was reversed is an alarm, and reversed again', async () => {
  await stage.simulated.addFault({ kind: 'lost_answer', on: 'purchase', count: 1 })
  const order = stage.order()
  await life.operations.debit(order)
  await stage.settle(life)
  expect(await life.operations.statusOf(order.id)).toBe('reversed')
  const yes: LateAnswer = {
    ...{ exchange: await stage.exchangeOf(order.id), mti: '0210', code: 'BR-00' },
    meaning: 'approved',
    ...{ amount: 500n, trace: {} },
  }
  // What does not fit is somebody else's.
  await life.operations.onLate('first_bank', { ...yes, mti: '0230' })
  await life.operations.onLate('first_bank', { ...yes, amount: 501n })
  expect(await life.operations.statusOf(order.id)).toBe('reversed')
  await life.operations.onLate('first_bank', yes)
  expect(life.alarms).toEqual(['late_amount_differs', 'approved_after_reversed'])
  expect(await life.operations.statusOf(order.id)).toBe('reversing')
  await stage.settle(life)
  expect(await life.operations.statusOf(order.id)).toBe('reversed')
  expect(await sentFor(order)).toMatchObject([
    ...[{ kind: 'purchase' }, { kind: 'reversal' }, { kind: 'reversal', state: 'approved' }],
  ])
  expect(taken()).toBe(0n)
})

test('a debit is taken back whatever became of it', async () => {
  const order = stage.order()
  await life.operations.debit(order)
  expect(await life.operations.reverse(order.id)).toEqual({ outcome: 'reversed' })
  expect(await life.operations.reverse(order.id)).toEqual({ outcome: 'reversed' })
  const never = stage.order()
  await stage.simulated.addFault({ kind: 'away' })
  await stage.until(() => !life.wire.health().up)
  await life.operations.debit(never)
  expect(await life.operations.reverse(never.id)).toEqual({ outcome: 'reversed' })
  await stage.simulated.clearFaults()
  await life.wire.whenReady()
  // Given up for good: no late call brings it back.
  expect(await life.operations.debit(never)).toEqual({ outcome: 'reversed' })
  expect(await life.operations.reverse(stage.order().id)).toMatchObject({ outcome: 'unsent' })
  expect(taken()).toBe(0n)
})

test('a reversal that the bank refuses is an alarm, and left to its file', async () => {
  await stage.simulated.addFault({ kind: 'lost_answer', on: 'purchase', count: 1 })
  await stage.simulated.addFault({ kind: 'refuses', on: 'reversal', code: '12', count: 1 })
  const order = stage.order()
  await life.operations.debit(order)
  await stage.settle(life)
  expect(await life.operations.statusOf(order.id)).toBe('unknown')
  expect(life.alarms).toEqual(['reversal_refused'])
  expect(taken()).toBe(500n)
})
