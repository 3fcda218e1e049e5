/** Bills through the app: asked, paid once however often it is tapped, and nobody else’s business. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ConsumerStage, openConsumerStage, pin } from '../../../test/consumer-stage.ts'

let stage: ConsumerStage
beforeAll(async () => {
  stage = await openConsumerStage()
})
afterAll(() => stage?.close())

async function person(amount = 0n) {
  const { msisdn } = await stage.newCustomer(amount)
  return { msisdn, device: await stage.signIn(msisdn) }
}
const power = { biller: 'power', account: '0012345678' }
const signed = (more: object = {}) => ({ pin, key: stage.newKey(), ...more })

test('a bill is asked about, paid once however often it is tapped, and stands in the statement', async () => {
  const [anna, eve] = [await person(200_00n), await person(200_00n)]
  const { items } = (await anna.device.get('/billers')).body
  expect(items).toEqual([
    {
      ...{ code: 'power', kind: 'power', name: { zh: '江城供电', en: 'Jiangcheng Power' } },
      city: { zh: '江城', en: 'Jiangcheng' },
      accountLabel: { zh: '户号', en: 'Customer no.' },
      accountPattern: '^\\d{10}$',
    },
  ])
  const asked = await anna.device.post('/bills/inquiries', power)
  expect([asked.status, asked.body]).toMatchObject([
    201,
    { state: 'inquired', due: '8640', min: '8640', max: '8640', holder: '*晚', amount: null },
  ])
  const body = signed({ billId: asked.body.id })
  const taps = await Promise.all(
    Array.from({ length: 5 }, () => anna.device.post('/bills/payments', body)),
  )
  expect(taps.map(({ status }) => status).toSorted()).toEqual([...Array(4).fill(200), 201])
  const [{ body: bill } = { body: null }] = taps
  expect(bill).toMatchObject({ state: 'written_off', amount: '8640', receiptNo: 'R1' })
  expect((await anna.device.get('/balance')).body.available).toBe('11360')
  expect((await anna.device.get('/bills')).body.items).toEqual([bill])
  const lines = (await anna.device.get('/lines?kind=bill')).body.items
  expect(lines).toMatchObject([
    {
      ...{ kind: 'bill', amount: '-8640', subject: bill.id, title: { zh: '生活缴费' } },
      counterparty: { zh: '江城供电 ****5678', en: 'Jiangcheng Power ****5678' },
    },
  ])
  expect((await anna.device.get('/lines?text=5678')).body.items).toHaveLength(1)
  expect((await anna.device.get(`/bills/${bill.id}`)).body).toEqual(bill)
  expect((await eve.device.get(`/bills/${bill.id}`)).status).toBe(404)
  expect((await eve.device.get('/bills')).body.items).toEqual([])
  const foreign = await eve.device.post('/bills/payments', signed({ billId: asked.body.id }))
  expect([foreign.status, foreign.body.code]).toEqual([404, 'UB-Q03'])
})

test('while nobody knows, it says so; then it turns, and the money is back with the reason', async () => {
  const { device } = await person(100_00n)
  const asked = await device.post('/bills/inquiries', power)
  stage.power.order('silent')
  const paid = await device.post('/bills/payments', signed({ billId: asked.body.id }))
  expect(paid.body).toMatchObject({ state: 'write_off_unknown', receiptNo: null })
  expect((await device.get('/balance')).body.available).toBe('1360')
  const again = await device.post('/bills/inquiries', power)
  const twice = await device.post('/bills/payments', signed({ billId: again.body.id }))
  expect([twice.status, twice.body.code]).toEqual([409, 'UB-P01'])
  stage.clock.advance(5_000)
  stage.billers.kick()
  const end = () => device.get(`/bills/${asked.body.id}`).then(({ body }) => body.state)
  await expect.poll(end, { timeout: 20_000 }).toBe('refunded')
  const { body } = await device.get(`/bills/${asked.body.id}`)
  expect(body.reason).toMatchObject({ code: 'UB-P02', words: { zh: '销账失败，款项已退回' } })
  expect((await device.get('/balance')).body.available).toBe('10000')
})

test('a wrong PIN pays nothing; what the biller refuses is told with its code', async () => {
  const { device } = await person(100_00n)
  const asked = await device.post('/bills/inquiries', power)
  const wrong = await device.post(
    '/bills/payments',
    signed({ billId: asked.body.id, pin: '000000' }),
  )
  expect([wrong.status, wrong.body.code]).toEqual([409, 'AP-24'])
  expect((await device.get('/balance')).body.available).toBe('10000')
  for (const [reason, code, status] of [
    ['nothing_due', 'UB-Q05', 409],
    ['batch_window', 'UB-Q07', 409],
    ['unsent', 'UB-Q10', 503],
  ] as const) {
    stage.power.order(reason)
    const answer = await device.post('/bills/inquiries', power)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  }
  const malformed = await device.post('/bills/inquiries', { ...power, account: '12' })
  expect(malformed.body.code).toBe('UB-Q02')
})

test('accounts are kept, changed, forgotten, and are their wallet’s alone', async () => {
  const [anna, eve] = [await person(), await person()]
  const kept = await anna.device.post('/bills/accounts', { ...power, label: '家里', remindDay: 15 })
  expect(kept.body).toMatchObject({ ...power, label: '家里', remindDay: 15 })
  const changed = await anna.device.post('/bills/accounts', { ...power, label: '父母家' })
  expect(changed.body).toEqual({ ...kept.body, label: '父母家', remindDay: null })
  expect((await anna.device.get('/bills/accounts')).body.items).toEqual([changed.body])
  expect((await eve.device.get('/bills/accounts')).body.items).toEqual([])
  const path = `/bills/accounts/${kept.body.id}`
  expect((await eve.device.send('DELETE', path)).status).toBe(404)
  expect((await anna.device.send('DELETE', path)).status).toBe(200)
  expect((await anna.device.get('/bills/accounts')).body.items).toEqual([])
})

test('a number asks about sixty bills an hour, and no more', async () => {
  const { device } = await person()
  let last = { status: 0 }
  for (let asked = 0; asked < 61; asked += 1) last = await device.post('/bills/inquiries', power)
  expect(last.status).toBe(429)
})
