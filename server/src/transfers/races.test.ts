/** Many at once from two processes, on PostgreSQL: each fen goes one way, and nobody waits in a circle. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { type Customer, createStage, type Stage } from '../../../test/transfers/stage.ts'
import { createPeople } from '../../../test/wallet/stage.ts'
import { tenOClock } from '../../../test/world.ts'
import { type Database, openDatabase } from '../db/index.ts'
import { manualClock } from '../kernel/index.ts'

const hour = 3_600_000
const clock = manualClock(tenOClock)
let made: TestDatabase
let second: Database
let left: Stage
let right: Stage
beforeAll(async () => {
  made = await testDatabase({ engine: 'postgres', poolMax: 8 })
  second = await openDatabase({ url: made.url ?? '', poolMax: 8 })
  const people = createPeople()
  const policy = { transferDayCount: 1_000 }
  left = await createStage({ db: made.db, clock, people, policy })
  right = await createStage({ db: second, clock, people, policy })
})
afterAll(async () => {
  await left?.close()
  await right?.close()
  await second?.close()
  await made?.close()
})

let numbers = 0
const number = () => {
  numbers += 1
  return `+86135${String(numbers).padStart(8, '0')}`
}
const customer = (amount = 0n) => left.customer(number(), amount)
const sideOf = (n: number) => (n % 2 === 0 ? left : right)
const send = (n: number, from: Customer, to: string, amount: bigint, key = left.key()) =>
  sideOf(n).transfers.send({
    ...{ msisdn: from.msisdn, to, amount, key: `${n}:${key}`, channel: 'api', arrival: 'now' },
  })
const refusalsOf = (results: readonly ({ ok: true } | { ok: false; refusal: string })[]) =>
  results.flatMap((result) => (result.ok ? [] : [result.refusal]))
const total = async (...people: readonly Customer[]) => {
  const all = await Promise.all(people.map(({ msisdn }) => left.available(msisdn)))
  return all.reduce<bigint>((sum, one) => sum + (one ?? 0n), 0n)
}

test('two people send to each other at once, over and over: all arrive, nothing is lost', async () => {
  const [a, b] = [await customer(100_00n), await customer(100_00n)]
  const sent = await Promise.all(
    Array.from({ length: 64 }, (_, n) => {
      const [from, to] = n % 4 < 2 ? [a, b] : [b, a]
      return send(n, from, to.msisdn, 1_00n)
    }),
  )
  expect(refusalsOf(sent)).toEqual([])
  expect([await left.available(a.msisdn), await left.available(b.msisdn)]).toEqual([
    ...[100_00n, 100_00n],
  ])
})

test('a ring of people who pay each other at once: the last fen is spent once', async () => {
  const ring = await Promise.all(Array.from({ length: 6 }, () => customer(1_00n)))
  const sent = await Promise.all(
    Array.from({ length: 60 }, (_, n) => {
      const from = ring[n % 6] as Customer
      return send(n, from, (ring[(n + 1 + (n % 3)) % 6] as Customer).msisdn, 75n)
    }),
  )
  for (const refusal of refusalsOf(sent)) expect(refusal).toBe('low_balance')
  expect(await total(...ring)).toBe(6_00n)
})

test('64 transfers out of one wallet never take more than there is', async () => {
  const [a, b] = [await customer(10_00n), await customer()]
  const sent = await Promise.all(Array.from({ length: 64 }, (_, n) => send(n, a, b.msisdn, 30n)))
  expect(refusalsOf(sent)).toEqual(Array.from({ length: 64 - 33 }, () => 'low_balance'))
  expect(await left.available(a.msisdn)).toBe(10n)
})

test('one request said by both at once is one transfer', async () => {
  const [a, b] = [await customer(10_00n), await customer()]
  const order = { msisdn: a.msisdn, to: b.msisdn, amount: 1_00n, channel: 'api' } as const
  const sent = await Promise.all(
    Array.from({ length: 16 }, (_, n) =>
      sideOf(n).transfers.send({ ...order, arrival: 'now', key: 'same' }),
    ),
  )
  expect(new Set(sent.map((one) => (one.ok ? one.value.transfer.id : one.refusal))).size).toBe(1)
  expect(await left.available(b.msisdn)).toBe(1_00n)
})

test('example 33: cancelled and released together, one wins', async () => {
  const [a, b] = [await customer(90_00n), await customer()]
  const order = { msisdn: a.msisdn, to: b.msisdn, amount: 1_00n, channel: 'api' } as const
  const ids: string[] = []
  for (let n = 0; n < 30; n += 1) {
    const sent = await left.transfers.send({ ...order, arrival: '2h', key: `d${n}` })
    if (sent.ok) ids.push(sent.value.transfer.id)
  }
  // The clock moves on between them: some come in time, some do not.
  clock.advance(2 * hour - 1)
  const cancels = ids.map((transferId, n) =>
    sideOf(n).transfers.cancel({ msisdn: a.msisdn, transferId }),
  )
  await new Promise((resolve) => setImmediate(resolve))
  clock.advance(1)
  const results = await Promise.all([...cancels, left.settle(), right.settle()])
  await left.settle()
  const cancelled = results.slice(0, ids.length).filter((one) => one?.ok).length
  expect(await left.available(b.msisdn)).toBe(BigInt(ids.length - cancelled) * 1_00n)
  expect(await total(a, b)).toBe(90_00n)
})

test('a share that is paid twice at once is paid once', async () => {
  const [a, b, c] = [await customer(), await customer(50_00n), await customer()]
  const begun = await left.transfers.beginSplit({
    ...{ msisdn: a.msisdn, title: 'x', people: [b.msisdn, c.msisdn], key: 'split' },
    how: { mode: 'each', amount: 5_00n },
  })
  if (!begun.ok) throw new Error(begun.refusal)
  const splitId = begun.value.split.id
  const paid = await Promise.all(
    Array.from({ length: 12 }, (_, n) =>
      sideOf(n).transfers.payShare({ msisdn: b.msisdn, splitId, key: `p${n}`, channel: 'web' }),
    ),
  )
  expect(refusalsOf(paid)).toEqual(Array.from({ length: 11 }, () => 'not_open'))
  expect(await left.available(a.msisdn)).toBe(5_00n)
})

test('two bills of one payment that are begun at once are together no more than it', async () => {
  const [a, b] = [await customer(), await customer()]
  const paymentId = a.walletId
  for (const { paid } of [left, right]) paid.set(`${a.msisdn}|${paymentId}`, 10_00n)
  const begun = await Promise.all(
    Array.from({ length: 12 }, (_, n) =>
      sideOf(n).transfers.beginSplit({
        ...{ msisdn: a.msisdn, title: 'x', people: [b.msisdn], key: `bill ${n}`, paymentId },
        how: { mode: 'each', amount: 4_00n },
      }),
    ),
  )
  expect(refusalsOf(begun)).toEqual(Array.from({ length: 10 }, () => 'over_split_payment'))
})

test('shares of two bills of a payment that was refunded are paid at once: no more than was kept', async () => {
  const [a, b, c] = [await customer(), await customer(50_00n), await customer(50_00n)]
  const paymentId = a.walletId
  const bills: string[] = []
  for (const { paid } of [left, right]) paid.set(`${a.msisdn}|${paymentId}`, 10_00n)
  for (const { msisdn } of [b, c]) {
    const begun = await left.transfers.beginSplit({
      ...{ msisdn: a.msisdn, title: 'x', people: [msisdn], key: `of ${msisdn}`, paymentId },
      how: { mode: 'each', amount: 5_00n },
    })
    bills.push(begun.ok ? begun.value.split.id : begun.refusal)
  }
  for (const { refunded } of [left, right]) refunded.set(paymentId, 2_00n)
  const paid = await Promise.all(
    [b, c].map(({ msisdn }, n) =>
      sideOf(n).transfers.payShare({
        ...{ msisdn, splitId: bills[n] ?? '', key: 'share', channel: 'web' },
      }),
    ),
  )
  expect(refusalsOf(paid)).toEqual(['split_refunded'])
  expect(await left.available(a.msisdn)).toBe(5_00n)
})

test('example 30: 64 open a packet of 5 at once, five win; the last part has one taker', async () => {
  const a = await customer(10_00n)
  const openers = await Promise.all(Array.from({ length: 64 }, () => customer()))
  const order = { msisdn: a.msisdn, kind: 'lucky', amount: 10_00n, count: 5, key: 'p' } as const
  const sent = await left.transfers.sendPacket(order)
  if (!sent.ok) throw new Error(sent.refusal)
  const { packet, parts } = sent.value
  const opened = await Promise.all(
    openers.map(({ msisdn }, n) => sideOf(n).transfers.openPacket({ msisdn, packetId: packet.id })),
  )
  expect(refusalsOf(opened)).toEqual(Array.from({ length: 59 }, () => 'packet_emptied'))
  const won = opened.flatMap((one) => (one.ok ? [one.value] : []))
  expect(won.map(({ place }) => place).toSorted()).toEqual([0, 1, 2, 3, 4])
  expect(won.map(({ amount }) => amount).toSorted()).toEqual(
    parts.map(({ amount }) => amount).toSorted(),
  )
  expect(await total(...openers)).toBe(10_00n)
})

test('one person who opens it from two phones at once has one part', async () => {
  const [a, b] = [await customer(10_00n), await customer()]
  const order = { msisdn: a.msisdn, kind: 'fixed', amount: 10_00n, count: 5, key: 'q' } as const
  const sent = await left.transfers.sendPacket(order)
  if (!sent.ok) throw new Error(sent.refusal)
  const packetId = sent.value.packet.id
  await Promise.all(
    Array.from({ length: 8 }, (_, n) => sideOf(n).transfers.openPacket({ ...b, packetId })),
  )
  expect(await left.available(b.msisdn)).toBe(2_00n)
})

test('a wallet that is closed while it is credited: the money is in it or waits, and nothing is lost', async () => {
  const outcomes = new Set<string>()
  for (let round = 0; round < 12; round += 1) {
    const [a, b] = [await customer(10_00n), await customer()]
    const [sent, closed] = await Promise.all([
      send(round, a, b.msisdn, 10_00n),
      right.wallet.close({
        ...{ msisdn: b.msisdn, walletId: b.walletId, channel: 'counter', key: 'end' },
      }),
    ])
    if (!sent.ok) throw new Error(sent.refusal)
    const { state } = sent.value.transfer
    outcomes.add(state)
    expect([state, closed.ok]).toEqual(state === 'done' ? ['done', false] : ['waiting_claim', true])
    expect(await left.available(a.msisdn)).toBe(0n)
  }
  expect(outcomes.size).toBeGreaterThan(0)
})

test('a wallet that is opened while money is sent to its number gets all that waits for it', async () => {
  for (let round = 0; round < 8; round += 1) {
    const a = await customer(10_00n)
    const b = await left.stranger(number())
    const sends = Array.from({ length: 10 }, (_, n) => send(n, a, b, 1_00n))
    const open = right.db.transact((tx) => right.wallet.open(tx, { msisdn: b, class: 'III' }))
    const [opened, ...sent] = await Promise.all([open, ...sends])
    expect(opened).toMatchObject({ ok: true })
    expect(refusalsOf(sent)).toEqual([])
    expect(await left.available(b)).toBe(10_00n)
  }
})

test('a wallet that is opened while its money is taken back: one of the two has it', async () => {
  const a = await customer(12_00n)
  for (let round = 0; round < 12; round += 1) {
    const b = await left.stranger(number())
    const sent = await send(0, a, b, 1_00n)
    if (!sent.ok) throw new Error(sent.refusal)
    const transferId = sent.value.transfer.id
    const [cancelled] = await Promise.all([
      left.transfers.cancel({ msisdn: a.msisdn, transferId }),
      right.db.transact((tx) => right.wallet.open(tx, { msisdn: b, class: 'III' })),
    ])
    expect(await left.available(b)).toBe(cancelled.ok ? 0n : 1_00n)
  }
})

test('a share that is paid and declined at once is one of the two', async () => {
  const [a, b] = [await customer(), await customer(50_00n)]
  for (let round = 0; round < 8; round += 1) {
    const begun = await left.transfers.beginSplit({
      ...{ msisdn: a.msisdn, title: 'x', people: [b.msisdn], key: `no${round}` },
      how: { mode: 'each', amount: 1_00n },
    })
    if (!begun.ok) throw new Error(begun.refusal)
    const one = { msisdn: b.msisdn, splitId: begun.value.split.id }
    const answers = await Promise.all([
      left.transfers.payShare({ ...one, key: `yes${round}`, channel: 'web' }),
      right.transfers.declineShare(one),
    ])
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
  }
})

test('the books agree', async () => {
  expect(await offencesIn(made.db)).toEqual([])
})
