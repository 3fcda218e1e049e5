/** A customer pays merchants from the app, with the whole server behind it. */
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Checkouts,
  createAppOrders,
  createCheckouts,
} from '../../server/src/channels/checkout/index.ts'
import { createHttpServer } from '../../server/src/channels/http/index.ts'
import { openConsumer } from '../../server/src/composition/consumer.ts'
import { Secret } from '../../server/src/kernel/index.ts'
import { merchantCode } from '../../server/src/merchant-qr/index.ts'
import type { ApiClient } from '../../server/src/merchants/index.ts'
import { type Outgoing, openedNotice } from '../../server/src/payments/index.ts'
import { simChanged } from '../../server/src/subscribers/index.ts'
import { createAuthenticator } from '../authenticator.ts'
import { offencesIn } from '../books.ts'
import { codeOf } from '../payment-code.ts'
import {
  bindAt,
  type Customer,
  clearingOf,
  customer,
  doneAt,
  issueCard,
  journal,
  walletPin,
} from './customers.ts'
import { type Life, openPlace, type Place } from './place.ts'

const msisdn = '+8613900020001'
let place: Place
let life: Life
let app: FastifyInstance
let cookie: string
let checkouts: Checkouts
const origin = 'http://localhost'

beforeAll(async () => {
  place = await openPlace({ answerMs: 10_000 })
  life = await place.live()
  await customer(place, life, { msisdn, inWallet: 300_00n })
  const log = { info: () => {}, warn: () => {}, error: console.error }
  app = await createHttpServer({
    ...{ log, behindProxy: false, version: '0', requestId: () => 'r', securitySchemes: {} },
  })
  const { core } = life
  checkouts = createCheckouts({
    ...{ ...core, policy: core.policy.current, origin, acceptsCards: true, acceptsWallets: true },
    cardOf: core.cards.view.payingCardOf,
  })
  await openConsumer(app, core, { origin, orders: createAppOrders({ ...core, checkouts }) })
  cookie = await signIn(msisdn)
})
afterAll(async () => {
  await app?.close()
  await place?.close()
})

async function signIn(to: string): Promise<string> {
  const { signIns, db, keys } = life.core
  await signIns.askCode({ to, language: 'zh' })
  const [job] = await db.query<{ subject: string; payload: { text: Outgoing } }>(
    `select subject, payload from job where topic = 'sign_in.code' and payload->'text'->>'to' = $1
      order by subject desc limit 1`,
    [to],
  )
  const notice = job && openedNotice(keys, job.subject, job.payload.text)
  const code = new Secret(notice && 'code' in notice ? notice.code : '')
  const begun = await signIns.byCode({ msisdn: to, code, device: 'test' })
  if (!begun.ok) throw new Error(begun.refusal)
  return `consumer=${begun.value.token.reveal()}`
}
async function call(method: 'GET' | 'POST' | 'PUT', path: string, payload?: object) {
  const headers = { cookie, 'x-telepurse': 'app' }
  const answer = await app.inject({
    ...{ method, url: `/consumer${path}`, headers },
    ...(payload && { payload }),
  })
  return { status: answer.statusCode, body: answer.json() }
}
let orders = 0
async function newPool() {
  const now = new Date(place.clock.now()).toISOString()
  const { status, body } = await call('POST', '/payment-codes', { now })
  expect(status).toBe(201)
  return { aliases: body.aliases as string[], key: new Secret(body.key) }
}
async function scanned(digits: string, amount: bigint) {
  orders += 1
  const seen = await life.core.scans.scan(
    {
      ...{ merchantId: '6022', merchantOrderId: `t${orders}`, client: 'c', till: '6022/1' },
      ...{ digits, amount, goods: { zh: '书', en: 'Book' }, contentHash: `h${orders}` },
    },
    5_000,
  )
  return seen.ok ? seen.value : seen.refusal
}
const shown = async () => codeOf(await newPool(), 0, place.clock.now())

