/** The operator and points: a programme, rewards and their codes, and points given by two people. */
import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../../test/books.ts'
import { createStage, type Stage } from '../../../../test/points/stage.ts'
import { asPerson, operatorPeople } from '../../../test/operator-people.ts'
import { sealHead } from '../../audit/index.ts'
import { bucketOf, refuse } from '../../kernel/index.ts'
import { createCatalogue } from '../../merchants/index.ts'
import { createPolicy } from '../../risk/index.ts'
import { createHttpServer } from '../http/index.ts'
import { operatorRoutes } from './index.ts'

const msisdn = '+8613900010001'
let stage: Stage
let app: FastifyInstance
let walletId: string

beforeAll(async () => {
  stage = await createStage()
  const { db, clock, tools } = stage
  await sealHead(db, tools.cipher)
  const log = { info: () => {}, warn: () => {}, error: console.error }
  const requestId = () => 'request'
  app = await createHttpServer({
    ...{ log, behindProxy: false, securitySchemes: {}, version: '0', requestId },
  })
  await app.register(operatorRoutes, {
    ...operatorPeople(clock),
    ...{ db, clock, ...tools, wallet: stage.wallets.wallet },
    ...{ release: async () => {}, signOut: async () => {} },
    billers: { findOut: async () => refuse('bill_not_paid') },
    catalogue: await createCatalogue(db, clock),
    policy: await createPolicy(db, clock),
  })
  await app.ready()
  walletId = (await stage.customer(msisdn)).walletId
})
afterAll(async () => {
  expect(await offencesIn(stage.db)).toEqual([])
  await app?.close()
  await stage?.close()
})

async function call(method: 'GET' | 'PUT' | 'POST' | 'PATCH', path: string, body?: object) {
  const headers = asPerson('chen.li')
  const url = `/operator${path}`
  const answer = await app.inject({ method, url, headers, ...(body && { payload: body }) })
  return { status: answer.statusCode, body: answer.json(), type: answer.headers['content-type'] }
}
const lastLogged = async () => (await call('GET', '/log?limit=1')).body.items[0]
const typeOf = ({ status, body }: { status: number; body: { type?: string } }) => [
  status,
  body.type?.split(/[/:]/).at(-1),
]

test('a programme counts a little later, and who changed it is written down', async () => {
  const usual = { on: false, perYuan: '1', sources: ['wallet'] }
  expect((await call('GET', '/points/programme')).body).toEqual(usual)
  const wanted = { on: true, perYuan: '2', sources: ['wallet', 'card'] }
  const { body } = await call('PUT', '/points/programme', wanted)
  expect(body).toMatchObject(wanted)
  expect(Date.parse(body.since)).toBeGreaterThan(stage.clock.now())
  expect((await call('GET', '/points/programme')).body).toEqual(usual)
  stage.clock.set(Date.parse(body.since))
  expect((await call('GET', '/points/programme')).body).toEqual(body)
  expect(await lastLogged()).toMatchObject({
    ...{ operator: 'staff:chen.li', action: 'points.programme', before: null, after: wanted },
  })
})

const rewardOf = async (kind: 'voucher' | 'stock') => {
  const [from, until] = ['2026-09-01T00:00:00Z', '2027-09-01T00:00:00Z']
  const body = { name: { zh: '券', en: 'Voucher' }, points: '50', kind, from, until }
  const { body: made } = await call('POST', '/points/rewards', body)
  return `/points/rewards/${made.id}`
}

const stocking = (path: string) => `${path}/stockings/${randomUUID()}`

test('rewards are offered, stocked and changed; codes are neither shown nor written down', async () => {
  const path = await rewardOf('voucher')
  const stocked = await call('PUT', stocking(path), { codes: ['CANARY-1', 'CANARY-2'] })
  expect(stocked.body).toMatchObject({ stock: '2', remaining: '2' })
  const changed = await call('PATCH', path, { points: '40' })
  expect(changed.body).toMatchObject({ points: '40', until: '2027-09-01T00:00:00.000Z' })
  const { body: all } = await call('GET', '/points/rewards')
  expect(all.items).toEqual([changed.body])
  const logged = (await call('GET', '/log?limit=50')).body
  expect(JSON.stringify([stocked, all, logged])).not.toContain('CANARY')
  expect(logged.items.map(({ action }: { action: string }) => action).slice(0, 3)).toEqual([
    'reward.change',
    'reward.stock',
    'reward.add',
  ])
})

test('a reward is stocked once for a key, however often it is said', async () => {
  const [voucher, pieces] = [await rewardOf('voucher'), await rewardOf('stock')]
  for (const [path, more, other] of [
    [pieces, { pieces: '3' }, { pieces: '4' }],
    [voucher, { codes: ['A', 'B', 'C'] }, { codes: ['A', 'B', 'D'] }],
  ] as const) {
    const once = stocking(path)
    const at = await Promise.all([1, 2, 3].map(() => call('PUT', once, more)))
    expect(at.map(({ body }) => body.stock)).toEqual(['3', '3', '3'])
    expect(typeOf(await call('PUT', once, other))).toEqual([409, 'exists_with_different_content'])
    const { items } = (await call('GET', '/log?limit=4')).body
    const added = items.map(({ after }: { after: { added?: string } }) => after.added)
    expect(added).toEqual([undefined, '0', '0', '3'])
  }
  const more = await call('PUT', stocking(pieces), { pieces: '3' })
  expect(more.body).toMatchObject({ stock: '6', remaining: '6' })
})

