/** One person is one identity, a number has one owner at a time, and nothing in the rows says who it is. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { type TestKeys, testKeys } from '../../../test/keys.ts'
import type { Database } from '../db/index.ts'
import { createIds, type Msisdn, manualClock, Secret } from '../kernel/index.ts'
import type { KeyStore } from '../keys/index.ts'
import { changeStatus, introduce } from '../subscribers/index.ts'
import {
  armIdentityReseal,
  createIdentities,
  createIdentityResealWorker,
  type Identities,
  identitiesUnder,
  identityInvariants,
  identityKeys,
  identityResealTopic,
  type Registration,
} from './index.ts'

const ids = createIds()
const onError = (error: unknown) => {
  throw error
}
const clock = manualClock(Date.UTC(2026, 10, 28, 4))

/** Sound documents, no two alike. */
let documents = 0
function idNumber(): string {
  documents += 1
  const first17 = `11010519491231${String(documents).padStart(3, '0')}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, at) => total + weight * Number(first17[at]), 0)
  return first17 + '10X98765432'[sum % 11]
}

describe.each(engines)('identities on %s', (engine) => {
  let stage: TestDatabase
  let held: TestKeys
  let keys: KeyStore
  let db: Database
  let identities: Identities

  beforeAll(async () => {
    stage = await testDatabase({ engine, ...(engine === 'postgres' && { poolMax: 8 }) })
    held = await testKeys(
      { clock, ids },
      { sealing: [identityKeys.data], hashing: [identityKeys.lookup] },
    )
    db = stage.db
    keys = held.keys
    identities = createIdentities({ keys, clock, ids })
  })
  afterAll(async () => {
    await stage?.close()
    held?.close()
  })

  let lines = 0
  async function line(): Promise<Msisdn> {
    lines += 1
    const msisdn = `+86139${String(lines).padStart(8, '0')}`
    const facts = {
      carrier: 'mobile',
      brand: '神州行',
      billing: 'prepaid',
      region: '110000',
    } as const
    await introduce(db, { ...facts, msisdn, language: 'zh', status: 'active' }, clock.now())
    return msisdn
  }
  const register = (
    msisdn: Msisdn,
    number: string,
    {
      name = '欧阳小明',
      ...changes
    }: { name?: string } & Partial<Pick<Registration, 'level'>> = {},
  ) =>
    db.transact((tx) =>
      identities.register(tx, {
        ...{ msisdn, name: new Secret(name), level: 'verified', by: 'clerk 0417', ...changes },
        document: { kind: '01', number: new Secret(number) },
      }),
    )
  const owner = async (msisdn: Msisdn, number: string, name?: string) => {
    const done = await register(msisdn, number, name === undefined ? {} : { name })
    if (!done.ok) throw new Error(done.refusal)
    return done.value
  }
  const close = (msisdn: Msisdn) =>
    db.transact((tx) =>
      changeStatus(
        tx,
        { msisdn, status: 'closed' },
        { now: clock.now(), release: identities.release },
      ),
    )
  const same = (msisdn: Msisdn, number: string, name = '欧阳小明') =>
    identities.isSame(db, msisdn, { name: new Secret(name), number: new Secret(number) })
  async function offences() {
    const found = await Promise.all(
      identityInvariants.map(async (one) => [one.name, await one.check(db)] as const),
    )
    return found.filter(([, { offences }]) => offences > 0n)
  }

  test('an owner is known masked, compared by name and document, and read for a bank', async () => {
    const [msisdn, number] = [await line(), idNumber()]
    const made = await owner(msisdn, number.toLowerCase(), ' 欧阳 小明 ')
    expect(made).toEqual({
      ...{ identityId: made.identityId, msisdn, level: 'verified', since: clock.now() },
      ...{ maskedName: '***明', maskedNumber: `1${'*'.repeat(16)}${number.at(-1)}` },
    })
    expect(await identities.ownerOf(db, msisdn)).toEqual(made)
    expect(await same(msisdn, number)).toBe(true)
    expect(await same(msisdn, number, '欧阳明小')).toBe(false)
    expect(await same(msisdn, idNumber())).toBe(false)
    expect(await same(await line(), number)).toBe(false)
    const person = await identities.reveal(db, made.identityId, { for: 'bank_message' })
    expect([person.name.reveal(), person.number.reveal()]).toEqual(['欧阳小明', number])
  })

  test('one person has several numbers, and one identity', async () => {
    const [one, other, number] = [await line(), await line(), idNumber()]
    const { identityId } = await owner(one, number)
    expect((await owner(other, number)).identityId).toBe(identityId)
    expect(await identities.numbersOf(db, identityId)).toEqual([one, other])
    expect(await register(one, number, { level: 'basic' })).toMatchObject({
      value: { identityId, level: 'verified' },
    })
    expect(await register(await line(), number, { name: '张三' })).toEqual({
      ok: false,
      refusal: 'name_differs',
    })
  })

  test('what is basic becomes verified with a second look', async () => {
    const [msisdn, number] = [await line(), idNumber()]
    await register(msisdn, number, { level: 'basic' })
    expect(await identities.ownerOf(db, msisdn)).toMatchObject({ level: 'basic' })
    expect(await register(msisdn, number)).toMatchObject({ value: { level: 'verified' } })
    expect(await identities.ownerOf(db, msisdn)).toMatchObject({ level: 'verified' })
  })

  test.each<[string, string, string, Parameters<typeof register>[2]]>([
    ['a document with a slip', 'id_number_invalid', '110105194912310021', {}],
    ['a name of digits', 'name_invalid', '11010519491231002X', { name: '1234' }],
  ])('%s is refused and leaves nothing', async (_, refusal, number, changes) => {
    const msisdn = await line()
    expect(await register(msisdn, number, changes)).toEqual({ ok: false, refusal })
    expect(await identities.ownerOf(db, msisdn)).toBeUndefined()
  })

  test('a number of somebody else, of nobody, or closed is refused', async () => {
    const [msisdn, number] = [await line(), idNumber()]
    await owner(msisdn, number)
    expect(await register(msisdn, idNumber())).toMatchObject({ refusal: 'number_has_owner' })
    expect(await register(msisdn, number, { name: '张三' })).toMatchObject({
      refusal: 'name_differs',
    })
    expect(await register('+8613700000000', number)).toMatchObject({ refusal: 'number_unknown' })
    await close(msisdn)
    expect(await register(msisdn, number)).toMatchObject({ refusal: 'number_closed' })
    const passport = { kind: '02' as '01', number: new Secret('E12345678') }
    const registration = { msisdn, name: new Secret('张三'), level: 'basic', by: 'x' } as const
    expect(
      await db.transact((tx) => identities.register(tx, { ...registration, document: passport })),
    ).toMatchObject({ refusal: 'document_kind_unsupported' })
  })

  test('a released number has no owner, whoever had it is on record, and the name may be put right', async () => {
    const [msisdn, number] = [await line(), idNumber()]
    const { identityId } = await owner(msisdn, number, '欧阳小名')
    await close(msisdn)
    expect(await identities.ownerOf(db, msisdn)).toBeUndefined()
    expect(await same(msisdn, number, '欧阳小名')).toBe(false)
    expect(await identities.numbersOf(db, identityId)).toEqual([])
    expect(await db.query('select ended_at from number_owner where msisdn = $1', [msisdn])).toEqual(
      [{ ended_at: BigInt(clock.now()) }],
    )
    // 90 days later the carrier gives the number to somebody else.
    clock.advance(90 * 86_400_000)
    const facts = {
      carrier: 'mobile',
      brand: '神州行',
      billing: 'prepaid',
      region: '110000',
    } as const
    await introduce(db, { ...facts, msisdn, language: 'zh', status: 'active' }, clock.now())
    expect(await identities.ownerOf(db, msisdn)).toBeUndefined()
    expect((await owner(msisdn, idNumber())).identityId).not.toBe(identityId)
    const again = await line()
    expect(await owner(again, number, '欧阳小明')).toMatchObject({
      identityId,
      maskedName: '***明',
    })
    expect(await same(again, number)).toBe(true)
  })

  test('after rotations people are found and read as before, and old versions can go', async () => {
    const [msisdn, number] = [await line(), idNumber()]
    const { identityId } = await owner(msisdn, number)
    const versions = () =>
      [identityKeys.data, identityKeys.lookup].map((name) => keys.readable(name))
    await keys.rotate(identityKeys.lookup)
    await keys.rotate(identityKeys.data)
    // Before anything is sealed anew.
    expect((await owner(await line(), number)).identityId).toBe(identityId)
    expect(await same(msisdn, number)).toBe(true)
    const worker = createIdentityResealWorker({ db, keys, clock, onError })
    await db.transact(async (tx) => armIdentityReseal(tx, clock.now()))
    const left = () => db.query('select 1 from job where topic = $1', [identityResealTopic])
    await expect.poll(left, { timeout: 10_000 }).toEqual([])
    await worker.stop()
    for (const [current, previous] of versions()) {
      if (!current || !previous) throw new Error('two versions')
      expect(await identitiesUnder(db, previous)).toBe(0n)
      expect(await identitiesUnder(db, current)).toBeGreaterThan(0n)
      expect(await keys.retire(previous)).toMatchObject({ ok: true })
    }
    expect((await owner(await line(), number)).identityId).toBe(identityId)
    expect(await same(msisdn, number)).toBe(true)
    const person = await identities.reveal(db, identityId, { for: 'bank_message' })
    expect(person.number.reveal()).toBe(number)
  })

  test('the rows keep their rules, and the rules find rows that do not', async () => {
    expect(await offences()).toEqual([])
    const broken = (statement: string) =>
      db
        .transact(async (tx) => {
          await tx.query(statement)
          const found: string[] = []
          for (const one of identityInvariants)
            if ((await one.check(tx)).offences > 0n) found.push(one.name)
          throw new Error(found.join())
        })
        .catch((error: Error) => error.message)
    expect(await broken('delete from identity_lookup')).toBe('identities_are_found')
    expect(await broken('update identity set key_version = 9')).toBe('identities_are_found')
    expect(await broken(`update subscriber set status = 'closed'`)).toBe('owners_have_live_numbers')
    expect(await broken('delete from identity')).toBe(
      'identities_are_found,owners_have_live_numbers',
    )
  })

  test.runIf(engine === 'postgres')(
    'two clerks who register one person at once make one identity',
    async () => {
      for (let round = 0; round < 5; round += 1) {
        const number = idNumber()
        const numbers = await Promise.all(Array.from({ length: 8 }, line))
        const owners = await Promise.all(numbers.map((msisdn) => owner(msisdn, number)))
        expect(new Set(owners.map(({ identityId }) => identityId)).size).toBe(1)
      }
      expect(await offences()).toEqual([])
    },
  )

  test.runIf(engine === 'postgres')(
    'a number that is registered while it is closed has no owner afterwards',
    async () => {
      const numbers = await Promise.all(Array.from({ length: 16 }, line))
      await Promise.all(
        numbers.flatMap((msisdn, i) =>
          i % 2 === 0
            ? [register(msisdn, idNumber()), close(msisdn)]
            : [close(msisdn), register(msisdn, idNumber())],
        ),
      )
      const owners = await Promise.all(numbers.map((msisdn) => identities.ownerOf(db, msisdn)))
      expect(owners.filter((one) => one !== undefined)).toEqual([])
    },
  )
})
