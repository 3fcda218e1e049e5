/** Points through the app: seen, spent once however often it is tapped, and nobody else’s business. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { givePoints, offerReward } from '../../../../test/points/given.ts'
import { type ConsumerStage, openConsumerStage } from '../../../test/consumer-stage.ts'

let stage: ConsumerStage
let rewardId: string
beforeAll(async () => {
  stage = await openConsumerStage()
  rewardId = (await offerReward(stage, 60n, 3n, { zh: '雨伞', en: 'Umbrella' })).id
})
afterAll(() => stage?.close())

/** With so many points, of one adjustment for each. */
async function person(...given: readonly bigint[]) {
  return (await personWithNumber(...given)).device
}

async function personWithNumber(...given: readonly bigint[]) {
  const customer = await stage.newCustomer()
  for (const points of given) await givePoints(stage, customer, points)
  return { ...customer, device: await stage.signIn(customer.msisdn) }
}

test('what there is, what ends first, and how it came, page by page', async () => {
  const device = await person(50n, 40n, -20n)
  const { body } = await device.get('/points')
  expect(body).toMatchObject({ points: '70', owed: '0', unseen: 0, expiring: { points: '70' } })
  expect(body.programme).toEqual({ on: false, perYuan: '1', sources: ['wallet'] })
  const pages: string[] = []
  for (let next: string | null = ''; next !== null; ) {
    const page = await device.get(`/points/lines?limit=2${next && `&before=${next}`}`)
    for (const line of page.body.items) pages.push(`${line.points} = ${line.balance}`)
    next = page.body.next
  }
  expect(pages).toEqual(['-20 = 70', '40 = 90', '50 = 50'])
})

test('a reward is taken once however often it is tapped; its code is final, and shown again', async () => {
  const device = await person(100n)
  expect((await device.get('/points/rewards')).body.items).toEqual([
    { id: rewardId, name: { zh: '雨伞', en: 'Umbrella' }, points: '60', remaining: '3' },
  ])
  const body = { rewardId, key: stage.newKey() }
  const taps = await Promise.all([1, 2, 3].map(() => device.post('/points/redemptions', body)))
  expect(taps.map(({ status }) => status).toSorted()).toEqual([200, 200, 201])
  const { id } = taps[0]?.body ?? {}
  expect(new Set(taps.map((tap) => tap.body.id))).toEqual(new Set([id]))
  expect((await device.get('/points')).body).toMatchObject({ points: '40', unseen: 1 })
  const code = `/points/redemptions/${id}/code`
  const shown = await device.post(code, {})
  expect(shown.body.code).toMatch(/^[A-Z2-9]{12}$/)
  expect((await device.post(code, {})).body).toEqual(shown.body)
  expect((await device.get('/points')).body.unseen).toBe(0)
  expect((await device.get('/points/redemptions')).body).toMatchObject({
    items: [{ id, state: 'shown', points: '60' }],
    next: null,
  })
  const late = await device.post(`/points/redemptions/${id}/cancel`, {})
  expect([late.status, late.body.code]).toEqual([409, 'PT-06'])
})

test('given back unseen the points are there again; of somebody else it is none', async () => {
  const [device, eve] = [await person(60n), await person(60n)]
  const taken = await device.post('/points/redemptions', { rewardId, key: stage.newKey() })
  const path = `/points/redemptions/${taken.body.id}`
  for (const act of ['code', 'cancel']) {
    const foreign = await eve.post(`${path}/${act}`, {})
    expect([foreign.status, foreign.body.code]).toEqual([404, 'PT-05'])
  }
  expect((await eve.get('/points/redemptions')).body.items).toEqual([])
  expect((await device.post(`${path}/cancel`, {})).body.state).toBe('cancelled')
  expect((await device.get('/points')).body).toMatchObject({ points: '60', unseen: 0 })
  const gone = await device.post(`${path}/code`, {})
  expect([gone.status, gone.body.code]).toEqual([409, 'PT-07'])
})

test('after a change of SIM no reward is taken and no code shown; given back it is all the same', async () => {
  const { msisdn, device } = await personWithNumber(120n)
  const take = () => device.post('/points/redemptions', { rewardId, key: stage.newKey() })
  const { id } = (await take()).body
  stage.people.own(msisdn, { coolOffUntil: stage.clock.now() + 72 * 3_600_000 })
  const path = `/points/redemptions/${id}`
  for (const answer of [await take(), await device.post(`${path}/code`, {})])
    expect([answer.status, answer.body.code]).toEqual([409, 'WL-06'])
  expect((await device.get('/points')).body.points).toBe('60')
  expect((await device.post(`${path}/cancel`, {})).status).toBe(200)
})

test('what does not fit is a problem: of the field, of the reward, of the points, of the wallet', async () => {
  const device = await person(59n)
  const key = stage.newKey()
  for (const [body, field] of [
    [{ rewardId: 'x', key }, 'rewardId'],
    [{ rewardId, key: '1' }, 'key'],
    [{ rewardId, key, more: 1 }, ''],
  ] as const) {
    const answer = await device.post('/points/redemptions', body)
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect([answer.status, answer.body.errors[0].field]).toEqual([422, field])
  }
  expect((await device.get('/points/lines?before=x')).status).toBe(422)
  const low = await device.post('/points/redemptions', { rewardId, key })
  expect([low.status, low.body.code, low.body.words.zh]).toEqual([409, 'PT-04', '积分不足'])
  const none = await device.post('/points/redemptions', { rewardId: key, key })
  expect([none.status, none.body.code]).toEqual([404, 'PT-01'])
  const stranger = await stage.signIn(await stage.newNumber())
  const noWallet = await stranger.get('/points')
  expect([noWallet.status, noWallet.body.code]).toEqual([404, 'WL-11'])
})
