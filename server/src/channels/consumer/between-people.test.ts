/** Money between people through the app: one effect however often it is sent, and nobody else’s business. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ConsumerStage,
  type Device,
  openConsumerStage,
  pin,
} from '../../../test/consumer-stage.ts'

let stage: ConsumerStage
beforeAll(async () => {
  stage = await openConsumerStage()
})
afterAll(() => stage?.close())

async function person(amount = 0n) {
  const customer = await stage.newCustomer(amount)
  return {
    ...customer,
    number: customer.msisdn.slice(3),
    device: await stage.signIn(customer.msisdn),
  }
}
const available = async (device: Device) => (await device.get('/balance')).body.available
const signed = (more: object = {}) => ({ pin, key: stage.newKey(), ...more })

test('sent once however often it is tapped, seen by both and by nobody else', async () => {
  const [anna, ben, eve] = [await person(50_00n), await person(), await person()]
  const payee = await anna.device.get(`/payees/${ben.number}`)
  expect(payee.body).toEqual({
    number: `136****${ben.number.slice(-4)}`,
    name: '*三',
    hasWallet: true,
  })
  const body = signed({ to: ben.number, amount: '3000', memo: '午饭' })
  const taps = await Promise.all(
    Array.from({ length: 6 }, () => anna.device.post('/transfers', body)),
  )
  expect(taps.map(({ status }) => status).toSorted()).toEqual([...Array(5).fill(200), 201])
  expect(new Set(taps.map((one) => JSON.stringify(one.body))).size).toBe(1)
  const [{ body: transfer } = { body: null }] = taps
  expect(transfer).toMatchObject({ direction: 'out', amount: '3000', memo: '午饭', state: 'done' })
  expect([await available(anna.device), await available(ben.device)]).toEqual(['2000', '3000'])
  const theirs = { ...transfer, direction: 'in' }
  expect((await ben.device.get(`/transfers/${transfer.id}`)).body).toEqual(theirs)
  expect((await ben.device.get('/transfers')).body).toEqual({ items: [theirs], next: null })
  expect((await eve.device.get(`/transfers/${transfer.id}`)).status).toBe(404)
  expect((await eve.device.get('/transfers')).body.items).toEqual([])
  const other = await anna.device.post('/transfers', { ...body, amount: '3001' })
  expect([other.status, other.body.code]).toEqual([409, 'WL-23'])
})

test('a wrong PIN sends nothing, and too much is told with what is left', async () => {
  const [anna, ben] = [await person(10_00n), await person()]
  const order = { to: ben.number, amount: '1000' }
  const wrong = await anna.device.post('/transfers', signed({ ...order, pin: '000000' }))
  expect([wrong.status, wrong.body.code]).toEqual([409, 'AP-24'])
  const over = await anna.device.post('/transfers', signed({ ...order, amount: '1001' }))
  expect([over.status, over.body.code]).toEqual([409, 'WL-01'])
  const self = await anna.device.post('/transfers', signed({ ...order, to: anna.number }))
  expect(self.body.code).toBe('WL-34')
  expect(await available(anna.device)).toBe('1000')
})

test('what has not arrived is taken back by its payer alone', async () => {
  const [anna, ben] = [await person(30_00n), await person()]
  const order = signed({ to: ben.number, amount: '3000', arrival: '24h' })
  const { body } = await anna.device.post('/transfers', order)
  expect(body).toMatchObject({ state: 'delayed', returnsAt: null })
  expect(Date.parse(body.arrivesAt) - Date.parse(body.requestedAt)).toBe(24 * 3_600_000)
  expect(await available(anna.device)).toBe('0')
  const path = `/transfers/${body.id}/cancel`
  const theirs = await ben.device.post(path, {})
  expect([theirs.status, theirs.body.code]).toEqual([404, 'WL-38'])
  expect((await anna.device.post(path, {})).body).toMatchObject({ state: 'cancelled' })
  expect((await anna.device.post(path, {})).body).toMatchObject({ state: 'cancelled' })
  expect(await available(anna.device)).toBe('3000')
})

test('a number without a wallet finds the money when it opens one', async () => {
  const anna = await person(12_00n)
  const msisdn = await stage.newNumber()
  stage.people.own(msisdn)
  const order = signed({ to: msisdn.slice(3), amount: '1200' })
  const { body } = await anna.device.post('/transfers', order)
  expect(body).toMatchObject({ state: 'waiting_claim', arrivesAt: null })
  const device = await stage.signIn(msisdn)
  expect((await device.get(`/transfers/${body.id}`)).body).toMatchObject({ state: 'waiting_claim' })
  const opened = await stage.db.transact((tx) => stage.wallet.open(tx, { msisdn, class: 'III' }))
  expect(opened.ok).toBe(true)
  expect(await available(device)).toBe('1200')
})

test('names are shown to whoever pays, not to whoever collects them', async () => {
  const { device } = await person()
  const statuses: number[] = []
  for (let looked = 0; looked < 61; looked += 1)
    statuses.push((await device.get(`/payees/1350000${String(looked).padStart(4, '0')}`)).status)
  expect(statuses.filter((status) => status === 200)).toHaveLength(60)
  expect(statuses.at(-1)).toBe(429)
  expect((await (await person()).device.get('/payees/13500000000')).status).toBe(200)
})

test('what is asked for is paid once by the one who is asked, or declined, or taken back', async () => {
  const [anna, ben, eve] = [await person(), await person(40_00n), await person(40_00n)]
  const body = { from: ben.number, amount: '1500', memo: '电影票', key: stage.newKey() }
  const asked = await anna.device.post('/requests', body)
  expect([asked.status, asked.body]).toMatchObject([201, { direction: 'out', state: 'open' }])
  expect((await anna.device.post('/requests', body)).body).toEqual(asked.body)
  const path = `/requests/${asked.body.id}`
  expect((await ben.device.get('/requests')).body.items).toEqual([
    { ...asked.body, direction: 'in' },
  ])
  expect((await eve.device.get(path)).status).toBe(404)
  const foreign = await eve.device.post(`${path}/pay`, signed())
  expect([foreign.status, foreign.body.code]).toEqual([404, 'WL-38'])
  const pay = signed()
  const paid = await Promise.all([1, 2, 3].map(() => ben.device.post(`${path}/pay`, pay)))
  expect(new Set(paid.map((one) => one.body.id)).size).toBe(1)
  expect((await ben.device.post(`${path}/pay`, signed())).body.code).toBe('WL-39')
  expect((await anna.device.get(path)).body).toMatchObject({
    ...{ state: 'paid', transferId: paid[0]?.body.id },
  })
  expect([await available(anna.device), await available(ben.device)]).toEqual(['1500', '2500'])
  const ask = async () =>
    (await anna.device.post('/requests', { ...body, key: stage.newKey() })).body.id
  const [declined, taken] = [await ask(), await ask()]
  expect((await ben.device.post(`/requests/${declined}/decline`, {})).body.state).toBe('declined')
  expect((await anna.device.post(`/requests/${taken}/cancel`, {})).body.state).toBe('cancelled')
  expect((await ben.device.post(`/requests/${taken}/pay`, signed())).body.code).toBe('WL-39')
})
