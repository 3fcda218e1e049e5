/** A customer pays merchants from the app, with the whole server behind it. */
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHttpServer } from '../../server/src/channels/http/index.ts'
import { openConsumer } from '../../server/src/composition/consumer.ts'
import { Secret } from '../../server/src/kernel/index.ts'
import { type Outgoing, openedNotice } from '../../server/src/payments/index.ts'
import { offencesIn } from '../books.ts'
import { customer, walletPin } from './customers.ts'
import { type Life, openPlace, type Place } from './place.ts'

const msisdn = '+8613900020001'
let place: Place
let life: Life
let app: FastifyInstance
let cookie: string

beforeAll(async () => {
  place = await openPlace({ answerMs: 10_000 })
  life = await place.live()
  await customer(place, life, { msisdn, inWallet: 300_00n })
  const log = { info: () => {}, warn: () => {}, error: console.error }
  app = await createHttpServer({
    ...{ log, behindProxy: false, version: '0', requestId: () => 'r', securitySchemes: {} },
  })
  await openConsumer(app, life.core, { origin: 'http://localhost' })
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
    `select subject, payload from job where topic = 'sign_in.code' and payload->'text'->>'to' = $1`,
    [to],
  )
  const notice = job && openedNotice(keys, job.subject, job.payload.text)
  const code = new Secret(notice && 'code' in notice ? notice.code : '')
  const begun = await signIns.byCode({ msisdn: to, code, device: 'test' })
  if (!begun.ok) throw new Error(begun.refusal)
  return `consumer=${begun.value.token.reveal()}`
}
async function call(method: 'GET' | 'POST', path: string, payload?: object) {
  const headers = { cookie, 'x-telepurse': 'app' }
  const answer = await app.inject({
    ...{ method, url: `/consumer${path}`, headers },
    ...(payload && { payload }),
  })
  return { status: answer.statusCode, body: answer.json() }
}
let keys = 0
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
  await life.core.db.transact((tx) =>
    tx.query(
      `insert into risk_policy (name, value, updated_at, updated_by)
       values ('walletPinFreeLimit', 1000, 0, 'test')`,
    ),
  )
  await life.core.policy.reload()
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
  const foreign = await call('GET', `/payments/${mine}`)
  expect(foreign.status).toBe(404)
  const over = await pay('110')
  expect([over.status, over.body.code]).toEqual([409, 'WL-01'])
  cookie = before
  expect(await offencesIn(life.core.db)).toEqual([])
})
