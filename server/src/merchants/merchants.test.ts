import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { Database, Tx } from '../db/index.ts'
import { createIds, manualClock, type Result } from '../kernel/index.ts'
import {
  addProduct,
  apiKeyVerifier,
  apply,
  approve,
  changeMerchant,
  changeProduct,
  createCatalogue,
  createClient,
  listApplications,
  type ProductContent,
  readVersions,
  refuseApplication,
  revokeClient,
  rotateClient,
  setMerchantStatus,
  setProductStatus,
} from './index.ts'

const now = Date.UTC(2026, 10, 23, 4)
const ids = createIds()
const terms = {
  feeRate: 500,
  carrierShare: 1_500,
  settlementPeriod: 'day',
  dailyCap: 20_000_00n,
  refundDays: 180,
  directCharge: false,
  openAmount: null,
} as const
const sword: ProductContent = {
  kind: 'per_use',
  name: { zh: '宝剑', en: 'Sword' },
  price: 15_00n,
  delivery: 'notify',
  keywords: ['sword'],
  accountPattern: null,
  regions: ['110000'],
  brands: [],
  validFrom: null,
  validTo: now + 1,
}
const client = {
  name: 'shop',
  scopes: ['payments'],
  grantTypes: ['client_credentials'],
  redirectUris: [],
  tokenSeconds: 3600,
  test: false,
}

