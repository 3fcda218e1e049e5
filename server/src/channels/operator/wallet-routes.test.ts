/** The operator and wallets: shut and opened, classed by how well the owner is known, and written down. */
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../../test/books.ts'
import { createStage, type Stage } from '../../../../test/wallet/stage.ts'
import { asPerson, operatorPeople, operatorToken } from '../../../test/operator-people.ts'
import { sealHead } from '../../audit/index.ts'
import {
  createBusinessTime,
  createFieldCipher,
  createIds,
  refuse,
  Secret,
} from '../../kernel/index.ts'
import { createCatalogue } from '../../merchants/index.ts'
import { createPolicy } from '../../risk/index.ts'
import { holdAsked } from '../../wallet/index.ts'
import { createHttpServer } from '../http/index.ts'
import { operatorRoutes } from './index.ts'

const alice = '+8613900010001'
let stage: Stage
let app: FastifyInstance
let walletId: string

beforeAll(async () => {
  stage = await createStage()
  const { db, clock, wallet } = stage
  const ids = createIds()
  const cipher = createFieldCipher(new Secret(operatorToken), ids)
  await sealHead(db, cipher)
  const log = { info: () => {}, warn: () => {}, error: console.error }
  const requestId = () => 'request'
  app = await createHttpServer({
    ...{ log, behindProxy: false, securitySchemes: {}, version: '0', requestId },
  })
  await app.register(operatorRoutes, {
    ...operatorPeople(clock),
    ...{ db, clock, ids, cipher, wallet, time: createBusinessTime() },
    ...{ release: async () => {}, signOut: async () => {} },
    billers: { findOut: async () => refuse('bill_not_paid') },
    catalogue: await createCatalogue(db, clock),
    policy: await createPolicy(db, clock),
  })
  await app.ready()
  walletId = (await stage.customer(alice, 100_00n)).walletId
})
afterAll(async () => {
  expect(await offencesIn(stage.db)).toEqual([])
  await app?.close()
  await stage?.close()
})

async function call(method: 'GET' | 'PUT' | 'POST', url: string, body?: object) {
  const headers = asPerson('chen.li')
  const answer = await app.inject({ method, url, headers, ...(body && { payload: body }) })
  return { status: answer.statusCode, body: answer.json() }
}
const freeze = (frozen: string) =>
  call('PUT', `/operator/wallets/${walletId}/freeze`, { frozen, reason: 'court order 17' })
const classed = (to: string) =>
  call('PUT', `/operator/wallets/${walletId}/class`, { class: to, reason: 'asked for it' })
const lastLogged = async () => (await call('GET', '/operator/log?limit=1')).body.items[0]

async function tries() {
  const order = { msisdn: alice, amount: 1_00n, till: 't1', channel: 'counter' } as const
  const into = await stage.wallet.cashIn({ ...order, key: stage.key() })
  const out = await stage.wallet.cashOut({ ...order, key: stage.key() })
  return [into, out].map((one) => (one.ok ? 'moved' : one.refusal))
}

test.each([
  ['in', ['frozen_in', 'moved']],
  ['both', ['frozen_in', 'frozen_out']],
  ['out', ['moved', 'frozen_out']],
  ['none', ['moved', 'moved']],
])('frozen %s: cash in and out %o', async (frozen, outcome) => {
  const { frozen: before } = (await call('GET', `/operator/wallets/${walletId}`)).body
  expect(await freeze(frozen)).toMatchObject({ status: 200, body: { frozen } })
  expect(await tries()).toEqual(outcome)
  expect(await lastLogged()).toMatchObject({
    ...{ operator: 'staff:chen.li', action: 'wallet.freeze', subject: `wallet:${walletId}` },
    ...{ before: { frozen: before }, after: { frozen, reason: 'court order 17' } },
  })
})

test('a frozen wallet cannot be closed with a pay-out', async () => {
  await freeze('out')
  const closing = { msisdn: alice, walletId, channel: 'counter', key: stage.key() } as const
  const closed = await stage.wallet.close({ ...closing, payTo: { till: 't1' } })
  expect(closed).toMatchObject({ ok: false, refusal: 'frozen_out' })
  await freeze('none')
})

test('a class above I needs a verified owner, and is not left for I again', async () => {
  expect(await classed('II')).toMatchObject({ status: 200, body: { class: 'II' } })
  stage.people.own(alice, { level: 'declared' as never })
  expect(await classed('III')).toMatchObject({
    status: 422,
    body: { type: expect.stringContaining('level_too_low') },
  })
  expect(await lastLogged()).toMatchObject({ action: 'refused' })
  expect(await classed('I')).toMatchObject({ status: 409 })
  stage.people.own(alice, { level: 'verified' })
  expect(await classed('III')).toMatchObject({ status: 200, body: { class: 'III' } })
})

