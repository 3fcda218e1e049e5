/** What customers, merchants, carriers and machines do that no happy path has in it. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { createLane, introduceLine, newId } from '../../../test/lane.ts'
import { createWorld, type World } from '../../../test/world.ts'
import type { Command } from './command.ts'
import type { CarrierOutcome } from './decide/charge.ts'
import type { BusinessKey, Order, Payment } from './index.ts'
import { day, topics } from './topics.ts'

const games = '1065800886021'
const minute = 60_000
const key = (name: string, contentHash = 'same'): BusinessKey => ({
  scope: 'odd',
  key: name,
  contentHash,
})

let world: World
let msisdn: string
let numbers = 0
beforeAll(async () => {
  world = await createWorld({ policy: { intervalMs: 0 } })
})
beforeEach(async () => {
  numbers += 1
  msisdn = `+86134${String(numbers).padStart(8, '0')}`
  world.carrier.clearScripts()
  await introduceLine(world.db, msisdn, world.clock.now())
})
afterAll(async () => {
  expect(await offencesIn(world.db)).toEqual([])
  await world.close()
})

const orderOf = (given: Partial<Order> = {}): Order => ({
  msisdn,
  merchantId: '6021',
  what: { product: '100' },
  channel: 'api',
  consent: 'token',
  flow: 'charge',
  ...given,
})

async function placed(given: Partial<Order> = {}): Promise<Payment> {
  const answer = await world.payments.order(orderOf(given))
  if (!answer.ok) throw new Error(answer.refusal)
  return answer.value.payment
}
const now = async ({ id }: Payment) => (await world.payments.get(id)) as Payment
const mine = async () =>
  (await world.payments.list({ msisdn, order: 'asc', offset: 0, limit: 50 })).items
const lastText = async () => (await world.texts(msisdn)).at(-1)
const told = (payment: Payment, outcome: CarrierOutcome, attempt = 1) =>
  createLane(world, world.db).together([
    { kind: 'carrier_answered', msisdn, paymentId: payment.id, outcome, attempt },
  ])
const jobsOf = (payment: Payment) =>
  world.db.query<{ topic: string; due_at: bigint; attempts: number }>(
    `select topic, due_at, attempts from job where subject = $1`,
    [payment.id],
  )

test('a refused refund gives its key back, and the same request later is one refund', async () => {
  const payment = await placed()
  const refund = { paymentId: payment.id, msisdn, amount: 3_00n, reason: 'odd' }
  const keyed = { ...refund, keys: [key('refund')] }
  expect(await world.payments.refund(keyed)).toEqual({ ok: false, refusal: 'not_paid' })
  await world.settle()
  const first = await world.payments.refund(keyed)
  const second = await world.payments.refund(keyed)
  expect(first.ok).toBe(true)
  expect(second.ok && second.value.id).toBe(first.ok && first.value.id)
  await world.settle()
  expect((await now(payment)).refunded).toBe(3_00n)
})

test('a second key on a known order stands for that order', async () => {
  const first = await placed({ keys: [key('a1')] })
  const again = await placed({ keys: [key('a1'), key('a2')] })
  const third = await placed({ keys: [key('a2')] })
  expect([again.id, third.id]).toEqual([first.id, first.id])
  expect(await mine()).toHaveLength(1)
})

test('a batch run again after a commit nobody heard of doubles no order of one key', async () => {
  const order = (): Command => {
    const content = { ...orderOf({ keys: [key('unheard')] }), paymentId: newId(msisdn) }
    return { kind: 'order', msisdn, order: content }
  }
  const results = await createLane(world, world.db).unheard([order(), order(), order()])
  const ids = results.map(
    (one) => one.kind === 'order' && one.result.ok && one.result.value.payment.id,
  )
  expect(new Set(ids).size).toBe(1)
  expect(await mine()).toHaveLength(1)
})

test('a refund under another number does not find the payment', async () => {
  const payment = await placed()
  await world.settle()
  const other = '+8613499999999'
  const answer = await world.payments.refund({
    paymentId: payment.id,
    msisdn: other,
    reason: 'odd',
  })
  expect(answer).toEqual({ ok: false, refusal: 'payment_not_found' })
})

test.each(['', 'x', '0', '../..', 'FFFFFFFF-0000-7000-8000-000000000000'])(
  'the id %j is no payment, and harms no neighbour',
  async (paymentId) => {
    const steps = [
      world.payments.cancel({ paymentId, msisdn }),
      world.payments.validate({ paymentId, msisdn, code: '1' }),
      world.payments.refund({ paymentId, msisdn, reason: 'odd' }),
    ]
    for (const answer of await Promise.all(steps))
      expect(answer).toEqual({ ok: false, refusal: 'payment_not_found' })
  },
)

test('goods taken off the list do not switch the limits off', async () => {
  const { id, sender } = await placed({
    consent: 'reply',
    channel: 'web',
    what: { product: '300' },
  })
  await placed({ what: { product: '300' } })
  await placed({ what: { product: '100' } })
  const catalogue = { ...world.catalogue, product: () => undefined }
  const text = {
    ...{ from: msisdn, to: sender ?? '', receivedAt: world.clock.now(), gateway: 'odd' },
    ...{ messageId: 'goods', paymentId: newId(msisdn), bucket: 0 },
  }
  const yes = { pick: null }
  const reading = {
    ...{ text: 'Y', stop: false, cancel: false, no: false, yes },
    ...{ code: null, product: null, amount: null },
  }
  const command: Command = { kind: 'text', msisdn, text: { ...text, reading } }
  await createLane({ ...world, catalogue }, world.db).together([command])
  expect(await world.payments.get(id)).toMatchObject({ state: 'refused', reason: 'over_day_limit' })
  await world.settle()
})

test('Y2 means the second that was told, also after the first was bought', async () => {
  for (const words of ['100', '300', '100#x']) await world.text(msisdn, games, words)
  await world.text(msisdn, games, 'Y')
  expect((await lastText())?.id).toBe('T11')
  await world.text(msisdn, games, 'Y1')
  await world.text(msisdn, games, 'Y2')
  const states = (await mine()).map(({ product, state }) => [product, state])
  expect(states).toEqual([
    ['100', 'charging'],
    ['300', 'charging'],
    ['100', 'awaiting_confirm'],
  ])
  await world.settle()
})

test('a yes that was on its way before the question is no answer to it', async () => {
  const said = world.clock.now()
  world.clock.advance(1_000)
  await world.text(msisdn, games, '100')
  await world.text(msisdn, games, 'Y', { at: said })
  expect((await mine())[0]?.state).toBe('awaiting_confirm')
})

test('questions that ran out give their numbers back', async () => {
  for (let n = 0; n < 3; n += 1) {
    await world.text(msisdn, games, '100')
    world.clock.advance(31 * minute)
    await world.settle()
  }
  const [open] = await world.db.query<{ count: bigint }>(
    'select count(*) from confirmation_slot where msisdn = $1 and ended_at is null',
    [msisdn],
  )
  expect(open?.count).toBe(0n)
})

test('a charge that comes through after it was given up is taken back at the carrier', async () => {
  const payment = await placed()
  const charge = { amount: payment.amount, state: 'committed', refunded: 0n }
  await told(payment, { kind: 'refused', reason: 'low_credit' })
  const before = world.carrier.total()
  world.carrier.charges.set(payment.chargeId ?? '', charge)
  await told(payment, { kind: 'committed', carrierRef: 'B1' })
  world.carrier.script('reverse', { kind: 'lose_request' })
  world.carrier.script('query', { kind: 'lose_answer' })
  await world.settle()
  expect((await jobsOf(payment)).map(({ topic }) => topic)).toContain(topics.undo)
  world.clock.advance(minute)
  await world.settle()
  expect((await now(payment)).state).toBe('charge_failed')
  expect(charge.state).toBe('reversed')
  expect(world.carrier.total()).toBe(before)
})

test('a call that never left, for a day, is asked about and not given up', async () => {
  const payment = await placed()
  world.clock.advance(day)
  await told(payment, { kind: 'unsent', detail: 'refused' }, 900)
  expect((await now(payment)).state).toBe('charge_unknown')
  const drive = (await jobsOf(payment)).find(({ topic }) => topic === topics.drive)
  expect([Number(drive?.due_at) - world.clock.now(), drive?.attempts]).toEqual([5_000, 0])
  world.clock.advance(5_000)
  await world.settle()
  expect(await now(payment)).toMatchObject({ state: 'charge_failed', reason: 'carrier_away' })
})

test('a reservation the carrier has dropped is a no at once, not a day of doubt', async () => {
  world.carrier.script('charge', { kind: 'lose_request' })
  const payment = await placed()
  await world.settle()
  expect((await now(payment)).state).toBe('charge_unknown')
  // Half of it arrived: reserved, then dropped before it was committed.
  const dropped = { amount: payment.amount, state: 'released', refunded: 0n }
  world.carrier.charges.set((await now(payment)).chargeId ?? '', dropped)
  world.clock.advance(5_000)
  await world.settle()
  expect((await now(payment)).reason).toBe('reservation_expired')
})

test('a charge of which only the reservation arrived is committed', async () => {
  world.carrier.script('charge', { kind: 'lose_request' })
  const payment = await placed()
  await world.settle()
  const reserved = { amount: payment.amount, state: 'reserved', refunded: 0n }
  world.carrier.charges.set((await now(payment)).chargeId ?? '', reserved)
  world.clock.advance(5_000)
  await world.settle()
  expect((await now(payment)).state).toBe('delivering')
  expect(world.carrier.calls).toContain('commit')
})

test('a doubled answer to the reservation does not disturb the charge', async () => {
  const payment = await placed({ flow: 'reserve' })
  await told(payment, { kind: 'reserved' })
  await world.payments.confirm({ paymentId: payment.id, msisdn })
  await told(payment, { kind: 'reserved' })
  expect((await now(payment)).state).toBe('charging')
  world.carrier.script('commit', { kind: 'lose_request' })
  await world.settle()
  world.clock.advance(minute)
  await world.settle()
  expect((await now(payment)).state).toBe('delivering')
})

test('a timer that rings early is set again', async () => {
  const payment = await placed({ consent: 'reply', channel: 'web' })
  const early: Command = { kind: 'expire', msisdn, paymentId: payment.id }
  await createLane(world, world.db).together([early])
  const [timer] = await jobsOf(payment)
  expect(Number(timer?.due_at)).toBe(payment.deadlineAt + 5_000)
})

test('one gateway id from two numbers is two messages', async () => {
  const other = `${msisdn.slice(0, -2)}77`
  await introduceLine(world.db, other, world.clock.now())
  await Promise.all([
    world.text(msisdn, games, '100', { id: 'twin' }),
    world.text(other, games, '100', { id: 'twin' }),
  ])
  expect(await mine()).toHaveLength(1)
  expect(await world.texts(other)).toHaveLength(1)
})

test('a clock that is set back by a day keeps nobody from buying; the interval counts either way', async () => {
  const other = await createWorld({ policy: { intervalMs: minute } })
  try {
    await introduceLine(other.db, msisdn, other.clock.now())
    const order = async () => (await other.payments.order(orderOf())).ok
    expect(await order()).toBe(true)
    other.clock.advance(-minute + 1)
    expect(await order()).toBe(false)
    other.clock.advance(-26 * 60 * minute)
    expect(await order()).toBe(true)
    expect(await order()).toBe(false)
  } finally {
    await other.close()
  }
}, 60_000)
