/** Friends and tills read codes at once, from two processes on PostgreSQL: a code counts once, and so does the day. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { codeDevice } from '../../../test/payment-code.ts'
import { openShop, type Shop } from '../../../test/shop.ts'
import { type Customer, createStage, type Stage } from '../../../test/transfers/stage.ts'
import { tenOClock } from '../../../test/world.ts'
import { type Database, openDatabase } from '../db/index.ts'
import { manualClock } from '../kernel/index.ts'

const clock = manualClock(tenOClock)
let made: TestDatabase
let second: Database
let shop: Shop
let stages: readonly Stage[] = []
let [a, b, c]: Customer[] = []
beforeAll(async () => {
  made = await testDatabase({ engine: 'postgres', poolMax: 8 })
  second = await openDatabase({ url: made.url ?? '', poolMax: 8 })
  const fundsFor = async () => ({ source: 'wallet', card: null, asksPin: false }) as const
  shop = await openShop({ db: made.db, clock, policy: { amountMin: 1n }, scans: { fundsFor } })
  const here = await createStage({ db: made.db, clock })
  stages = [here, await createStage({ db: second, clock, people: here.people })]
})
afterAll(async () => {
  await Promise.all(stages.map((stage) => stage.close()))
  await shop?.close()
  await second?.close()
  await made?.close()
})

let numbers = 0
async function cast(amount: bigint) {
  const people: Customer[] = []
  for (const inWallet of [amount, 0n, 0n]) {
    numbers += 1
    const msisdn = `+86132${String(numbers).padStart(8, '0')}`
    people.push((await stages[0]?.customer(msisdn, inWallet)) as Customer)
  }
  ;[a, b, c] = people as [Customer, Customer, Customer]
}
/** So many codes that can be shown at once. */
async function codes(count: number): Promise<string[]> {
  const shown: string[] = []
  while (shown.length < count) {
    const phone = await codeDevice(shop, a?.msisdn ?? '')
    shown.push(await phone.code(0), await phone.code(1), await phone.code(2))
  }
  return shown.slice(0, count)
}
let orders = 0
const atTill = async (code: string, amount: bigint) => {
  orders += 1
  const body = { code, amount: String(amount), orderId: `race-${orders}` }
  const { body: seen } = await shop.call('POST', '/v1/scans', { body })
  return seen.outcome ?? seen.type
}
async function byFriend(n: number, friend: Customer | undefined, digits: string, amount: bigint) {
  orders += 1
  const msisdn = friend?.msisdn ?? ''
  const collected = await stages[n % 2]?.transfers.collect({
    ...{ msisdn, digits, amount, key: `race-${orders}` },
    reader: { till: `number/${msisdn}`, client: 'address/198.51.100.7' },
  })
  if (!collected) throw new Error('there are two processes')
  return collected.ok ? collected.value.request.state : collected.refusal
}

test('two friends and a till at once take what a day has without the PIN, and not a fen more', async () => {
  await cast(9_000_00n)
  const shown = await codes(18)
  const outcomes = await Promise.all(
    shown.map((code, n) =>
      n % 3 === 0 ? atTill(code, 90_00n) : byFriend(n, n % 3 === 1 ? b : c, code, 90_00n),
    ),
  )
  const paid = outcomes.filter((one) => one === 'paid')
  // 11 × 90.00 is 990.00 of 1,000.00; above it a friend's is a question, and this till's is refused.
  expect(paid).toHaveLength(11)
  for (const one of outcomes) expect(['paid', 'open', 'refused']).toContain(one)
  expect(await stages[0]?.available(a?.msisdn ?? '')).toBe(9_000_00n - 990_00n)
})

test('a code that a friend and a till read at once has one effect, and is used for the other', async () => {
  await cast(500_00n)
  const shown = await codes(12)
  const pairs = await Promise.all(
    shown.map((code, n) => Promise.all([atTill(code, 1_00n), byFriend(n, b, code, 1_00n)])),
  )
  for (const pair of pairs) {
    expect(pair.filter((one) => one === 'paid')).toHaveLength(1)
    expect(pair.filter((one) => String(one).endsWith('payment_code_used'))).toHaveLength(1)
  }
  expect(await stages[0]?.available(a?.msisdn ?? '')).toBe(500_00n - 12_00n)
})

test('two who read each other’s codes at once wait for each other and not in a circle', async () => {
  await cast(100_00n)
  const theirs = await codes(12)
  const reader = a
  const back = b
  a = b
  await stages[0]?.wallet.cashIn({
    ...{ msisdn: b?.msisdn ?? '', amount: 100_00n, till: 't1', channel: 'counter' },
    key: `race-cash-${numbers}`,
  })
  const mine = await codes(12)
  const outcomes = await Promise.all(
    theirs.flatMap((code, n) => [
      byFriend(n, back, code, 2_00n),
      byFriend(n + 1, reader, mine[n] ?? '', 2_00n),
    ]),
  )
  expect(outcomes).toEqual(Array(24).fill('paid'))
  expect(await stages[0]?.available(b?.msisdn ?? '')).toBe(100_00n)
})

test('withdrawn by who has read it and paid by whose code it was, at once: one of the two', async () => {
  await cast(3_000_00n)
  const [payer, reader] = [a?.msisdn ?? '', b?.msisdn ?? '']
  let paid = 0n
  for (const code of await codes(9)) {
    expect(await byFriend(0, b, code, 201_00n)).toBe('open')
    const [request] = (await stages[0]?.transfers.requests(reader, { limit: 1 })) ?? []
    const requestId = request?.id ?? ''
    await Promise.all([
      stages[0]?.transfers.cancelRequest({ msisdn: reader, requestId }),
      stages[1]?.transfers.payRequest({ msisdn: payer, requestId, key: requestId, channel: 'web' }),
    ])
    const ended = (await stages[0]?.transfers.request(requestId))?.state
    expect(['paid', 'cancelled']).toContain(ended)
    if (ended === 'paid') paid += 201_00n
  }
  expect(await stages[0]?.available(reader)).toBe(paid)
})

test('the books agree, and each rule finds what breaks it', async () => {
  await shop.settle()
  expect(await offencesIn(made.db)).toEqual([])
  for (const [change, rule] of [
    [
      `update wallet_request set code_step = code_step + 1 where code_alias is not null`,
      'codes_are_used',
    ],
    [
      `update limit_counter set used = used - 1 where subject like 'one_factor:wallet:%'`,
      'limits_count',
    ],
  ] as const) {
    let found: string[] = []
    const undone = made.db.transact(async (tx) => {
      await tx.query(change)
      found = await offencesIn(tx)
      throw new Error('undo')
    })
    await expect(undone).rejects.toThrow('undo')
    expect(found.join()).toContain(rule)
  }
})
