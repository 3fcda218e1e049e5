/** Bills of credit cards in the app: looked at, entered, repaid once however often it is tapped, by their owner. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  bankPin,
  type ConsumerStage,
  openConsumerStage,
  pin,
} from '../../../test/consumer-stage.ts'
import type { Balance, BankAnswer } from '../../bank-cards/index.ts'
import { walletInvariants } from '../../wallet/index.ts'

let stage: ConsumerStage
beforeAll(async () => {
  stage = await openConsumerStage()
})
afterAll(async () => {
  for (const { name, check } of walletInvariants)
    expect([name, (await check(stage.db)).offences]).toEqual([name, 0n])
  await stage.close()
})

const billed: BankAnswer<Balance> = {
  outcome: 'done',
  value: {
    available: 0n,
    bill: {
      ...{ billedOn: '2026-09-05', dueOn: '2026-09-25', amount: 1_000_00n },
      ...{ minimum: 100_00n, paid: 20_00n },
    },
  },
}
const entered = { billedOn: '2026-09-05', dueOn: '2026-09-25', amount: '50000' }

async function owner(balance: bigint, answer?: BankAnswer<Balance>, bank?: string) {
  const { msisdn, card } = await stage.newCustomer(balance)
  const credit = await stage.bindCredit(msisdn, answer, bank)
  const device = await stage.signIn(msisdn)
  const order = (amount: string, more: object = {}) => ({
    ...{ cardId: credit, amount, pin, key: stage.newKey() },
    ...more,
  })
  const billOf = async () => (await device.get(`/cards/${credit}/bill`)).body
  return { card, credit, device, order, billOf }
}

test('the bank’s bill is shown, repaid from the balance, and what is on its way is not left any more', async () => {
  const { credit, device, order, billOf } = await owner(1_000_00n, billed)
  expect(await billOf()).toEqual({
    bill: {
      ...{ billedOn: '2026-09-05', dueOn: '2026-09-25', amount: '100000', minimum: '10000' },
      ...{ paid: '2000', onTheWay: '0', left: '98000', leastLeft: '8000', source: 'bank' },
      asOf: expect.any(String),
    },
    auto: null,
  })
  const fee = await device.get('/repayments/fee?amount=50000')
  expect(fee.body).toEqual({ fee: '50', total: '50050' })
  const asked = order('50000')
  const first = await device.post('/repayments', asked)
  expect([first.status, first.body]).toMatchObject([
    201,
    { kind: 'repayment', state: 'paid', fee: '50', last4: '6215', billedOn: '2026-09-05' },
  ])
  const again = await device.post('/repayments', asked)
  expect([again.status, again.body.id]).toEqual([200, first.body.id])
  expect((await device.get('/balance')).body.available).toBe('49950')
  expect((await billOf()).bill).toMatchObject({ paid: '52000', left: '48000', leastLeft: '0' })
  const tooMuch = await device.post('/repayments', order('48001'))
  expect([tooMuch.status, tooMuch.body]).toMatchObject([409, { code: 'BC-04' }])
  expect(tooMuch.body.title).toContain('480.00')
  expect((await device.get(`/movements/${first.body.id}`)).body.id).toBe(first.body.id)
  expect((await device.post('/repayments', order('1', { pin: '000001' }))).body.code).toBe('AP-24')
  expect((await device.post('/repayments', order('1', { cardId: stage.newKey() }))).status).toBe(
    404,
  )
  const refused = await device.send('PUT', `/cards/${credit}/bill`, { body: entered })
  expect(refused.status).toBe(409)
})

test('what nobody has asked the bank for is no bill yet', async () => {
  const { card, device, order } = await owner(0n, billed)
  const early = await device.post('/repayments', order('10000', { fromCardId: card }))
  expect([early.status, early.body.code]).toEqual([409, 'BC-03'])
})

test('a bill that the bank does not tell is entered, set right, and repaid', async () => {
  const { card, credit, device, order, billOf } = await owner(0n)
  expect(await billOf()).toEqual({ bill: null, auto: null })
  const enter = (change: object = {}) =>
    device.send('PUT', `/cards/${credit}/bill`, { body: { ...entered, ...change } })
  expect((await enter({ billedOn: '2026-02-30' })).status).toBe(422)
  expect((await enter({ billedOn: '2026-09-26' })).body).toMatchObject({ code: 'AP-30' })
  expect((await enter()).body.bill).toMatchObject({ minimum: '5000', source: 'customer' })
  const paid = await device.post('/repayments', order('50000', { fromCardId: card }))
  expect(paid.body).toMatchObject({ kind: 'repayment', fee: '50' })
  await stage.wallets.settle()
  expect((await device.get(`/movements/${paid.body.id}`)).body.state).toBe('paid')
  expect((await billOf()).bill).toMatchObject({ paid: '50000', left: '0' })
  expect((await device.get('/balance')).body.available).toBe('0')
})

test('a bank that keeps the PIN tells the bill for it alone', async () => {
  const { credit, device, order, billOf } = await owner(100_00n, billed, 'KEEPS')
  expect((await billOf()).bill).toBeNull()
  const ask = (typed: string) =>
    device.post(`/cards/${credit}/bill/question`, { pin: typed, key: stage.newKey() })
  expect((await ask('9999')).body).toMatchObject({ code: 'AP-31', title: 'pin_wrong' })
  expect((await ask(bankPin)).body.bill).toMatchObject({ left: '98000' })
  expect((await ask('9999')).status).toBe(409)
  expect((await device.post('/repayments', order('5000'))).body.code).toBe('AP-31')
  const paid = await device.post('/repayments', order('5000', { pin: bankPin }))
  expect(paid.body).toMatchObject({ state: 'paid' })
})

test('what is repaid by itself is ordered with the PIN and taken back without', async () => {
  const { credit, card, device, billOf } = await owner(100_00n, billed)
  const order = (body: object, of = credit) =>
    device.send('PUT', `/cards/${of}/auto-repayment`, {
      body: { ...body, key: stage.newKey() },
    })
  expect((await order({ amount: 'full', pin: '000001' })).body.code).toBe('AP-24')
  expect((await billOf()).auto).toBeNull()
  expect((await order({ amount: 'minimum', pin })).status).toBe(204)
  expect((await order({ amount: 'full', pin })).status).toBe(204)
  expect((await billOf()).auto).toBe('full')
  expect((await order({ amount: 'full', pin }, card)).status).toBe(404)
  expect((await device.send('DELETE', `/cards/${credit}/auto-repayment`)).status).toBe(204)
  expect((await billOf()).auto).toBeNull()
})

test('the bill and the order of another customer are not there', async () => {
  const mine = await owner(100_00n, billed)
  const theirs = await owner(100_00n, billed)
  await theirs.billOf()
  const path = `/cards/${theirs.credit}`
  for (const [method, of, body] of [
    ['GET', 'bill', undefined],
    ['PUT', 'bill', entered],
    ['POST', 'bill/question', { pin, key: stage.newKey() }],
    ['PUT', 'auto-repayment', { amount: 'full', pin, key: stage.newKey() }],
    ['DELETE', 'auto-repayment', undefined],
  ] as const) {
    const { status } = await mine.device.send(method, `${path}/${of}`, { body })
    expect([method, of, status]).toEqual([method, of, 404])
  }
  const paid = await mine.device.post('/repayments', mine.order('100', { cardId: theirs.credit }))
  expect(paid.status).toBe(404)
  expect((await theirs.billOf()).bill).toMatchObject({ onTheWay: '0', left: '98000' })
})
