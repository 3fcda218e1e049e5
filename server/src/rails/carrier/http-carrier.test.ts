/** The adapter against the billing system's simulator, over real sockets, one fault at a time. */
import { type Boss, type CarrierFault, createBoss } from '@telepurse/simulators'
import { afterEach, expect, test } from 'vitest'
import { manualClock, Secret } from '../../kernel/index.ts'
import type { CarrierAnswer, Charge, ChargeStatus } from '../../payments/index.ts'
import { createHttpCarrier, type HttpCarrier, type HttpCarrierOptions } from './http-carrier.ts'

const noon = Date.UTC(2026, 8, 12, 4)
const charge: Charge = {
  chargeId: 'CH202609120000000001',
  msisdn: '+8613800138000',
  amount: 30_00n,
  merchantId: '6021',
  merchantName: 'Star Games',
  goods: '300',
  description: '600 gems',
}
const { chargeId } = charge

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

function open(baseUrl: string, more: Partial<HttpCarrierOptions> = {}): HttpCarrier {
  const token = new Secret('boss-token')
  const carrier = createHttpCarrier({ baseUrl, token, timeoutMs: 1_000, now: () => noon, ...more })
  closers.unshift(carrier.close)
  return carrier
}

async function setUp(more: Partial<HttpCarrierOptions> = {}) {
  const clock = manualClock(noon)
  const boss = createBoss({
    now: clock.now,
    token: 'boss-token',
    lines: [
      { msisdn: '13800138000', billing: 'prepaid', balance: 100_00n },
      { msisdn: '13900139000', billing: 'postpaid', balance: 200_00n },
      { msisdn: '13700137000', billing: 'prepaid', balance: 50_00n, status: 'suspended' },
    ],
  })
  closers.push(boss.close)
  const { url } = await boss.listen()
  return { boss, clock, url, carrier: open(url, more) }
}

const net = (boss: Boss) => boss.ledgerTotals().get('6021')?.net ?? 0n
const balance = (boss: Boss) => boss.lineView('+8613800138000')?.balance
const done = (value: unknown) => expect.objectContaining({ outcome: 'done', value })

test('a purchase is reserved, committed and printed on the bill', async () => {
  const { boss, carrier } = await setUp()
  expect(await carrier.line(charge.msisdn)).toEqual({
    outcome: 'done',
    value: {
      msisdn: '+8613800138000',
      carrier: 'CMCC',
      brand: '神州行',
      billing: 'prepaid',
      status: 'active',
      language: 'zh',
      region: '110000',
      available: 100_00n,
    },
  })
  expect(await carrier.query(chargeId)).toEqual({ outcome: 'done', value: 'not_found' })
  expect(await carrier.reserve(charge)).toEqual({
    outcome: 'done',
    value: 'reserved',
    carrierRef: 'BOSS88010001',
  })
  expect(boss.lineView(charge.msisdn)).toMatchObject({ balance: '10000', reserved: '3000' })
  expect(await carrier.commit(chargeId)).toEqual(done('committed'))
  expect(await carrier.reserve(charge)).toEqual(done('committed'))
  expect(await carrier.query(chargeId)).toEqual(done('committed'))
  expect(boss.lineView(charge.msisdn)).toMatchObject({
    balance: '7000',
    monthSpent: '3000',
    yuan: { balance: '70.00' },
    charges: [{ kind: 'information', text: '代收费 Star Games 6021 300 30.00', chargeId }],
  })
  expect(net(boss)).toBe(30_00n)
  expect(carrier.health()).toMatchObject({ up: true, unanswered: 0 })
})

test('a reservation is given back once, and a charge is undone once', async () => {
  const { boss, carrier } = await setUp()
  await carrier.reserve(charge)
  expect(await carrier.release(chargeId)).toEqual(done('released'))
  expect(await carrier.release(chargeId)).toEqual(done('released'))
  expect(await carrier.commit(chargeId)).toEqual({
    outcome: 'refused',
    reason: 'reservation_expired',
  })
  const second = { ...charge, chargeId: 'CH202609120000000002' }
  await carrier.reserve(second)
  await carrier.commit(second.chargeId)
  expect(await carrier.release(second.chargeId)).toEqual({
    outcome: 'refused',
    reason: 'refused_by_carrier',
  })
  expect(await carrier.reverse(second.chargeId)).toEqual(done('reversed'))
  expect(await carrier.reverse(second.chargeId)).toEqual(done('reversed'))
  expect(await carrier.reserve(second)).toEqual({ outcome: 'refused', reason: 'already_reversed' })
  expect(await carrier.reverse('CH202609120000000009')).toEqual(done('not_found'))
  expect([balance(boss), net(boss)]).toEqual(['10000', 0n])
})

