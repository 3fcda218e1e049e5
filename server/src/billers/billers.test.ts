/** Bills through the front door: example 39 and its surroundings, to the fen. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Order } from '../../../test/billers/scripted-biller.ts'
import { createStage, type Stage } from '../../../test/billers/stage.ts'
import { offencesIn } from '../../../test/books.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

let stage: Stage
beforeAll(async () => {
  stage = await createStage()
})
afterAll(() => stage?.close())

let numbers = 0
const customer = (amount: bigint) => {
  numbers += 1
  return stage.customer(`+86137${String(numbers).padStart(8, '0')}`, amount)
}
const until = async (ms: number) => {
  stage.clock.advance(ms)
  await stage.settle()
}

describe('example 39: a power bill of 86.40', () => {
  test('the write-off times out and the query says done: a receipt, and nothing is refunded', async () => {
    const { msisdn } = await customer(100_00n)
    const bill = await stage.paid(msisdn, stage.key())
    expect(bill).toMatchObject({ state: 'writing_off', amount: 86_40n })
    expect(await stage.available(msisdn)).toBe(13_60n)
    stage.power.order('lost')
    await stage.settle()
    expect(await stage.stateOf(bill.id)).toBe('write_off_unknown')
    await until(5 * second)
    const done = await stage.billers.bill(bill.id)
    expect(done).toMatchObject({ state: 'written_off', receiptNo: expect.stringMatching(/^R\d+$/) })
    await until(24 * hour)
    expect(await stage.lines(bill.id)).toEqual(['bill 8640'])
    expect(await stage.available(msisdn)).toBe(13_60n)
    expect((await stage.told(msisdn)).map(({ id }) => id)).toEqual([
      ...['bill_unknown', 'bill_written_off'],
    ])
  })

  test('the query says not done: 86.40 back, once', async () => {
    const { msisdn } = await customer(100_00n)
    const bill = await stage.paid(msisdn, stage.key())
    stage.power.order('silent')
    await stage.settle()
    stage.power.dead.add(bill.id)
    await until(5 * second)
    expect(await stage.billers.bill(bill.id)).toMatchObject({
      state: 'refunded',
      reason: 'refused',
    })
    await until(24 * hour)
    expect(await stage.lines(bill.id)).toEqual(['bill 8640', 'bill_return 8640'])
    expect(await stage.available(msisdn)).toBe(100_00n)
    expect((await stage.told(msisdn)).at(-1)).toMatchObject({
      ...{ id: 'bill_returned', amount: '8640', balance: '10000', account: '****5678' },
    })
  })

  test('EQ0007, the biller is collecting: nothing is charged', async () => {
    const { msisdn } = await customer(100_00n)
    stage.power.order('batch_window')
    const asked = await stage.billers.inquire({ msisdn, biller: 'power', accountNo: '0012345678' })
    expect(asked).toEqual({ ok: false, refusal: 'batch_window' })
    expect(await stage.available(msisdn)).toBe(100_00n)
  })

  test('EQ0007 in answer to the payment: charged and given back in one breath', async () => {
    const { msisdn } = await customer(100_00n)
    const bill = await stage.paid(msisdn, stage.key())
    stage.power.order('batch_window')
    await stage.settle()
    expect(await stage.billers.bill(bill.id)).toMatchObject({ state: 'refunded' })
    expect(await stage.available(msisdn)).toBe(100_00n)
  })
})

test('"not found" proves nothing: the payment is taken back at the biller before the money returns', async () => {
  const { msisdn } = await customer(100_00n)
  const bill = await stage.paid(msisdn, stage.key())
  stage.power.order('silent')
  await stage.settle()
  stage.power.calls.length = 0
  stage.clock.advance(5 * second)
  await stage.billers.work()
  expect(await stage.stateOf(bill.id)).toBe('refunding')
  expect(await stage.available(msisdn)).toBe(13_60n)
  stage.power.order('lost')
  await stage.settle()
  expect(await stage.stateOf(bill.id)).toBe('refunding')
  await until(15 * second)
  expect(await stage.billers.bill(bill.id)).toMatchObject({
    ...{ state: 'refunded', reason: 'taken_back' },
  })
  expect(stage.power.calls).toEqual(['query', 'reverse', 'reverse'])
  expect(stage.power.dead.has(bill.id)).toBe(true)
  expect(await stage.available(msisdn)).toBe(100_00n)
})

test('a biller that is away is tried three times, then the money goes back', async () => {
  const { msisdn } = await customer(100_00n)
  const bill = await stage.paid(msisdn, stage.key())
  stage.power.order('unsent', 'unsent', 'unsent')
  await stage.settle()
  await until(5 * second)
  expect(await stage.stateOf(bill.id)).toBe('writing_off')
  await until(15 * second)
  expect(await stage.billers.bill(bill.id)).toMatchObject({ state: 'refunded', reason: 'away' })
  expect(await stage.available(msisdn)).toBe(100_00n)
})

test('what could not be sent after somebody else may have sent it is unknown, and nothing goes back', async () => {
  const { msisdn, walletId } = await customer(100_00n)
  const { id: billId } = await stage.paid(msisdn, stage.key())
  const said = { msisdn, walletId, billId, outcome: { kind: 'unsent', detail: 'x' } } as const
  // Whoever had the job before this one died with it.
  for (const attempt of [2, 3, 4]) await stage.answer({ ...said, attempt })
  expect(await stage.stateOf(billId)).toBe('write_off_unknown')
  expect(await stage.available(msisdn)).toBe(13_60n)
  const outcome = { kind: 'not_written_off', reason: 'refused' } as const
  await stage.answer({ ...said, outcome, attempt: 1 })
  expect(await stage.available(msisdn)).toBe(100_00n)
})

test('a silent biller is asked after 5 s, 15 s, 1, 5 and 30 minutes, an hour, and then hourly', async () => {
  const { msisdn } = await customer(100_00n)
  const bill = await stage.paid(msisdn, stage.key())
  stage.power.calls.length = 0
  stage.power.order(...Array.from({ length: 9 }, (): Order => 'lost'))
  await stage.settle()
  const asked: number[] = []
  for (const wait of [5, 15, 60, 300, 1_800, 3_600, 3_600]) {
    await until(wait * second - 1)
    const before = stage.power.calls.length
    await until(1)
    asked.push(stage.power.calls.length - before)
  }
  expect(asked).toEqual([1, 1, 1, 1, 1, 1, 1])
  expect(await stage.stateOf(bill.id)).toBe('write_off_unknown')
  expect(await stage.available(msisdn)).toBe(13_60n)
  await until(2 * hour)
  await until(hour)
  expect(await stage.stateOf(bill.id)).toBe('written_off')
})

test('one key is one payment, however often it is said; another content is refused', async () => {
  const { msisdn } = await customer(200_00n)
  const bill = await stage.inquired(msisdn)
  const order = { msisdn, billId: bill.id, key: stage.key(), channel: 'web' } as const
  const all = await Promise.all(Array.from({ length: 8 }, () => stage.billers.pay(order)))
  expect(all.filter((one) => one.ok && !one.value.replayed)).toHaveLength(1)
  expect(all.every((one) => one.ok)).toBe(true)
  const other = await stage.inquired(msisdn)
  expect(await stage.billers.pay({ ...order, billId: other.id })).toEqual({
    ...{ ok: false, refusal: 'exists_with_different_content' },
  })
  expect(await stage.available(msisdn)).toBe(113_60n)
  await stage.settle()
  expect(await stage.billers.pay(order)).toMatchObject({
    ok: true,
    value: { replayed: true, bill: { state: 'written_off' } },
  })
  expect(await stage.billers.pay({ ...order, key: stage.key() })).toEqual({
    ...{ ok: false, refusal: 'already_paid' },
  })
})

test('while nobody knows how a payment ended, the same account is not paid again (UB-P01)', async () => {
  const { msisdn } = await customer(500_00n)
  const bill = await stage.paid(msisdn, stage.key())
  stage.power.order('lost')
  await stage.settle()
  const again = await stage.inquired(msisdn)
  const order = { msisdn, billId: again.id, channel: 'web', key: stage.key() } as const
  expect(await stage.billers.pay(order)).toEqual({ ok: false, refusal: 'in_progress' })
  const other = await stage.inquired(msisdn, '0099999999')
  expect(await stage.billers.pay({ ...order, billId: other.id })).toMatchObject({ ok: true })
  await until(5 * second)
  expect(await stage.stateOf(bill.id)).toBe('written_off')
  expect(await stage.billers.pay({ ...order, key: stage.key() })).toMatchObject({ ok: true })
  await stage.settle()
})

test('an inquiry is good for ten minutes, and what is open is paid as far as the biller allows', async () => {
  const { msisdn } = await customer(500_00n)
  const old = await stage.inquired(msisdn)
  await until(10 * minute)
  expect(await stage.stateOf(old.id)).toBe('lapsed')
  const order = { msisdn, billId: old.id, channel: 'web', key: stage.key() } as const
  expect(await stage.billers.pay(order)).toEqual({ ok: false, refusal: 'inquiry_lapsed' })
  // Whether its timer has come or not.
  const { id: billId } = await stage.inquired(msisdn)
  stage.clock.advance(10 * minute)
  const late = { ...order, billId, key: stage.key() }
  expect(await stage.billers.pay(late)).toEqual({ ok: false, refusal: 'inquiry_lapsed' })
  stage.power.owes({ due: 0n, min: 10_00n, max: 300_00n })
  const free = await stage.inquired(msisdn)
  stage.power.owes({})
  for (const amount of [9_99n, 300_01n, undefined])
    expect(
      await stage.billers.pay({
        ...{ ...order, billId: free.id },
        ...(amount !== undefined && { amount }),
      }),
    ).toEqual({ ok: false, refusal: 'amount_out_of_range', left: 10_00n, most: 300_00n })
  expect(await stage.billers.pay({ ...order, billId: free.id, amount: 300_00n })).toMatchObject({
    ok: true,
  })
  await stage.settle()
  expect(await stage.available(msisdn)).toBe(200_00n)
})

test('a wallet that is short, frozen or somebody else’s pays nothing; a bill counts in its limits', async () => {
  const [poor, eve] = [await customer(86_39n), await customer(500_00n)]
  const bill = await stage.inquired(poor.msisdn)
  const order = { billId: bill.id, channel: 'web', key: stage.key() } as const
  expect(await stage.billers.pay({ ...order, msisdn: poor.msisdn })).toEqual({
    ...{ ok: false, refusal: 'low_balance', left: 86_39n },
  })
  expect(await stage.billers.pay({ ...order, msisdn: eve.msisdn })).toEqual({
    ...{ ok: false, refusal: 'not_found' },
  })
  const own = await stage.inquired(eve.msisdn)
  const freeze = (frozen: 'out' | 'none') =>
    stage.db.transact((tx) => stage.wallet.restrict(tx, { walletId: eve.walletId, frozen }))
  await freeze('out')
  const pay = () => stage.billers.pay({ ...order, billId: own.id, msisdn: eve.msisdn })
  expect(await pay()).toMatchObject({ refusal: 'frozen_out' })
  await freeze('none')
  expect(await pay()).toMatchObject({ ok: true })
  const used = await stage.db.query<{ used: bigint }>(
    `select used from limit_counter where subject = $1 and period like 'Y%'`,
    [`wallet:${eve.walletId}`],
  )
  expect(used).toEqual([{ used: 86_40n }])
  stage.power.order('refused')
  await stage.settle()
  const after = await stage.db.query<{ used: bigint }>(
    `select used from limit_counter where subject = $1`,
    [`wallet:${eve.walletId}`],
  )
  expect(new Set(after.map(({ used: left }) => left))).toEqual(new Set([0n]))
})

test('a wallet with a bill that nobody knows the end of is not closed; one that ended is no hindrance', async () => {
  const { msisdn, walletId } = await customer(86_40n)
  const bill = await stage.paid(msisdn, stage.key())
  const close = () => stage.wallet.close({ msisdn, walletId, channel: 'counter', key: stage.key() })
  expect((await close()).ok).toBe(false)
  await stage.settle()
  expect(await stage.stateOf(bill.id)).toBe('written_off')
  expect((await close()).ok).toBe(true)
})

test('no rule is broken by any of it', async () => {
  expect(await offencesIn(stage.db)).toEqual([])
})