async function newOrder(amount: bigint) {
  orders += 1
  const made = await checkouts.create({
    ...{ what: { amount }, merchantOrderId: `qr${orders}`, returnUrl: null, validMs: 180_000 },
    client: { id: 'c', merchantId: '6022', test: false } as ApiClient,
  })
  if (!made.ok) throw new Error(made.refusal)
  return made.value
}
const payOrder = (order: string, more: object = {}) => {
  keys += 1
  const key = `01990000-0000-7000-8000-${String(keys).padStart(12, '0')}`
  return call('POST', '/payments', { order, key, ...more })
}
/** Whoever asks waits for the bank, and so somebody has to go there. */
async function whileWorking<Answer>(asked: Promise<Answer>): Promise<Answer> {
  let isAnswered = false
  const answer = asked.finally(() => {
    isAnswered = true
  })
  while (!isAnswered) {
    await life.step()
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  return answer
}
let keys = 0
const proofKey = '01990000-0000-7000-8000-0000000000fc'
function pay(amount: string, more: object = {}) {
  keys += 1
  const key = `01990000-0000-7000-8000-${String(keys).padStart(12, '0')}`
  return call('POST', '/payments', { merchant: '6022', what: { amount }, key, ...more })
}
const available = async () => (await call('GET', '/balance')).body.available

test('a little is paid without the PIN, once however often it is tapped', async () => {
  const key = '01990000-0000-7000-8000-0000000000ff'
  const taps = await Promise.all(Array.from({ length: 6 }, () => pay('1250', { key })))
  expect(taps.map(({ status }) => status).toSorted()).toEqual([...Array(5).fill(200), 201])
  const [{ body } = { body: null }] = taps
  expect(new Set(taps.map((one) => one.body.id))).toEqual(new Set([body.id]))
  expect(body).toMatchObject({ merchant: { zh: '书吧' }, amount: '1250', source: 'wallet' })
  expect(await available()).toBe('28750')
  expect((await call('GET', `/payments/${body.id}`)).body).toMatchObject({ id: body.id })
  const other = await pay('1260', { key })
  expect([other.status, other.body.code]).toEqual([409, 'WL-23'])
  expect(await offencesIn(life.core.db)).toEqual([])
})

test('more needs the PIN, and a wrong one pays nothing', async () => {
  const product = { merchant: '6021', what: { product: '300' } }
  await setPinFree(10_00n)
  const bare = await pay('0', product)
  expect([bare.status, bare.body.code]).toEqual([409, 'AP-42'])
  const wrong = await pay('0', { ...product, pin: '000000' })
  expect([wrong.status, wrong.body.code]).toEqual([409, 'AP-24'])
  expect(await available()).toBe('28750')
  expect((await pay('0', { ...product, pin: walletPin })).status).toBe(201)
  expect(await available()).toBe('25750')
})

test('what cannot be paid is told with its code, and payments of others are like none', async () => {
  const nobody = await pay('100', { merchant: '9999' })
  expect([nobody.status, nobody.body.code]).toEqual([409, 'AP-41'])
  expect(nobody.body.words.zh).not.toBe('')
  const mine = (await pay('100')).body.id
  const before = cookie
  const other = '+8613900020002'
  await customer(place, life, { msisdn: other, inWallet: 1_00n })
  cookie = await signIn(other)
  for (const path of [`/payments/${mine}`, `/payments/${mine}/shared`])
    expect((await call('GET', path)).status).toBe(404)
  const over = await pay('110')
  expect([over.status, over.body.code]).toEqual([409, 'WL-01'])
  cookie = before
  expect(await offencesIn(life.core.db)).toEqual([])
})

test('what of a payment can still be divided is told, and why that is less', async () => {
  const { id } = (await pay('1000')).body
  const shared = async () => (await call('GET', `/payments/${id}/shared`)).body
  expect(await shared()).toEqual({ amount: '1000', returned: '0', shared: '0', left: '1000' })
  keys += 1
  const bill = {
    ...{ title: '书', people: ['13900020002'], paymentId: id },
    ...{ how: { mode: 'equal', total: '600', withOwn: true } },
    key: `01990000-0000-7000-8000-${String(keys).padStart(12, '0')}`,
  }
  expect((await call('POST', '/splits', bill)).status).toBe(201)
  expect(await shared()).toMatchObject({ returned: '0', shared: '300', left: '700' })
  const named = [{ scope: 'refund', key: id, contentHash: 'h' }]
  const given = { paymentId: id, msisdn, amount: 4_00n, reason: 'part', keys: named }
  expect(await life.core.payments.refund(given)).toMatchObject({ ok: true })
  expect(await shared()).toMatchObject({ returned: '400', shared: '300', left: '300' })
  const over = { ...bill, how: { ...bill.how, total: '301' }, key: id }
  expect((await call('POST', '/splits', over)).body.code).toBe('AA-06')
})

test('J19: the bill of a credit card, from its bank to its bank, by hand, by text and by itself', async () => {
  const { clock, banks } = place
  const { wallet } = life.core.cards
  const owner = '+8613900020003'
  const bank = 'jiangcheng'
  const { walletId, pan: debit } = await customer(place, life, {
    ...{ msisdn: owner, inWallet: 1_001_00n, card: { balance: 5_000_00n } },
  })
  const days = { billDay: 12, dueDay: 27 }
  const credit = { kind: 'credit', balance: -2_000_00n, creditLimit: 9_000_00n, ...days } as const
  const pan = issueCard(place, { bank, msisdn: owner, ...credit })
  const cardId = await bindAt(place, life, { msisdn: owner, bank, pan })
  const hear = async (text: string) => {
    await place.say(life, owner, text)
    await life.settle()
    return place.sentTo(owner).at(-1)
  }
  /** Each at its hour of September. */
  const pass = async (...hours: readonly string[]) => {
    for (const hour of hours) {
      place.time.advance(Date.parse(`2026-09-${hour}:00:00+08:00`) - clock.now())
      await life.ready()
      await life.settle()
    }
    return place.sentTo(owner)
  }
  cookie = await signIn(owner)
  const bill = async () => (await call('GET', `/cards/${cardId}/bill`)).body.bill
  expect(await bill()).toBeNull()
  const last4 = pan.slice(-4)
  const named = `江城银行信用卡尾号${last4}`
  // The bill is made when its day has ended, and the bank is asked in the morning.
  expect((await pass('13T10')).at(-1)).toBe(
    `${named}账单已出2000.00元，最低200.00元，9月27日到期。`,
  )
  const shown = {
    amount: '200000',
    minimum: '20000',
    paid: '0',
    left: '200000',
    dueOn: '2026-09-27',
  }
  expect(await bill()).toMatchObject({ ...shown, source: 'bank' })

  keys += 1
  const key = `01990000-0000-7000-8000-${String(keys).padStart(12, '0')}`
  const repaid = await whileWorking(
    call('POST', '/repayments', { cardId, amount: '100000', pin: walletPin, key }),
  )
  await life.settle()
  expect(repaid.body).toMatchObject({ kind: 'repayment', fee: '100' })
  const { id } = repaid.body
  expect((await journal(place, id, walletId)).toSorted()).toEqual([
    'D user-balance:A / C withdrawal-fee-income 100',
    `D user-balance:A / C withdrawals-in-transit:${bank} 100000`,
    `D withdrawals-in-transit:${bank} / C bank-clearing:${bank} 100000`,
  ])
  expect((await wallet.balance(owner))?.available).toBe(0n)
  expect(banks[bank].card(pan)?.bill).toMatchObject({ paid: 1_000_00n })

  // From the debit card by way of the balance; and at the bank nothing is there twice.
  const before = banks[bank].card(debit)?.balance ?? 0n
  const from = (await call('GET', '/cards')).body.items.find(
    (one: { kind: string }) => one.kind === 'debit',
  )
  const order = { cardId, fromCardId: from.id, amount: '50000', pin: walletPin }
  await whileWorking(call('POST', '/repayments', { ...order, key: key.replace(/^0199/, '0198') }))
  await life.settle()
  expect(before - (banks[bank].card(debit)?.balance ?? 0n)).toBe(500_50n)
  expect(doneAt(place, { bank, pan }, { kind: 'credit', amount: 500_00n })).toBe(1)

  // The bank counts both by now.
  await pass('13T11')
  await hear('ZD')
  expect(await hear(walletPin)).toBe(
    `${named}账单2000.00元，最低200.00元，待还500.00元，9月27日到期。还款发HK。`,
  )
  await wallet.cashIn({
    ...{ msisdn: owner, amount: 600_00n, till: 't1', channel: 'counter', key: 'for the rest' },
  })
  await hear('HK100')
  expect(await hear(walletPin)).toBe(`还款100.00元，银行已入账信用卡尾号${last4}。`)
  await hear('HK400.01')
  expect(await hear(walletPin)).toBe('未办理：最多可还400.00元。未扣款。')

  // What is left is repaid by itself: told the day before, and nothing after it.
  const auto = { amount: 'full', pin: walletPin, key: key.replace(/^0199/, '0197') }
  await app.inject({
    ...{ method: 'PUT', url: `/consumer/cards/${cardId}/auto-repayment`, payload: auto },
    headers: { cookie, 'x-telepurse': 'app' },
  })
  const heard = (await pass('26T08', '26T10', '27T09', '27T10'))
    .slice(-4)
    .map((text) => text.replace(named, '').replace(/^\d+月\d+日[\d:]{5}/, ''))
  // Reminder and announcement are of the same hour.
  expect([...heard.slice(0, 2).toSorted(), ...heard.slice(2)]).toEqual([
    '9月27日自动还款400.00元（全额），请留足余额和手续费。',
    '账单待还400.00元，最低0.00元，9月27日到期。',
    `还信用卡尾号${last4}账单400.00元，手续费0.40元，余额99.50元。`,
    `还款400.00元，银行已入账信用卡尾号${last4}。`,
  ])
  expect(banks[bank].card(pan)).toMatchObject({ balance: 0n, bill: { paid: 2_000_00n } })
  const { db, cards } = life.core
  expect(await cards.repayments.standing(db, cardId)).toMatchObject({ left: 0n, paid: 2_000_00n })
  const [theirs, ours] = (await clearingOf(place))[bank]
  expect(ours).toBe(theirs)
  expect(await offencesIn(life.core.db)).toEqual([])
}, 120_000)

describe('a code that a till reads', () => {
  beforeAll(async () => {
    place.time.advance(60_000)
    cookie = await signIn(msisdn)
  })
  test('a little leaves the balance at once; of more the app is asked, and the PIN pays', async () => {
    const before = BigInt(await available())
    await setPinFree(50_00n)
    expect(await scanned(await shown(), 12_00n)).toMatchObject({ outcome: 'paid' })
    expect(BigInt(await available())).toBe(before - 12_00n)

    const waiting = await scanned(await shown(), 60_00n)
    if (typeof waiting === 'string') throw new Error(waiting)
    expect(waiting.outcome).toBe('waiting')
    const { items } = (await call('GET', '/payments')).body
    expect(items).toMatchObject([{ amount: '6000', source: 'wallet', pinKeptBy: 'wallet' }])
    const path = `/payments/${items[0].id}`
    const wrong = await call('POST', `${path}/approve`, { pin: '000000' })
    expect([wrong.status, wrong.body.code]).toEqual([409, 'AP-24'])
    for (let n = 0; n < 2; n += 1)
      expect(await call('POST', `${path}/approve`, { pin: walletPin })).toMatchObject({
        ...{ status: 200, body: { amount: '6000', answerBy: null } },
      })
    expect(BigInt(await available())).toBe(before - 72_00n)
    expect((await call('GET', '/payments')).body.items).toEqual([])
    expect((await call('POST', `${path}/decline`, {})).body.code).toBe('AP-43')
  })

  test('no in the app pays nothing, and a late yes neither', async () => {
    const before = await available()
    await scanned(await shown(), 60_00n)
    const [asked] = (await call('GET', '/payments')).body.items
    const path = `/payments/${asked.id}`
    expect((await call('POST', `${path}/decline`, {})).body.state).toBe('cancelled')
    const late = await call('POST', `${path}/approve`, { pin: walletPin })
    expect([late.status, late.body.code]).toEqual([409, 'AP-43'])
    expect(await available()).toBe(before)
  })

  test('what the balance cannot pay is paid by the card, whose bank is asked for it', async () => {
    const before = await available()
    await setPinFree(500_00n)
    const seen = await whileWorking(scanned(await shown(), 400_00n))
    expect(seen).toMatchObject({ outcome: 'paid', payment: { source: 'card' } })
    expect(await available()).toBe(before)
    await setPinFree(50_00n)
  })

  test('of two that could, the one that the customer has put first', async () => {
    const { wallet } = life.core.cards
    const walletId = (await wallet.balance(msisdn))?.account.id ?? ''
    const sourceOf = async () => {
      const seen = await whileWorking(scanned(await shown(), 1_00n))
      return typeof seen === 'string' ? seen : seen.payment?.source
    }
    expect(await sourceOf()).toBe('wallet')
    await wallet.setSources(walletId, ['card', 'wallet', 'phone_bill'])
    expect(await sourceOf()).toBe('card')
    await wallet.setSources(walletId, ['wallet', 'card', 'phone_bill'])
  })

  test('it ends with the session and with another SIM', async () => {
    const pool = await newPool()
    const now = place.clock.now()
    await life.core.db.transact((tx) =>
      simChanged(tx, { msisdn, at: now }, { now, signOut: life.core.signIns.endAll }),
    )
    expect(await scanned(await codeOf(pool, 0, now), 1_00n)).toBe('payment_code_refused')
    place.time.advance(80 * 3_600_000)
    cookie = await signIn(msisdn)
    const mine = await shown()
    await app.inject({
      ...{ method: 'DELETE', url: '/consumer/sessions/current' },
      headers: { cookie, 'x-telepurse': 'app' },
    })
    expect(await scanned(mine, 1_00n)).toBe('payment_code_refused')
    place.time.advance(60_000)
    cookie = await signIn(msisdn)
  })
})

describe('a code that a merchant shows', () => {
  const shop = () => {
    const merchant = life.core.catalogue.merchant('6022')
    if (!merchant) throw new Error('no shop')
    return merchant
  }
  test('of an order it says whom and how much, and is paid once', async () => {
    const { id, amount } = await newOrder(28_60n)
    const text = merchantCode(origin, shop(), { orderId: id, amount })
    const read = await call('POST', '/scans', { text })
    expect(read).toMatchObject({
      status: 200,
      body: { merchant: { id: '6022' }, order: id, amount: '2860' },
    })
    expect((await call('POST', '/scans', { text: `${origin}/pay/${id}` })).body).toEqual(read.body)
    const before = BigInt(await available())
    const key = '01990000-0000-7000-8000-0000000000fe'
    const taps = await Promise.all(Array.from({ length: 4 }, () => payOrder(id, { key })))
    expect(new Set(taps.map(({ body }) => body.id)).size).toBe(1)
    expect(taps.every(({ status }) => status === 200 || status === 201)).toBe(true)
    expect(BigInt(await available())).toBe(before - 28_60n)
    const again = await payOrder(id)
    expect([again.status, again.body.code]).toEqual([409, 'AP-45'])
    expect((await call('POST', '/scans', { text })).body.code).toBe('AP-45')
  })

  test('more needs the PIN, and two customers at once pay it once', async () => {
    const { id } = await newOrder(60_00n)
    expect((await payOrder(id)).body.code).toBe('AP-42')
    const mine = cookie
    const second = '+8613900020004'
    await customer(place, life, { msisdn: second, inWallet: 300_00n })
    const theirs = await signIn(second)
    const pays = (who: string) => {
      cookie = who
      return payOrder(id, { pin: walletPin })
    }
    const both = await Promise.all([pays(mine), pays(theirs), pays(mine), pays(theirs)])
    expect(both.filter(({ status }) => status === 201)).toHaveLength(1)
    for (const { status, body } of both)
      if (status !== 201) expect(['AP-43', 'AP-45']).toContain(body.code)
    cookie = mine
  })

  test('a passkey in place of the PIN pays an order once, and a till that waits for a yes', async () => {
    const mine = cookie
    const owner = '+8613900020018'
    await customer(place, life, { msisdn: owner, inWallet: 300_00n })
    cookie = await signIn(owner)
    const authenticator = createAuthenticator(origin)
    const making = await call('POST', '/passkeys/options', { pin: walletPin, key: proofKey })
    const response = authenticator.create(making.body.options)
    expect((await call('POST', '/passkeys', { id: making.body.id, response })).status).toBe(201)
    const signed = async (path: string, body: object) => {
      const about = { for: `POST /consumer${path}`, body }
      const { id, options } = (await call('POST', '/passkeys/proof-options', about)).body
      return { ...body, passkey: { id, response: authenticator.get(options) } }
    }
    const { id: order } = await newOrder(60_00n)
    expect((await payOrder(order)).body.code).toBe('AP-42')
    const before = BigInt(await available())
    const body = await signed('/payments', { order, source: 'wallet', key: proofKey })
    const taps = await Promise.all([1, 2, 3].map(() => call('POST', '/payments', body)))
    expect(new Set(taps.map(({ body }) => body.id)).size).toBe(1)
    expect(taps.filter(({ status }) => status !== 200 && status !== 201)).toEqual([])
    expect(BigInt(await available())).toBe(before - 60_00n)
    const both = await call('POST', '/payments', { ...body, pin: walletPin })
    expect([both.status, both.body.errors[0].field]).toEqual([422, 'pin'])

    expect(await scanned(await shown(), 60_00n)).toMatchObject({ outcome: 'waiting' })
    const [waiting, other] = [(await call('GET', '/payments')).body.items[0].id, proofKey]
    const elsewhere = await signed(`/payments/${other}/approve`, {})
    const wrong = await call('POST', `/payments/${waiting}/approve`, elsewhere)
    expect([wrong.status, wrong.body.code]).toEqual([403, 'AP-11'])
    const path = `/payments/${waiting}/approve`
    const yes = await signed(path, {})
    for (let n = 0; n < 2; n += 1) expect((await call('POST', path, yes)).status).toBe(200)
    expect(BigInt(await available())).toBe(before - 120_00n)
    expect(await offencesIn(life.core.db)).toEqual([])
    cookie = mine
  })

  test('without an order the customer says how much, and pays by card if so wished', async () => {
    const read = await call('POST', '/scans', { text: merchantCode(origin, shop()) })
    expect(read.body).toMatchObject({ merchant: { id: '6022' }, order: null, amount: null })
    expect(Number(read.body.min)).toBeGreaterThan(0)
    const card = await whileWorking(pay('1000', { source: 'card' }))
    expect(card).toMatchObject({ status: 201, body: { source: 'card' } })
  })

  test('what is no code of ours pays nobody', async () => {
    for (const text of [
      'hello',
      'https://evil.example/pay/1',
      merchantCode('https://a.example', shop()),
    ]) {
      const { status, body } = await call('POST', '/scans', { text })
      expect([text, status, body.code]).toEqual([text, 422, 'AP-44'])
    }
    expect(await offencesIn(life.core.db)).toEqual([])
  })
})

describe('the limits of a day for codes', () => {
  let owner: Customer
  beforeAll(async () => {
    await setPinFree(200_00n)
    await set('oneFactorCodeDayLimit', 100_00n)
    owner = await customer(place, life, { msisdn: '+8613900020005', inWallet: 900_00n })
    cookie = await signIn(owner.msisdn)
  })

  test('example 27: a printed code takes no more than 500.00, and says what is left', async () => {
    expect((await pay('30000', { pin: walletPin })).status).toBe(201)
    expect((await pay('20000')).status).toBe(201)
    const over = await pay('10')
    expect(over).toMatchObject({ status: 409, body: { code: 'F2F-03' } })
    expect(over.body.words).toEqual({
      zh: '超过今日扫码限额（剩余0.00元）',
      en: "over today's code limit (CNY 0.00 left)",
    })
    expect((await pay('10', { source: 'card' })).status).toBe(201)
  })

  test('where so much was paid without it that there is no room, the PIN is asked for', async () => {
    expect(await scanned(await shown(), 80_00n)).toMatchObject({ outcome: 'paid' })
    expect(await scanned(await shown(), 20_01n)).toMatchObject({ outcome: 'waiting' })
    const { id } = await newOrder(20_01n)
    expect((await payOrder(id)).body.code).toBe('AP-42')
    expect((await payOrder(id, { pin: walletPin })).status).toBe(201)
    expect(await scanned(await shown(), 20_00n)).toMatchObject({ outcome: 'paid' })
    expect(await offencesIn(life.core.db)).toEqual([])
  })

  test('what tills took counts for a friend too, who reads no code of a device that has signed out', async () => {
    const friend = await customer(place, life, { msisdn: '+8613900020006' })
    const [mine, theirs] = [cookie, await signIn(friend.msisdn)]
    const read = async (code: string) => {
      keys += 1
      const key = `01990000-0000-7000-8000-${String(keys).padStart(12, '0')}`
      cookie = theirs
      const answer = await call('POST', '/code-requests', { code, amount: '1', key })
      cookie = mine
      return answer
    }
    const asked = await read(await shown())
    expect(asked).toMatchObject({ status: 201, body: { state: 'open', payer: null } })
    const key = '01990000-0000-7000-8000-0000000000fd'
    const paid = await call('POST', `/requests/${asked.body.id}/pay`, { pin: walletPin, key })
    expect(paid).toMatchObject({ status: 201, body: { state: 'done', amount: '1' } })
    const last = await shown()
    await app.inject({
      ...{ method: 'DELETE', url: '/consumer/sessions/current' },
      headers: { cookie, 'x-telepurse': 'app' },
    })
    expect(await read(last)).toMatchObject({ status: 422, body: { code: 'F2F-01' } })
    expect(await offencesIn(life.core.db)).toEqual([])
  })
})

const setPinFree = (limit: bigint) => set('walletPinFreeLimit', limit)

async function set(name: string, value: bigint) {
  await life.core.db.transact((tx) =>
    tx.query(
      `insert into risk_policy (name, value, updated_at, updated_by) values ($1, $2, 0, 'test')
       on conflict (name) do update set value = excluded.value`,
      [name, value],
    ),
  )
  await life.core.policy.reload()
}
