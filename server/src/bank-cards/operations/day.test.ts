/** The day of a bank: voids before its end, refunds after it, and its file decides what is open. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { offencesIn } from '../../../../test/books.ts'
import {
  hour,
  type Life,
  type OperationsStage,
  operationsStage,
} from '../../../test/bank/operations-stage.ts'
import { createIds } from '../../kernel/index.ts'
import { askCompleteFile, decideAct } from '../../reconciliation/index.ts'
import { differencesOf, holdPushes } from '../index.ts'
import { dateNear } from './day.ts'
import { createDayFiles } from './day-file.ts'

const ids = createIds()
let stage: OperationsStage
let life: Life
/** The date of the bank's day under way. */
let today = ''
beforeAll(async () => {
  stage = await operationsStage({ engine: 'postgres' })
  life = await stage.live()
})
afterAll(() => stage?.close())
beforeEach(async () => {
  await stage.simulated.clearFaults()
  await life.wire.whenReady()
  today = stage.simulated.businessDay().replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')
})

const operations = () => life.operations
const status = (id: string) => operations().statusOf(id)
const dayRow = async (day: string) =>
  (
    await stage.db.query<{ state: string; cut_over_at: bigint | null }>(
      'select state, problem, cut_over_at from bank_day where day = $1::date',
      [day],
    )
  )[0]

/** The bank ends its day at eleven at night and says so; its file is read. */
async function endDay() {
  const day = today
  stage.time.advance(24 * hour)
  for (let looked = 0; !(await dayRow(day))?.cut_over_at; looked += 1)
    if (looked > 2_000) throw new Error('nothing was heard of the end of the day')
  await life.wire.whenReady()
  await stage.settle(life)
  return day
}

test('a debit is voided on its day, in part from the next day on, and never by more than it was', async () => {
  const [whole, part] = [stage.order(400n), stage.order(900n)]
  await operations().debit(whole)
  await operations().debit(part)
  const before = stage.balance()
  const refund = (debitId: string, amount: bigint, id = stage.order().id) =>
    operations().refund({ id, debitId, amount })
  expect(await refund(whole.id, 400n)).toMatchObject({ outcome: 'done' })
  const early = stage.order().id
  expect(await refund(part.id, 300n, early)).toMatchObject({
    ...{ outcome: 'unsent', detail: 'bank_day_open', opensAt: Date.UTC(2026, 8, 12, 16) },
  })
  expect(await status(early)).toBe('not_found')
  await endDay()
  expect(await refund(part.id, 300n, early)).toMatchObject({ outcome: 'done' })
  expect(await refund(part.id, 300n, early)).toMatchObject({ outcome: 'done' })
  expect(await refund(part.id, 601n)).toMatchObject({ detail: 'more_than_debited' })
  expect(await refund(part.id, 600n)).toMatchObject({ outcome: 'done' })
  expect(await refund(whole.id, 1n)).toMatchObject({ detail: 'more_than_debited' })
  expect(await operations().reverse(part.id)).toMatchObject({ detail: 'refunded' })
  expect(stage.balance() - before).toBe(1_300n)
  expect(await offencesIn(stage.db)).toEqual([])
})

test('a void that comes too late becomes a refund', async () => {
  const order = stage.order()
  await operations().debit(order)
  await stage.simulated.addFault({ kind: 'refuses', on: 'void', code: '22', count: 1 })
  await stage.simulated.addFault({ kind: 'refuses', on: 'refund', code: '51', count: 1 })
  const answer = await operations().refund({
    ...{ id: stage.order().id, debitId: order.id, amount: 500n },
  })
  expect(answer).toMatchObject({ refusal: { code: 'BR-51' } })
  expect(await offencesIn(stage.db)).toEqual([])
})

