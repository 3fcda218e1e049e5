/** The operator and top-up vouchers: two people, one file for the printer, and no code anywhere else. */
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { compactDecrypt } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../../test/books.ts'
import { createStage, type Stage } from '../../../../test/top-up-vouchers/stage.ts'
import { asPerson, operatorPeople, secondCode } from '../../../test/operator-people.ts'
import { sealHead } from '../../audit/index.ts'
import { refuse } from '../../kernel/index.ts'
import { createCatalogue } from '../../merchants/index.ts'
import { createPolicy } from '../../risk/index.ts'
import { createHttpServer } from '../http/index.ts'
import { operatorRoutes } from './index.ts'

const root = '/top-up-voucher-batches'
const printer = generateKeyPairSync('rsa', { modulusLength: 2048 })
const printerKey = printer.publicKey.export({ type: 'spki', format: 'pem' }).toString()
let stage: Stage
let app: FastifyInstance

beforeAll(async () => {
  stage = await createStage()
  const { db, clock, tools } = stage
  await sealHead(db, tools.cipher)
  const log = { info: () => {}, warn: () => {}, error: console.error }
  app = await createHttpServer({
    ...{ log, behindProxy: false, securitySchemes: {}, version: '0', requestId: () => 'request' },
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
})
afterAll(async () => {
  expect(await offencesIn(stage.db)).toEqual([])
  await app?.close()
  await stage?.close()
})

async function call(method: 'GET' | 'PUT' | 'POST', path: string, body?: object) {
  const headers = asPerson('chen.li')
  const answer = await app.inject({
    ...{ method, url: `/operator${path}`, headers },
    ...(body && { payload: body }),
  })
  return { status: answer.statusCode, body: answer.json(), text: answer.body }
}
const second = { login: 'wu.min', code: secondCode }
const terms = () => ({
  ...{ name: 'Spring', seller: 'hall-1', amount: '5000', count: '3' },
  validUntil: new Date(stage.clock.now() + 86_400_000).toISOString(),
})

test('a batch: asked for and agreed to, made once, sold, blocked; each step is written down', async () => {
  const id = randomUUID()
  const asked = { ...terms(), ...second }
  expect(await call('PUT', `${root}/${id}`, { ...asked, code: '000000' })).toMatchObject({
    status: 403,
  })
  expect(await call('PUT', `${root}/${id}`, asked)).toMatchObject({
    ...{ status: 200, body: { state: 'requested', askedBy: 'chen.li', agreedBy: 'wu.min' } },
  })
  expect((await call('PUT', `${root}/${id}`, asked)).status).toBe(200)
  expect((await call('POST', `${root}/${id}/activate`, { from: '1', to: '3' })).status).toBe(409)
  expect((await call('POST', `${root}/${id}/file`, { printerKey: 'x' })).status).toBe(422)

  const made = await call('POST', `${root}/${id}/file`, { printerKey })
  expect(made).toMatchObject({ status: 200, body: { batch: { state: 'made' } } })
  const { plaintext } = await compactDecrypt(made.body.file, printer.privateKey)
  const codes = new TextDecoder()
    .decode(plaintext)
    .split('\n')
    .slice(1, -1)
    .map((line) => line.split(',')[1] ?? '')
  expect(codes).toHaveLength(3)
  expect(await call('POST', `${root}/${id}/file`, { printerKey })).toMatchObject({ status: 409 })

  const sold = await call('POST', `${root}/${id}/activate`, { from: '1', to: '2' })
  expect(sold.body).toMatchObject({ changed: '2', batch: { state: 'active' } })
  const span = { from: '1', to: '3' }
  const why = { reason: 'lost on the way', ...second }
  expect((await call('POST', `${root}/${id}/expire`, { ...span, ...why })).status).toBe(409)
  const blocked = await call('POST', `${root}/${id}/block`, { ...span, ...why })
  expect(blocked.body).toMatchObject({ changed: '3', batch: { state: 'blocked' } })

  const list = await call('GET', root)
  expect(list.body.items[0]).toMatchObject({ id, vouchers: { blocked: '3', active: '0' } })
  const log = await call('GET', '/log?limit=50')
  const actions = log.body.items.map(({ action }: { action: string }) => action)
  for (const action of ['request', 'make', 'activate', 'block'])
    expect(actions).toContain(`top_up_vouchers.${action}`)
  for (const code of codes)
    for (const { text } of [made, sold, blocked, list, log]) expect(text).not.toContain(code)
})
