import fc from 'fast-check'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines, type TestDatabase, testDatabase } from '../../../../test/database.ts'
import { type TestKeys, testKeys } from '../../../../test/keys.ts'
import { createStage } from '../../../../test/wallet/stage.ts'
import { asProgram, operatorPeople, operatorToken } from '../../../test/operator-people.ts'
import { sealHead } from '../../audit/index.ts'
import { releaseOf } from '../../composition/release.ts'
import type { Log } from '../../db/index.ts'
import { createIdentities, type Identities, identityKeys } from '../../identities/index.ts'
import {
  createBusinessTime,
  createFieldCipher,
  createIds,
  manualClock,
  refuse,
  Secret,
} from '../../kernel/index.ts'
import { apiKeyVerifier, createCatalogue, type LiveCatalogue } from '../../merchants/index.ts'
import { createPolicy, numberDay, numberMonth, saveCounters } from '../../risk/index.ts'
import { introduce, saveLastYes } from '../../subscribers/index.ts'
import { createWalletPins, pinKey, type WalletPins } from '../../wallet-pins/index.ts'
import { createHttpServer } from '../http/index.ts'
import { operatorRoutes } from './index.ts'

const now = Date.UTC(2026, 10, 23, 4)
const ids = createIds()
const time = createBusinessTime()
const msisdn = '+8613800138000'

const terms = {
  feeRate: 500,
  carrierShare: 1_500,
  settlementPeriod: 'day',
  dailyCap: '2000000',
  refundDays: 180,
  directCharge: false,
  openAmount: null,
}
const product = {
  code: '150',
  status: 'on',
  kind: 'per_use',
  name: { zh: '宝剑', en: 'Sword' },
  price: '1500',
  delivery: 'notify',
  keywords: ['sword'],
  accountPattern: null,
  regions: [],
  brands: [],
  validFrom: null,
  validTo: '2027-01-01T00:00:00+08:00',
}
const client = {
  name: 'shop',
  scopes: ['payments'],
  grantTypes: ['client_credentials'],
  redirectUris: [],
  tokenSeconds: 3600,
  test: true,
}