test('the file decides what is unknown and what was accepted, and what differs is listed', async () => {
  const order = async (
    fault: Parameters<typeof stage.simulated.addFault>[0] | null,
    credit = true,
  ) => {
    const made = stage.order()
    if (fault) await stage.simulated.addFault({ ...fault, count: 1 })
    await (credit ? operations().credit(made) : operations().debit(made))
    await life.wire.whenReady()
    return made.id
  }
  const arrived = await order({ kind: 'lost_answer' })
  const lost = await order({ kind: 'lost_request' })
  const accepted = await order({ kind: 'accepts' })
  const turnedDown = await order({ kind: 'accepts' })
  await stage.simulated.addFault({ kind: 'refuses', on: 'reversal', code: '12', count: 1 })
  const kept = await order({ kind: 'lost_answer' }, false)
  await stage.settle(life)
  const contradicted = await order({ kind: 'declines_after_approving', code: '05' }, false)
  const forgotten = await order(null, false)
  await stage.db.transact(async (tx) => {
    await tx.query('delete from bank_exchange where operation_id = $1', [forgotten])
    await tx.query('delete from bank_operation where id = $1', [forgotten])
  })
  expect(await Promise.all([arrived, lost, accepted, kept].map(status))).toEqual([
    ...['unknown', 'unknown', 'accepted', 'unknown'],
  ])
  stage.simulated.distortFile(today.replaceAll('-', ''), 'missing_row')
  const day = await endDay()
  // A file that does not add up to what was told at cut-over decides nothing.
  expect(await dayRow(day)).toMatchObject({ state: 'differs' })
  expect(await status(arrived)).toBe('unknown')
  expect(await differencesOf(stage.db, { bank: 'first_bank', day })).toMatchObject([
    { kind: 'totals', theirs: expect.stringMatching(/^filed \d+ \d+$/) },
  ])
  stage.simulated.distortFile(today.replaceAll('-', ''), 'wrong_hash')
  await operations().onCutOver('first_bank', { day: day.slice(5).replace('-', '') })
  await stage.settle(life)
  expect(await dayRow(day)).toMatchObject({ state: 'refused' })
  stage.simulated.distortFile(today.replaceAll('-', ''), undefined)
  await operations().onCutOver('first_bank', { day: day.slice(5).replace('-', '') })
  await stage.settle(life)
  expect(await dayRow(day)).toMatchObject({ state: 'read' })
  // What is in no file of its day may yet be in that of the next.
  expect(await Promise.all([arrived, lost, accepted, turnedDown, kept].map(status))).toEqual([
    ...['done', 'unknown', 'accepted', 'accepted', 'done'],
  ])
  const differences = await differencesOf(stage.db, { bank: 'first_bank', day })
  expect(differences).toMatchObject([
    { kind: 'missing_here', ours: null, theirs: 'purchase 500 done' },
    {
      ...{ kind: 'state', operationId: contradicted },
      ...{ ours: 'purchase 500 refused', theirs: 'purchase 500 done' },
    },
  ])
  const listed = await stage.db.query(
    'select kind, side, amount, state, resolution from bank_difference order by kind, key',
  )
  expect(listed).toMatchObject([
    { kind: 'missing_here', side: 'long', amount: 500n, state: 'open' },
    { kind: 'state', side: 'long', amount: 500n, state: 'open' },
    { kind: 'totals', side: null, state: 'resolved', resolution: 'by_file' },
  ])
  const [first, second] = stage.simulated.undecided()
  stage.simulated.decide(first?.key ?? '', 'done')
  stage.simulated.decide(second?.key ?? '', 'refused')
  today = stage.simulated.businessDay().replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')
  await endDay()
  expect(await Promise.all([lost, accepted, turnedDown].map(status))).toEqual([
    ...['refused', 'done', 'refused'],
  ])
  expect(await offencesIn(stage.db)).toEqual([])
})

test('where a bank tells no totals, two people take its files for whole before what they lack counts', async () => {
  const silent = await operationsStage({ engine: 'postgres' })
  const { db, clock, simulated } = silent
  try {
    const own = await silent.live({ tellsTotals: false })
    const lost = silent.order()
    await simulated.addFault({ kind: 'lost_request', count: 1 })
    await own.operations.credit(lost)
    const days: string[] = []
    for (let day = 0; day < 2; day += 1) {
      const date = simulated.businessDay().replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')
      silent.time.advance(24 * hour)
      await silent.eventually(async () => {
        const [row] = await db.query<{ told: boolean }>(
          'select cut_over_at is not null as told from bank_day where day = $1::date',
          [date],
        )
        return row?.told
      }, true)
      await silent.settle(own)
      days.push(date)
    }
    const bank = 'first_bank'
    const takeForWhole = async (day = '') => {
      const asked = { bank, day, reason: 'the bank says so', by: 'Chen Li' }
      const act = await db.transact((tx) => askCompleteFile(tx, { ids }, asked, clock.now()))
      if (!act.ok) return act.refusal
      const decided = { id: act.value.id, agrees: true, note: null, by: 'Wu Min', alias: null }
      await db.transact((tx) => decideAct(tx, { time: own.slot.time, ids }, decided, clock.now()))
      await silent.settle(own)
      return own.operations.statusOf(lost.id)
    }
    expect(await own.operations.statusOf(lost.id)).toBe('unknown')
    expect(await takeForWhole('2026-01-01')).toBe('day_unknown')
    // It was sent on the first day, and may yet be in the file of the second.
    expect(await takeForWhole(days[0])).toBe('unknown')
    expect(await takeForWhole(days[1])).toBe('refused')
    expect(await takeForWhole(days[1])).toBe('day_accepted')
    const none = { count: 0, amount: 0n }
    const sums = { debits: none, debitReversals: none, credits: none, creditReversals: none }
    const settlementDate = (days[1] ?? '').slice(5).replace('-', '')
    await own.operations.onTotals(bank, { settlementDate, ...sums })
    expect(own.alarms).toContain('totals_after_acceptance')
    expect(await offencesIn(db)).toEqual([])
  } finally {
    await silent.close()
  }
})