test('refunds are made once each and never exceed the charge', async () => {
  const { boss, carrier } = await setUp()
  await carrier.reserve(charge)
  await carrier.commit(chargeId)
  const refund = { chargeId, refundId: 'R1', amount: 20_00n }
  expect(await carrier.queryRefund(chargeId, 'R1')).toEqual(done('not_found'))
  expect(await carrier.refund(refund)).toEqual(done('refunded'))
  expect(await carrier.refund(refund)).toEqual(done('refunded'))
  expect(await carrier.queryRefund(chargeId, 'R1')).toEqual(done('refunded'))
  const refused = { outcome: 'refused', reason: 'refused_by_carrier' }
  expect(await carrier.refund({ ...refund, amount: 10_00n })).toEqual(refused)
  expect(await carrier.refund({ ...refund, refundId: 'R2', amount: 10_01n })).toEqual(refused)
  expect([balance(boss), net(boss)]).toEqual(['9000', 10_00n])
})

test.each([
  ['+8613700137000', 1_00n, 'line_suspended'],
  ['+8613800138000', 100_01n, 'low_credit'],
  ['+8613600136000', 1_00n, 'unknown_number'],
])('a charge of %s for %s is refused: %s', async (msisdn, amount, reason) => {
  const { carrier } = await setUp()
  expect(await carrier.reserve({ ...charge, msisdn, amount })).toEqual({
    outcome: 'refused',
    reason,
  })
})

test('the same charge id with other content is refused and changes nothing', async () => {
  const { boss, carrier } = await setUp()
  await carrier.reserve(charge)
  expect(await carrier.reserve({ ...charge, amount: 1_00n })).toEqual({
    outcome: 'refused',
    reason: 'refused_by_carrier',
  })
  expect(boss.lineView(charge.msisdn)?.reserved).toBe('3000')
})

test('a reservation older than five minutes is dropped by the carrier', async () => {
  const { boss, carrier, clock } = await setUp()
  await carrier.reserve(charge)
  clock.advance(300_000)
  expect(boss.lineView(charge.msisdn)?.reserved).toBe('0')
  expect(await carrier.commit(chargeId)).toEqual({
    outcome: 'refused',
    reason: 'reservation_expired',
  })
  expect(await carrier.query(chargeId)).toEqual(done('released'))
})

test.each<[CarrierFault['kind'], string, 'committed' | 'reserved']>([
  ['lost_answer', 'no_answer_in_time', 'committed'],
  ['lost_request', 'no_answer_in_time', 'reserved'],
  ['answers_late', 'no_answer_in_time', 'committed'],
  ['commits_and_drops_link', 'connection_lost', 'committed'],
  ['drops_link', 'connection_lost', 'reserved'],
  ['http_500', 'http_500', 'reserved'],
  ['http_500_after', 'http_500', 'committed'],
  ['garbled_answer', 'not_json', 'committed'],
  ['foreign_answer', 'answer_for_another_id', 'committed'],
])('a commit hit by %s is unknown (%s), and the query says %s', async (kind, detail, status) => {
  const { boss, carrier } = await setUp()
  await carrier.reserve(charge)
  await boss.addFault({ kind, verb: 'commit', count: 1, lateMs: 60_000 })
  const answer = await carrier.commit(chargeId)
  expect(answer.outcome).toBe('unknown')
  // The system names a lost connection by who noticed first.
  if (detail !== 'connection_lost') expect(answer).toEqual({ outcome: 'unknown', detail })
  expect(await carrier.query(chargeId)).toEqual(done(status))
  expect(await carrier.commit(chargeId)).toEqual(done('committed'))
  expect([balance(boss), net(boss)]).toEqual(['7000', 30_00n])
})

test('a reservation whose request was lost is not found, and is unknown before that', async () => {
  const { boss, carrier } = await setUp()
  await boss.addFault({ kind: 'lost_request', verb: 'reserve', count: 1 })
  expect(await carrier.reserve(charge)).toMatchObject({ outcome: 'unknown' })
  expect(await carrier.query(chargeId)).toEqual(done('not_found'))
})

test('a charge given up before it arrived cannot hold money when it arrives late', async () => {
  const { boss, carrier, url } = await setUp()
  await boss.addFault({ kind: 'works_late', verb: 'reserve', count: 1, lateMs: 1_500 })
  expect(await carrier.reserve(charge)).toMatchObject({ outcome: 'unknown' })
  expect(await carrier.release(chargeId)).toEqual(done('released'))
  // Asked later and answered later than the late one is done.
  await boss.addFault({ kind: 'works_late', verb: 'line', count: 1, lateMs: 2_000 })
  const patient = open(url, { timeoutMs: 20_000 })
  expect(await patient.line(charge.msisdn)).toMatchObject({ value: { available: 100_00n } })
  expect(await carrier.query(chargeId)).toEqual(done('released'))
})