test('found by its number; what is none is said', async () => {
  expect((await call('GET', `/operator/subscribers/${alice}/wallet`)).body.id).toBe(walletId)
  const gone = createIds().next(3, stage.clock.now())
  expect((await call('GET', `/operator/wallets/${gone}`)).status).toBe(404)
  const stranger = '/operator/subscribers/+8613900019999/wallet'
  expect((await call('GET', stranger)).status).toBe(404)
  const find = (msisdn: string) => call('POST', '/operator/wallets/find', { msisdn })
  expect((await find(alice)).body).toMatchObject({ id: walletId, msisdn: alice })
  const none = await Promise.all(['+8613900019999', '12345'].map(find))
  expect(none.map(({ status }) => status)).toEqual([404, 422])
  const body = { frozen: 'in', reason: 'x' }
  expect((await call('PUT', `/operator/wallets/${gone}/freeze`, body)).status).toBe(404)
})

test('what was held after a restore is ended by two people, and once; what a bank may still end is not', async () => {
  const bob = '+8613900010002'
  const { card } = await stage.customer(bob, 500_00n)
  const withdraw = async (amount: bigint) => {
    const order = { msisdn: bob, cardId: card, amount, speed: 'same_day' } as const
    const placed = await stage.wallet.withdraw({ ...order, channel: 'web', key: stage.key() })
    return placed.ok ? placed.value.movement.id : placed.refusal
  }
  stage.bank.next('silent')
  const silent = await withdraw(40_00n)
  await stage.settle()
  const [lost, failed] = [await withdraw(200_00n), await withdraw(100_00n)]
  await stage.db.transact((tx) => holdAsked(tx, stage.clock.now()))
  const page = (query: string) => call('GET', `/operator/movements/unknown?${query}`)
  const { items, next } = (await page('limit=2')).body
  const rest = (await page(`limit=2&after=${next}`)).body
  expect([...items, ...rest.items].map(({ id }) => id)).toEqual([silent, lost, failed])
  expect([rest.next, items[1]]).toMatchObject([
    null,
    { kind: 'withdrawal', amount: '20000', number: '139****0002', ageHours: 0 },
  ])
  const whole = (id: string) => call('GET', `/operator/movements/${id}`)
  expect((await whole(silent)).body).toMatchObject({ id: silent, resolvable: false })
  stage.clock.advance(49 * 3_600_000)
  expect((await whole(lost)).body).toEqual({ ...items[1], ageHours: 49, resolvable: true })

  const said = { outcome: 'not_done', reason: 'not in the file of the day', code: '246810' }
  const resolve = (id: string, more: object = {}) =>
    call('POST', `/operator/movements/${id}/resolve`, { ...said, login: 'wu.min', ...more })
  const gone = createIds().next(3, stage.clock.now())
  const refusals = [
    [await resolve(failed, { code: '000000' }), 403, 'second_person_wrong'],
    [await resolve(failed, { login: 'chen.li' }), 403, 'act_is_own'],
    [await resolve(gone), 404, 'movement_not_found'],
    [await whole(gone), 404, 'movement_not_found'],
    [await resolve(silent), 409, 'movement_at_bank'],
  ] as const
  for (const [{ status, body }, code, type] of refusals)
    expect([status, body.type]).toEqual([code, `/problems/${type}`])
  // What was refused is not written down as done.
  expect(await lastLogged()).toMatchObject({
    ...{ action: 'refused', after: { refusal: 'movement_at_bank' } },
  })
  expect(await stage.available(bob)).toBe(500_00n - 340_00n - 40n)

  expect((await resolve(failed)).body).toMatchObject({ state: 'returned' })
  expect((await whole(failed)).body).toMatchObject({ state: 'returned', resolvable: false })
  expect(await lastLogged()).toMatchObject({
    ...{ operator: 'staff:chen.li', action: 'movement.resolve', subject: `movement:${failed}` },
    after: { outcome: 'not_done', reason: said.reason, agreedBy: 'wu.min' },
  })
  expect((await resolve(lost, { outcome: 'done' })).body).toMatchObject({ state: 'paid' })
  expect((await resolve(lost)).body.type).toBe('/problems/movement_not_unknown')
  expect(await stage.available(bob)).toBe(500_00n - 240_00n - 30n)
  stage.bank.decide(silent, 'refused')
  await stage.wallet.look(silent)
  await stage.settle()
  expect((await page('limit=2')).body.items).toEqual([])
})