test('a pay-out that a backup has as not sent is held after a restore, and not sent', async () => {
  await stage.simulated.addFault({ kind: 'away' })
  await stage.until(() => !life.wire.health().up)
  const order = stage.order()
  expect(await operations().credit(order)).toMatchObject({ outcome: 'unsent' })
  expect(await stage.db.transact((tx) => holdPushes(tx, stage.clock.now()))).toBe(1n)
  await stage.simulated.clearFaults()
  await life.wire.whenReady()
  const before = stage.balance()
  expect(await operations().credit(order)).toEqual({
    ...{ outcome: 'unknown', detail: 'held_after_restore' },
  })
  expect(stage.balance()).toBe(before)
  expect(await offencesIn(stage.db)).toEqual([])
})

test.each([
  ['0912', '2026-09-13', '2026-09-12'],
  ['1231', '2027-01-01', '2026-12-31'],
  ['0101', '2026-12-31', '2027-01-01'],
])('%s heard on %s is %s', (monthDay, near, date) => {
  expect(dateNear(monthDay, near)).toBe(date)
})

test('of two that read a file side by side the first to begin stops, and only the other one decides', async () => {
  const bank = stage.simulated.code
  const order = stage.order(123n)
  await stage.simulated.addFault({ kind: 'lost_answer', on: 'credit', count: 1 })
  expect(await operations().credit(order)).toMatchObject({ outcome: 'unknown' })
  const day = today
  stage.time.advance(24 * hour)
  await stage.eventually(async () => typeof (await dayRow(day))?.cut_over_at === 'bigint', true)
  await life.wire.whenReady()

  const { files } = life.slot.bank
  /** Waits where it is told to, when it reads the file of the day. */
  function reader(waits: 'before' | 'after') {
    const [arrived, go] = [signal(), signal()]
    const wait = async (at: typeof waits, date: string) => {
      if (at !== waits || date !== day) return
      arrived.fire()
      await go.fired
    }
    async function read(...[date, onRow]: Parameters<typeof files.read>) {
      await wait('before', date)
      const answer = await files.read(date, onRow)
      await wait('after', date)
      return answer
    }
    const slot = { ...life.slot, bank: { ...life.slot.bank, files: { read } } }
    const log = { info: () => {}, warn: () => {}, error: () => {} }
    const { db, clock, keys } = stage
    const vault = { reveal: () => Promise.reject(new Error('nothing is sent')) }
    const tools = { db, clock, keys, log, vault, bankOf: () => slot }
    return { arrived, go, done: createDayFiles(tools).catchUp(bank) }
  }
  const one = reader('after')
  await one.arrived.fired
  const other = reader('before')
  await other.arrived.fired
  one.go.fire()
  await one.done
  expect(await dayRow(day)).toMatchObject({ state: 'awaited' })
  expect(await status(order.id)).toBe('unknown')
  other.go.fire()
  await other.done
  expect(await dayRow(day)).toMatchObject({ state: 'read' })
  expect(await status(order.id)).toBe('done')
  expect(await differencesOf(stage.db, { bank, day })).toEqual([])
})

function signal() {
  let fire = () => {}
  const fired = new Promise<void>((resolve) => {
    fire = resolve
  })
  return { fire: () => fire(), fired }
}