test('an answer sent twice is taken once and never for the answer to the next request', async () => {
  const { boss, carrier } = await setUp({ connections: 1 })
  await boss.addFault({ kind: 'answers_twice' })
  const answers: CarrierAnswer<ChargeStatus>[] = [
    await carrier.reserve(charge),
    await carrier.commit(chargeId),
  ]
  for (let i = 0; i < 20; i += 1) answers.push(await carrier.query(chargeId))
  for (const [index, answer] of answers.entries())
    if (answer.outcome === 'done') expect(answer.value).toBe(index === 0 ? 'reserved' : 'committed')
    else expect(answer.outcome).toBe('unknown')
  await boss.clearFaults()
  await carrier.reserve(charge)
  await carrier.commit(chargeId)
  expect(net(boss)).toBe(30_00n)
})

test('a carrier that is away gives unsent, and is found again when it is back', async () => {
  const { boss, carrier } = await setUp()
  await carrier.reserve(charge)
  await boss.addFault({ kind: 'away' })
  for (let i = 0; i < 3; i += 1)
    expect(await carrier.commit(chargeId)).toMatchObject({ outcome: 'unsent' })
  expect(carrier.health()).toMatchObject({ up: false, unanswered: 3 })
  await boss.clearFaults()
  expect(await carrier.commit(chargeId)).toEqual(done('committed'))
  expect(carrier.health()).toMatchObject({ up: true, unanswered: 0 })
})

test('a scripted refusal is passed on, and one we do not understand is unknown', async () => {
  const { boss, carrier } = await setUp()
  await boss.addFault({ kind: 'refuse', verb: 'reserve', count: 1, reason: 'not_eligible' })
  expect(await carrier.reserve(charge)).toEqual({ outcome: 'refused', reason: 'not_eligible' })
  await boss.addFault({ kind: 'refuse', verb: 'query', count: 1, reason: 'low_credit' })
  expect(await carrier.query(chargeId)).toEqual({ outcome: 'unknown', detail: 'error_low_credit' })
  expect(await carrier.commit(chargeId)).toEqual({
    outcome: 'unknown',
    detail: 'error_charge_not_found',
  })
})

test('a wrong token leaves everything unknown and shows the token nowhere', async () => {
  const { url } = await setUp()
  const carrier = open(url, { token: new Secret('wrong') })
  const answer = await carrier.reserve(charge)
  expect(answer).toEqual({ outcome: 'unknown', detail: 'http_401' })
  expect(JSON.stringify([answer, carrier.health()])).not.toContain('wrong')
})

test('64 identical purchases at once make one charge', async () => {
  const { boss, carrier } = await setUp({ timeoutMs: 10_000, connections: 16 })
  const answers = await Promise.all(
    Array.from({ length: 64 }, async () => {
      const reserved = await carrier.reserve(charge)
      return [reserved, await carrier.commit(chargeId)] as const
    }),
  )
  for (const [reserved, committed] of answers) {
    expect(reserved).toMatchObject({ outcome: 'done', carrierRef: 'BOSS88010001' })
    expect(committed).toEqual({
      outcome: 'done',
      value: 'committed',
      carrierRef: 'BOSS88010001',
    })
  }
  expect(boss.charges()).toHaveLength(1)
  expect([balance(boss), net(boss)]).toEqual(['7000', 30_00n])
})

test('more calls than the queue holds are unsent and do not count against the link', async () => {
  const { boss, carrier } = await setUp({ connections: 2, waitingMax: 3, timeoutMs: 500 })
  await boss.addFault({ kind: 'lost_request', verb: 'line' })
  const answers = await Promise.all(Array.from({ length: 8 }, () => carrier.line(charge.msisdn)))
  const full = answers.filter((one) => one.outcome === 'unsent' && one.detail === 'queue_full')
  expect(full).toHaveLength(3)
  expect(carrier.health().unanswered).toBe(
    answers.filter((one) => one.outcome === 'unknown').length,
  )
})

test('calls after close are unsent, and a name that does not resolve is too', async () => {
  const { carrier } = await setUp()
  await carrier.close()
  expect(await carrier.commit(chargeId)).toEqual({ outcome: 'unsent', detail: 'closed' })
  const nowhere = open('http://carrier.invalid', { timeoutMs: 5_000 })
  expect(await nowhere.commit(chargeId)).toMatchObject({ outcome: 'unsent' })
})