describe.each(engines)('the operator API on %s', (engine) => {
  let made: TestDatabase
  let app: FastifyInstance
  let catalogue: LiveCatalogue
  let held: TestKeys
  let identities: Identities
  let walletPins: WalletPins
  const clock = manualClock(now)
  const failures: object[] = []

  beforeAll(async () => {
    made = await testDatabase({ engine })
    const { db } = made
    const keep = (fields: object) => void failures.push(fields)
    const log: Log = { info: () => undefined, warn: keep, error: keep }
    const cipher = createFieldCipher(new Secret(operatorToken), ids)
    await sealHead(db, cipher)
    catalogue = await createCatalogue(db, clock)
    const policy = await createPolicy(db, clock)
    held = await testKeys(
      { clock, ids },
      { sealing: [identityKeys.data], hashing: [identityKeys.lookup, pinKey] },
    )
    const { keys } = held
    identities = createIdentities({ keys, clock, ids })
    walletPins = createWalletPins({ db, keys, clock, ids, policy: policy.current })
    const requestId = () => 'request'
    app = await createHttpServer({
      log,
      behindProxy: false,
      securitySchemes: {},
      version: '0',
      requestId,
    })
    await app.register(operatorRoutes, {
      ...operatorPeople(clock),
      ...{ db, clock, ids, time, catalogue, policy, cipher },
      wallet: (await createStage({ db, clock })).wallet,
      signOut: async () => {},
      billers: { findOut: async () => refuse('bill_not_paid') },
      release: releaseOf({
        ...{ identities, walletPins },
        bindings: { release: async () => [] },
        wallet: { release: async () => {} },
        transfers: { release: async () => {} },
        billers: { release: async () => {} },
        signIns: { release: async () => {} },
      }),
    })
    await app.ready()
    await introduce(
      db,
      {
        msisdn,
        carrier: 'mobile',
        brand: '神州行',
        billing: 'prepaid',
        status: 'active',
        language: 'zh',
        region: '110000',
      },
      now,
    )
  })
  afterAll(async () => {
    await app?.close()
    await made?.close()
    held?.close()
  })

  const headers = asProgram
  async function call(
    method: NonNullable<InjectOptions['method']>,
    url: string,
    body?: object,
    changed: Partial<Record<keyof typeof headers, string | null>> = {},
  ) {
    const response = await app.inject({
      method,
      url: `/operator${url}`,
      headers: Object.fromEntries(
        Object.entries({ ...headers, ...changed }).filter(([, value]) => value !== null),
      ) as Record<string, string>,
      ...(body && { payload: body }),
    })
    return { status: response.statusCode, body: response.json() as Record<string, unknown> }
  }
  async function merchant() {
    const party = {
      name: { zh: '星际游戏', en: 'Star Games' },
      site: 'stargames.example',
      helpTel: '4006210000',
      contact: 'a@stargames.example',
    }
    const application = await call('POST', '/applications', party)
    const path = `/applications/${application.body.id}/approve`
    return String((await call('POST', path, terms)).body.id)
  }

  test('a stranger, a wrong token and a change without a name are turned away', async () => {
    expect(await call('GET', '/merchants', undefined, { authorization: null })).toMatchObject({
      status: 401,
      body: { type: '/problems/session_missing' },
    })
    for (const authorization of ['Bearer wrong', operatorToken, `Basic ${operatorToken}`])
      expect(await call('GET', '/merchants', undefined, { authorization })).toMatchObject({
        status: 401,
        body: { type: '/problems/unauthenticated' },
      })
    for (const name of [null, '', 'a;b', 'x'.repeat(65)])
      expect(
        await call('PATCH', '/policy', { smsTariff: '10' }, { 'x-operator': name }),
      ).toMatchObject({ status: 422, body: { type: '/problems/operator_missing' } })
  })

  test('a refused change is in the log with what was refused', async () => {
    const refused = await call('PATCH', '/policy', { dayLimit: '2999' })
    expect(refused.status).toBe(422)
    expect((await call('GET', '/log?limit=1')).body.items).toMatchObject([
      {
        operator: 'Chen Li',
        action: 'refused',
        subject: 'PATCH /operator/policy',
        after: { refusal: 'limits_out_of_order' },
      },
    ])
  })

  test('a merchant is entered, approved, opened, changed and closed, and the log tells it all', async () => {
    const id = await merchant()
    expect(await call('GET', `/merchants/${id}`)).toMatchObject({
      status: 200,
      body: { id, status: 'test', ...terms },
    })
    const openAmount = {
      min: '10',
      max: '3000',
      step: '10',
      goods: { zh: '充值', en: 'Top-up' },
      delivery: 'none',
    }
    expect(await call('PATCH', `/merchants/${id}`, { openAmount })).toMatchObject({
      body: { openAmount, feeRate: 500 },
    })
    expect(await call('PUT', `/merchants/${id}/status`, { status: 'on' })).toMatchObject({
      body: { status: 'on' },
    })
    expect(catalogue.merchant(id)).toMatchObject({ status: 'on' })
    expect(await call('PUT', `/merchants/${id}/status`, { status: 'test' })).toMatchObject({
      status: 409,
      body: { type: '/problems/not_allowed_now' },
    })
    const log = await call('GET', `/log?subject=merchant:${id}`)
    expect(log.body.items).toMatchObject([
      { action: 'merchant.status', before: { status: 'test' }, after: { status: 'on' } },
      { action: 'merchant.change', operator: 'Chen Li', after: { openAmount } },
      { action: 'merchant.approve', before: null },
    ])
    const page = await call('GET', `/log?subject=merchant:${id}&limit=2`)
    expect(page.body.items).toHaveLength(2)
    const rest = await call('GET', `/log?subject=merchant:${id}&limit=2&before=${page.body.next}`)
    expect(rest.body).toMatchObject({ items: [{ action: 'merchant.approve' }], next: null })
  })

  test('products and clients: added, changed, and a secret that is seen once', async () => {
    const id = await merchant()
    expect(await call('POST', `/merchants/${id}/products`, product)).toMatchObject({
      status: 201,
      body: { version: 1, keywords: ['SWORD'], validTo: '2026-12-31T16:00:00.000Z' },
    })
    expect(await call('PATCH', `/merchants/${id}/products/150`, { price: '1600' })).toMatchObject({
      body: { version: 2, price: '1600' },
    })
    expect(
      await call('PATCH', `/merchants/${id}/products/150`, { keywords: ['15'] }),
    ).toMatchObject({ status: 422, body: { type: '/problems/keyword_is_a_number' } })
    expect(
      await call('PUT', `/merchants/${id}/products/150/status`, { status: 'paused' }),
    ).toMatchObject({ body: { status: 'paused', version: 2 } })
    const versions = await call('GET', `/merchants/${id}/products/150/versions`)
    expect(versions.body.items).toHaveLength(2)

    const issued = await call('POST', `/merchants/${id}/clients`, client)
    const secret = String(issued.body.secret)
    expect(await apiKeyVerifier(catalogue, clock)(secret)).toMatchObject({ merchantId: id })
    const rotate = { overlapSeconds: 0 }
    const rotated = await call('POST', `/clients/${issued.body.id}/rotate`, rotate)
    expect(await apiKeyVerifier(catalogue, clock)(secret)).toBeUndefined()
    await call('DELETE', `/clients/${issued.body.id}`)
    expect(await apiKeyVerifier(catalogue, clock)(String(rotated.body.secret))).toBeUndefined()
    const everything = JSON.stringify(
      [
        await call('GET', `/merchants/${id}/clients`),
        await made.db.query('select after::text, before::text from operator_log'),
        await made.db.query('select * from api_client'),
      ],
      (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
    )
    expect(everything).not.toContain(secret)
    expect(everything).not.toContain(String(rotated.body.secret))
  })

  test('the limits of a number are explained with its counters, lists and own limits', async () => {
    await made.db.transact(async (tx) => {
      saveCounters(tx, [
        { key: numberDay(time, msisdn, now), used: 40_00n },
        { key: numberMonth(time, msisdn, now), used: 45_00n },
      ])
      saveLastYes(tx, [{ msisdn, at: now - 20_000 }])
    })
    const own = { switchedOn: true, single: '2000', day: null, month: null }
    await call('PUT', '/subscribers/13800138000/own-limits', own)
    const raised = { ...own, single: '2500' }
    expect(await call('PUT', '/subscribers/13800138000/own-limits', raised)).toMatchObject({
      body: { own, pending: { limits: raised, from: '2026-11-24T04:00:00.000Z' } },
    })
    const entry = { list: 'grey', kind: 'prefix', value: '1380013', reason: 'velocity' }
    const added = await call('POST', '/lists', entry)
    expect(added).toMatchObject({ status: 201, body: { ...entry, author: 'Chen Li' } })
    expect(await call('GET', '/subscribers/13800138000/limits?amount=1501')).toMatchObject({
      status: 200,
      body: {
        msisdn,
        single: { operator: '1500', own: '2000', limit: '1500', left: '1500' },
        day: { operator: '2500', limit: '2500', used: '4000', left: '0' },
        month: { limit: '5000', used: '4500', left: '500' },
        mostNow: '0',
        intervalLeftMs: 40_000,
        lists: [entry],
        amount: '1501',
        refusals: ['over_single_limit', 'too_soon', 'over_day_limit', 'over_month_limit'],
      },
    })
    expect(await call('DELETE', `/lists/${added.body.id}`)).toMatchObject({
      body: { removedBy: 'Chen Li' },
    })
    expect(await call('GET', '/lists?past=yes&kind=prefix')).toMatchObject({
      body: { items: [{ removedBy: 'Chen Li' }] },
    })
    expect(await call('GET', '/lists')).toMatchObject({ body: { items: [], next: null } })
    clock.advance(40_000)
    expect(await call('GET', '/subscribers/13800138000/limits')).toMatchObject({
      body: { mostNow: '1000', refusals: [], intervalLeftMs: 0 },
    })
    expect(await call('GET', '/subscribers/13900139000/limits')).toMatchObject({ status: 404 })
    expect(await call('GET', '/subscribers/110/limits')).toMatchObject({ status: 422 })
  })

  test('a change of SIM begins the cool-off, and the log tells who said so', async () => {
    const at = '2026-11-23T11:30:00+08:00'
    const told = { simChangedAt: '2026-11-23T03:30:00.000Z' }
    const path = '/subscribers/13800138000'
    expect((await call('GET', path)).body).toMatchObject({ simChangedAt: null, coolOffUntil: null })
    expect(await call('POST', `${path}/sim-changes`, { at })).toMatchObject({
      status: 200,
      body: { ...told, coolOffUntil: '2026-11-26T03:30:00.000Z' },
    })
    expect((await call('GET', path)).body).toMatchObject(told)
    expect((await call('GET', `/log?limit=1&subject=number:%2B8613800138000`)).body.items).toEqual([
      expect.objectContaining({
        ...{ operator: 'Chen Li', action: 'subscriber.sim_changed' },
        ...{ before: { simChangedAt: null }, after: told },
      }),
    ])
    const later = { at: '2026-11-24T11:30:00+08:00' }
    expect(await call('POST', `${path}/sim-changes`, later)).toMatchObject({
      status: 422,
      body: { type: '/problems/sim_change_in_future' },
    })
    expect(await call('POST', '/subscribers/13900139000/sim-changes', { at })).toMatchObject({
      status: 404,
    })
    expect(await call('POST', `${path}/sim-changes`, {})).toMatchObject({ status: 422 })
  })

  test('closing a number releases its owner and its PIN, with the change of status or not at all', async () => {
    const { db } = made
    const number = '+8613800138001'
    const facts = {
      carrier: 'mobile',
      brand: '神州行',
      billing: 'prepaid',
      region: '110000',
    } as const
    await introduce(db, { ...facts, msisdn: number, language: 'zh', status: 'active' }, now)
    await db.transact(async (tx) => {
      const document = { kind: '01', number: new Secret('11010519491231002X') } as const
      const name = new Secret('欧阳小明')
      await identities.register(tx, { msisdn: number, name, document, level: 'basic', by: 'x' })
      await walletPins.issueInitial(tx, number, {})
    })
    const has = async () => [
      (await identities.ownerOf(db, number)) !== undefined,
      (await walletPins.stateOf(db, number)) !== undefined,
    ]
    const close = () => call('PUT', '/subscribers/13800138001/status', { status: 'closed' })
    await call('PUT', '/subscribers/13800138001/status', { status: 'suspended' })
    expect(await has()).toEqual([true, true])
    // The last of the release fails: the row of the owner cannot be ended.
    await db.transact((tx) =>
      tx.query('alter table number_owner add constraint held check (ended_at is null)'),
    )
    expect((await close()).status).toBe(500)
    expect(failures.splice(0)).toMatchObject([{ err: { constraint: 'held' } }])
    await db.transact((tx) => tx.query('alter table number_owner drop constraint held'))
    expect(await has()).toEqual([true, true])
    expect((await call('GET', '/subscribers/13800138001')).body).toMatchObject({
      status: 'suspended',
    })
    expect(await close()).toMatchObject({ status: 200, body: { status: 'closed' } })
    expect(await has()).toEqual([false, false])
  })

  test('the policy changes what is named and refuses what makes no sense', async () => {
    expect(await call('PATCH', '/policy', { dayLimit: '6000', webOn: false })).toMatchObject({
      status: 200,
      body: { dayLimit: '6000', webOn: false, singleLimit: '3000', intervalMs: 60_000 },
    })
    expect(await call('GET', '/policy')).toMatchObject({ body: { dayLimit: '6000' } })
    expect(await call('PATCH', '/policy', { dayLimit: '2999' })).toMatchObject({
      status: 422,
      body: { type: '/problems/limits_out_of_order' },
    })
    for (const wrong of [{ dayLimit: 6000 }, { dayLimit: '-1' }, { other: 1 }, { webOn: 1 }])
      expect(await call('PATCH', '/policy', wrong)).toMatchObject({
        status: 422,
        body: { type: '/problems/invalid_request' },
      })
    await call('PATCH', '/policy', { dayLimit: '5000', webOn: true })
  })

  test('whatever is sent to it, the API never breaks', async () => {
    const id = await merchant()
    await call('POST', `/merchants/${id}/products`, product)
    const bodies = [
      ['POST', '/applications', { name: product.name, site: 'a', helpTel: '1', contact: 'c' }],
      ['PATCH', `/merchants/${id}`, terms],
      ['PUT', `/merchants/${id}/status`, { status: 'on' }],
      ['POST', `/merchants/${id}/products`, product],
      ['PATCH', `/merchants/${id}/products/150`, product],
      ['PUT', `/merchants/${id}/products/150/status`, { status: 'on' }],
      ['POST', `/merchants/${id}/clients`, client],
      ['PUT', '/subscribers/13800138000/own-limits', { switchedOn: true, single: '1' }],
      ['POST', '/subscribers/13800138000/sim-changes', { at: '2026-11-23T11:30:00+08:00' }],
      ['POST', '/lists', { list: 'black', kind: 'number', value: 'x', reason: 'r' }],
      ['PATCH', '/policy', { dayLimit: '5000', intervalMs: 1, smsOn: true }],
    ] as const
    const strange = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('\u0000', '\ud800', '9'.repeat(12), '1e400', -1, 1.5, 2 ** 60, '１００', ' '),
      fc.string({ unit: 'binary' }),
    )
    const request = fc.constantFrom(...bodies).chain(([method, url, body]) => {
      const fields = Object.fromEntries(
        Object.entries(body).map(([name, good]) => [
          name,
          fc.oneof({ weight: 3, arbitrary: fc.constant<unknown>(good) }, strange),
        ]),
      )
      const sent = fc.oneof(
        { weight: 4, arbitrary: fc.record(fields, { requiredKeys: [] }) },
        strange,
      )
      return fc.record({ method: fc.constant(method), url: fc.constant(url), sent })
    })
    const paths = fc.tuple(
      fc.constantFrom('merchants', 'subscribers', 'lists', 'log', 'applications', 'clients'),
      fc.string({ unit: 'binary', maxLength: 30 }),
    )
    await fc.assert(
      fc.asyncProperty(request, paths, async ({ method, url, sent }, [kind, name]) => {
        const options = { method, url: `/operator${url}`, headers }
        const answer = await app.inject({
          ...options,
          headers: { ...headers, 'content-type': 'application/json' },
          payload: JSON.stringify(sent) ?? 'null',
        })
        expect(answer.statusCode, answer.body).toBeLessThan(500)
        const encoded = encodeURIComponent(Buffer.from(name).toString())
        for (const path of [`${kind}/${encoded}`, `${kind}?before=${encoded}&subject=${encoded}`]) {
          const read = await app.inject({ method: 'GET', url: `/operator/${path}`, headers })
          expect(read.statusCode, path).toBeLessThan(500)
        }
      }),
      { numRuns: 60 },
    )
    const broken = await app.inject({
      method: 'PATCH',
      url: '/operator/policy',
      headers: { ...headers, 'content-type': 'application/json' },
      payload: '{"dayLimit":',
    })
    expect(broken.statusCode).toBe(400)
    expect(failures).toEqual([])
  })

  test('ten wrong tokens lock an address for a quarter of an hour, the right one too, and the log says so', async () => {
    const get = (remoteAddress: string, bearer: string) =>
      app.inject({
        url: '/operator/policy',
        headers: { authorization: `Bearer ${bearer}` },
        remoteAddress,
      })
    const statuses: number[] = []
    for (let i = 0; i < 11; i += 1)
      statuses.push((await get('203.0.113.9', `wrong ${i}`)).statusCode)
    for (let i = 0; i < 11; i += 1)
      statuses.push((await get(`2001:db8::${i}`, `wrong-token-${i}`)).statusCode)
    const ten = Array.from({ length: 10 }, () => 401)
    // A token with a space in it is none, and was not tried.
    expect(statuses).toEqual([...ten, 401, ...ten, 429])
    const locked = await get('2001:db8::1234', operatorToken)
    expect([locked.statusCode, locked.headers['retry-after']]).toEqual([429, '900'])
    expect((await get('2001:db8:0:1::1', operatorToken)).statusCode).toBe(200)
    expect((await call('GET', '/log?limit=1')).body.items).toMatchObject([
      { operator: '-', action: 'token.locked', subject: 'address:2001:db8::9' },
    ])
    clock.advance(15 * 60_000)
    expect((await get('2001:db8::1234', operatorToken)).statusCode).toBe(200)
  })
})