describe.each(engines)('merchants on %s', (engine) => {
  let made: TestDatabase
  let db: Database
  beforeAll(async () => {
    made = await testDatabase({ engine })
    db = made.db
  })
  afterAll(() => made?.close())

  const done = async <Value>(work: (tx: Tx) => Promise<Result<Value, string>>): Promise<Value> => {
    const result = await db.transact(work)
    if (!result.ok) throw new Error(result.refusal)
    return result.value
  }
  const application = () =>
    done((tx) =>
      apply(
        tx,
        {
          name: { zh: '星际游戏', en: 'Star Games' },
          site: 'stargames.example',
          helpTel: '4006210000',
          contact: 'a@stargames.example',
        },
        { ids, now },
      ),
    )
  const merchant = async (number?: string) => {
    const { id } = await application()
    return done((tx) =>
      approve(tx, { applicationId: id, terms, ...(number !== undefined && { number }) }, now),
    )
  }

  test('an approval gives the agreed number, or the lowest free one, and happens once', async () => {
    const { id } = await application()
    const approveIt = (number?: string) =>
      db.transact((tx) =>
        approve(tx, { applicationId: id, terms, ...(number !== undefined && { number }) }, now),
      )
    expect(await approveIt('0999')).toMatchObject({ refusal: 'number_malformed' })
    expect(await approveIt('6021')).toMatchObject({
      ok: true,
      value: { id: '6021', status: 'test' },
    })
    expect(await approveIt()).toMatchObject({ refusal: 'already_decided' })
    expect(await merchant()).toMatchObject({ id: '1000' })
    const other = await application()
    expect(
      await db.transact((tx) =>
        approve(tx, { applicationId: other.id, terms, number: '6021' }, now),
      ),
    ).toMatchObject({ refusal: 'number_taken' })
    expect(
      await done((tx) => refuseApplication(tx, { applicationId: other.id, reason: 'no' }, now)),
    ).toMatchObject({ status: 'refused', reason: 'no' })
    const waiting = { status: 'refused', before: null, limit: 10 } as const
    expect(await listApplications(db, waiting)).toMatchObject([{ id: other.id }])
  })

  test('the number of a closed merchant is never given again', async () => {
    const first = await merchant()
    await done((tx) => setMerchantStatus(tx, { merchantId: first.id, status: 'closed' }, now))
    const next = await merchant()
    expect(Number(next.id)).toBeGreaterThan(Number(first.id))
    expect(
      await db.transact((tx) => setMerchantStatus(tx, { merchantId: first.id, status: 'on' }, now)),
    ).toMatchObject({ refusal: 'not_allowed_now' })
  })

  test('many approvals at once give many different numbers', async () => {
    const waiting = await Promise.all(Array.from({ length: 16 }, application))
    const approved = await Promise.all(
      waiting.map(({ id }) => done((tx) => approve(tx, { applicationId: id, terms }, now))),
    )
    expect(new Set(approved.map(({ id }) => id)).size).toBe(16)
  })

  test('one application approved twice at once becomes one merchant', async () => {
    const { id } = await application()
    const results = await Promise.all(
      [1, 2, 3, 4].map(() => db.transact((tx) => approve(tx, { applicationId: id, terms }, now))),
    )
    expect(results.filter((result) => result.ok)).toHaveLength(1)
  })

  test('a changed product is a new version; a status changes in place', async () => {
    const { id: merchantId } = await merchant()
    const key = { merchantId, code: '150' }
    const add = { ...key, status: 'on', content: sword } as const
    const added = await done((tx) => addProduct(tx, add, now))
    expect(added).toMatchObject({ version: 1, keywords: ['SWORD'] })
    expect(await db.transact((tx) => addProduct(tx, add, now))).toMatchObject({
      refusal: 'code_taken',
    })
    await done((tx) => changeProduct(tx, { ...key, changes: { price: 16_00n } }, now))
    const same = await done((tx) => changeProduct(tx, { ...key, changes: { price: 16_00n } }, now))
    expect(same.after.version).toBe(2)
    await done((tx) => setProductStatus(tx, { ...key, status: 'paused' }))
    expect(await readVersions(db, merchantId, '150')).toEqual([
      { ...added, version: 2, price: 16_00n, status: 'paused' },
      added,
    ])
  })

  test('a word buys one product, also after one was off for a while', async () => {
    const { id: merchantId } = await merchant()
    const add = (code: string, content: ProductContent) =>
      db.transact((tx) => addProduct(tx, { merchantId, code, status: 'on', content }, now))
    await add('150', sword)
    expect(await add('160', sword)).toMatchObject({ refusal: 'keyword_taken' })
    await done((tx) => setProductStatus(tx, { merchantId, code: '150', status: 'off' }))
    expect(await add('160', sword)).toMatchObject({ ok: true })
    expect(
      await db.transact((tx) => setProductStatus(tx, { merchantId, code: '150', status: 'on' })),
    ).toMatchObject({ refusal: 'keyword_taken' })
  })

  test('the catalogue sees a change within a second, and at once when told to', async () => {
    const clock = manualClock(now)
    const catalogue = await createCatalogue(db, clock)
    const { id: merchantId } = await merchant()
    const openAmount = {
      min: 10n,
      max: 30_00n,
      step: 10n,
      goods: { zh: '充值', en: 'Top-up' },
      delivery: 'none',
    } as const
    await done((tx) => changeMerchant(tx, { merchantId, changes: { openAmount } }, now))
    await done((tx) =>
      addProduct(tx, { merchantId, code: '150', status: 'on', content: sword }, now),
    )
    await catalogue.refresh()
    expect(catalogue.merchant(merchantId)).toBeUndefined()
    clock.advance(1_000)
    await Promise.all([catalogue.refresh(), catalogue.refresh()])
    expect(catalogue.merchant(merchantId)?.openAmount).toEqual(openAmount)
    expect(catalogue.productByWord(merchantId, 'SWORD')).toMatchObject({
      code: '150',
      price: 15_00n,
    })
    expect(catalogue.productByWord(merchantId, '150')).toBe(catalogue.product(merchantId, '150'))
    await done((tx) => setProductStatus(tx, { merchantId, code: '150', status: 'off' }))
    await catalogue.reload()
    expect(catalogue.productByWord(merchantId, 'SWORD')).toBeUndefined()
    expect(catalogue.productsOf(merchantId)).toMatchObject([{ status: 'off' }])
  })

  test('reloads while merchants are added never go back to an older catalogue', async () => {
    const catalogue = await createCatalogue(db, manualClock(now))
    const seen: number[] = []
    const adding = (async () => {
      for (let i = 0; i < 10; i += 1) await merchant()
    })()
    const reloading = Array.from({ length: 4 }, async () => {
      for (let i = 0; i < 10; i += 1) {
        await catalogue.reload()
        seen.push(catalogue.merchants().length)
      }
    })
    await Promise.all([adding, ...reloading])
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
  })

  test('a secret opens until it is rotated out or revoked', async () => {
    const clock = manualClock(now)
    const catalogue = await createCatalogue(db, clock)
    const verify = apiKeyVerifier(catalogue, clock)
    const { id: merchantId } = await merchant()
    const at = { ids, now }
    const first = await done((tx) => createClient(tx, { ...client, merchantId }, at))
    expect(first.secret.reveal()).toMatch(/^tp_live_[\w-]{43}$/)
    expect(JSON.stringify(first)).not.toContain(first.secret.reveal())
    await catalogue.reload()
    expect(await verify(first.secret.reveal())).toMatchObject({ id: first.client.id, merchantId })
    expect(await verify(`${first.secret.reveal().slice(0, -1)}!`)).toBeUndefined()
    expect(await verify(`tp_live_${'x'.repeat(43)}`)).toBeUndefined()

    const rotate = { clientId: first.client.id, overlapMs: 60_000 }
    const second = await done((tx) => rotateClient(tx, rotate, at))
    await catalogue.reload()
    expect(await verify(second.secret.reveal())).toBeDefined()
    expect(await verify(first.secret.reveal())).toBeDefined()
    clock.advance(60_000)
    expect(await verify(first.secret.reveal())).toBeUndefined()
    expect(await verify(second.secret.reveal())).toBeDefined()

    await done((tx) => revokeClient(tx, first.client.id, clock.now()))
    clock.advance(1_000)
    expect(await verify(second.secret.reveal())).toBeUndefined()
    expect(await db.transact((tx) => rotateClient(tx, rotate, at))).toMatchObject({
      refusal: 'client_revoked',
    })
  })

  test.each([
    [{ grantTypes: ['authorization_code'] }, 'redirect_uri_missing'],
    [{ redirectUris: ['http://shop.example/back'] }, 'redirect_uri_malformed'],
    [{ redirectUris: ['https://shop.example/back#x'] }, 'redirect_uri_malformed'],
    [{ redirectUris: ['javascript:alert(1)'] }, 'redirect_uri_malformed'],
    [{ merchantId: '9998' }, 'merchant_not_found'],
  ])('a client with %o is refused: %s', async (changes, refusal) => {
    const { id: merchantId } = await merchant()
    const content = { ...client, merchantId, ...changes }
    expect(await db.transact((tx) => createClient(tx, content, { ids, now }))).toEqual({
      ok: false,
      refusal,
    })
  })

  test('a merchant has at most twenty clients, and closing it revokes them', async () => {
    const { id: merchantId } = await merchant()
    const create = () =>
      db.transact((tx) => createClient(tx, { ...client, merchantId, test: true }, { ids, now }))
    const results = await Promise.all(Array.from({ length: 22 }, create))
    expect(results.filter((result) => result.ok)).toHaveLength(20)
    await done((tx) => setMerchantStatus(tx, { merchantId, status: 'closed' }, now))
    const catalogue = await createCatalogue(db, manualClock(now))
    // Which two of them came too late is chance.
    const one = results.find((result) => result.ok)
    if (!one?.ok) throw new Error('twenty clients fit')
    expect(one.value.secret.reveal()).toMatch(/^tp_test_/)
    expect(catalogue.client(one.value.client.id)?.revokedAt).toBe(now)
  })
})