test('what does not fit is a problem, and nothing is changed', async () => {
  const [voucher, pieces] = [await rewardOf('voucher'), await rewardOf('stock')]
  const twice = { codes: ['X', 'X'] }
  const wrong = [
    await call('PUT', '/points/programme', { on: true, perYuan: '1001', sources: [] }),
    await call('PUT', stocking(voucher), { pieces: '3' }),
    await call('PUT', stocking(pieces), { codes: ['Y'] }),
    await call('PUT', stocking(voucher), twice),
    await call('PATCH', pieces, { until: '2026-08-01T00:00:00Z' }),
    await call('PATCH', '/points/rewards/01890000-0000-7000-8000-000000000001', { points: '1' }),
  ]
  expect(wrong.map(typeOf)).toEqual([
    [422, 'value_out_of_range'],
    [409, 'reward_without_codes'],
    [409, 'reward_without_codes'],
    [409, 'voucher_known'],
    [422, 'reward_period_malformed'],
    [404, 'reward_unknown'],
  ])
  for (const [method, path, body] of [
    ['PUT', '/points/programme', { on: true, perYuan: '0', sources: ['wallet'] }],
    ['PUT', '/points/programme', { on: true, perYuan: '1', sources: ['cash'] }],
    ['PUT', stocking(pieces), { pieces: '1', codes: ['Z'] }],
  ] as const) {
    const answer = await call(method, path, body)
    expect([answer.status, answer.type]).toEqual([422, expect.stringMatching(/^application\/prob/)])
  }
  const { items } = (await call('GET', '/points/rewards')).body
  expect(items.slice(0, 2)).toMatchObject([{ stock: '0' }, { stock: '0' }])
})

test('points are given by two people, once for a key, and by nobody alone', async () => {
  const id = stage.tools.ids.next(bucketOf(msisdn), stage.clock.now())
  const path = `/wallets/${walletId}/points-adjustments/${id}`
  const body = { points: '50', reason: 'complaint 7', login: 'wu.min', code: '246810' }
  const wrong = [
    await call('PUT', path, { ...body, code: '000000' }),
    await call('PUT', path, { ...body, code: '999999' }),
    await call('PUT', path, { ...body, login: 'chen.li' }),
    await call('PUT', path, { ...body, points: '-50' }),
  ]
  expect(wrong.map(({ status }) => status)).toEqual([403, 429, 403, 409])
  expect(await stage.balance(walletId)).toBe(0n)
  const given = await call('PUT', path, body)
  expect(given.body).toMatchObject({ points: '50', askedBy: 'chen.li', agreedBy: 'wu.min' })
  expect((await call('PUT', path, body)).body).toEqual(given.body)
  expect(typeOf(await call('PUT', path, { ...body, points: '51' }))).toEqual([
    409,
    'exists_with_different_content',
  ])
  expect(await stage.balance(walletId)).toBe(50n)
})

test('the points of a wallet are seen with who gave them and why, page by page', async () => {
  const owner = await stage.customer('+8613900010002')
  const wallet = `/wallets/${owner.walletId}`
  const nobody = '/wallets/01890000-0000-7000-8000-000000000001/points'
  for (const path of [nobody, `${nobody}/lines`])
    expect(typeOf(await call('GET', path))).toEqual([404, 'wallet_not_found'])
  expect((await call('GET', `${wallet}/points`)).body).toEqual({
    ...{ points: '0', expiring: null, owed: '0', unseen: 0 },
  })
  expect((await call('GET', `${wallet}/points/lines`)).body).toEqual({ items: [], next: null })
  const second = { login: 'wu.min', code: '246810' }
  for (const [points, reason] of [
    ['120', 'complaint 8'],
    ['-20', 'twice for complaint 8'],
  ]) {
    const key = randomUUID()
    const given = { points, reason, ...second }
    expect((await call('PUT', `${wallet}/points-adjustments/${key}`, given)).status).toBe(200)
  }
  const reward = await stage.reward(40n, 5n)
  const redeeming = { msisdn: owner.msisdn, rewardId: reward.id, key: 'k' }
  const redeemed = await stage.points.redeem(redeeming)
  if (!redeemed.ok) throw new Error(redeemed.refusal)
  expect((await call('GET', `${wallet}/points`)).body).toEqual({
    ...{ points: '60', expiring: { points: '60', on: '2027-12-31' }, owed: '0', unseen: 1 },
  })
  const first = (await call('GET', `${wallet}/points/lines?limit=2`)).body
  const rest = (await call('GET', `${wallet}/points/lines?limit=2&before=${first.next}`)).body
  const people = { askedBy: 'chen.li', agreedBy: 'wu.min' }
  expect([first.items, rest]).toMatchObject([
    [
      { reason: 'points_spent', points: '-40', balance: '60', adjustment: null },
      { points: '-20', balance: '100', adjustment: { reason: 'twice for complaint 8', ...people } },
    ],
    {
      items: [{ points: '120', balance: '120', adjustment: { reason: 'complaint 8', ...people } }],
      next: null,
    },
  ])
  expect(first.items[0].subject).toBe(redeemed.value.redemption.id)
  const naming = { msisdn: owner.msisdn, redemptionId: redeemed.value.redemption.id }
  await stage.points.showCode(naming)
  expect((await call('GET', `${wallet}/points`)).body).toMatchObject({ points: '60', unseen: 0 })
})

test('rewards come page by page, the newest first', async () => {
  const all = (await call('GET', '/points/rewards')).body
  expect(all).toMatchObject({ next: null, items: expect.toSatisfy((items) => items.length > 2) })
  const first = (await call('GET', '/points/rewards?limit=2')).body
  const rest = (await call('GET', `/points/rewards?limit=200&before=${first.next}`)).body
  expect([...first.items, ...rest.items]).toEqual(all.items)
})
