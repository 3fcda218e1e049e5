/** Right PINs pass, wrong ones count whatever else happens, and the rows tell nobody which is which. */
import { createHmac } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { engines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { type TestKeys, testKeys } from '../../../test/keys.ts'
import type { Database } from '../db/index.ts'
import { createIds, type Msisdn, manualClock, type Result, Secret } from '../kernel/index.ts'
import type { KeyStore } from '../keys/index.ts'
import { changeStatus, introduce } from '../subscribers/index.ts'
import {
  createWalletPins,
  type PinFacts,
  type PinRefusal,
  pinInvariants,
  pinKey,
  pinsUnder,
  type WalletPins,
} from './index.ts'

const ids = createIds()
const clock = manualClock(Date.UTC(2026, 10, 28, 4))
const hour = 3_600_000
const policy = { pinTriesMax: 5, initialPinHours: 72 }
const connections = 16
const wrong = new Secret('000000')
const told = (done: Result<undefined, PinRefusal>) => {
  if (done.ok) return 'right'
  return done.refusal.code === 'wrong' ? done.refusal.triesLeft : done.refusal.code
}

describe.each(engines)('wallet PINs on %s', (engine) => {
  let stage: TestDatabase
  let held: TestKeys
  let keys: KeyStore
  let db: Database
  let pins: WalletPins

  const open = () => createWalletPins({ db, keys, clock, ids, policy: () => policy })
  beforeAll(async () => {
    stage = await testDatabase({
      engine,
      ...(engine === 'postgres' && { poolMax: connections }),
    })
    db = stage.db
  })
  afterAll(() => stage?.close())
  beforeEach(async () => {
    held = await testKeys({ clock, ids }, { hashing: [pinKey] })
    keys = held.keys
    pins = open()
  })
  afterEach(() => held.close())

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
  const issue = (msisdn: Msisdn, facts: PinFacts = {}) =>
    db.transact((tx) => pins.issueInitial(tx, msisdn, facts))
  const reset = (msisdn: Msisdn) => db.transact((tx) => pins.reset(tx, msisdn, {}))
  const check = (msisdn: Msisdn, pin: Secret | string, channel = 'app', request?: string) =>
    pins.check(msisdn, typeof pin === 'string' ? new Secret(pin) : pin, channel, request)
  const change = (
    msisdn: Msisdn,
    { old, next, facts = {} }: { old: Secret; next: string; facts?: PinFacts },
  ) => pins.change({ msisdn, old, next: new Secret(next), channel: 'app' }, facts)
  /** A number whose owner has chosen 135792. */
  async function chosen(): Promise<Msisdn> {
    const msisdn = await line()
    expect(await change(msisdn, { old: await issue(msisdn), next: '135792' })).toMatchObject({
      ok: true,
    })
    return msisdn
  }
  const rowOf = async (msisdn: Msisdn) => {
    const [row] = await db.query<{ salt: string; mac: string; key_version: number }>(
      'select * from wallet_pin where msisdn = $1',
      [msisdn],
    )
    if (!row) throw new Error('no PIN')
    return row
  }

  test('an initial PIN does nothing but be changed, and the new one pays', async () => {
    const msisdn = await line()
    expect(await check(msisdn, wrong)).toEqual({ ok: false, refusal: { code: 'none' } })
    const initial = await issue(msisdn)
    expect(initial.reveal()).toMatch(/^\d{6}$/)
    expect(await check(msisdn, initial)).toEqual({ ok: false, refusal: { code: 'must_change' } })
    expect(await pins.stateOf(db, msisdn)).toEqual({
      ...{ state: 'initial', triesLeft: 5, locked: null },
      initialUntil: clock.now() + 72 * hour,
    })
    expect(await change(msisdn, { old: initial, next: '135792' })).toEqual({
      ok: true,
      value: undefined,
    })
    expect(await check(msisdn, '135792')).toEqual({ ok: true, value: undefined })
    expect(await check(msisdn, initial)).toMatchObject({ refusal: { code: 'wrong', triesLeft: 4 } })
    expect(await pins.stateOf(db, msisdn)).toEqual({
      ...{ state: 'active', triesLeft: 4, locked: null, initialUntil: null },
    })
  })

  test('an initial PIN can be changed to its last instant, and then nothing is told of it', async () => {
    const [msisdn, late] = [await line(), await line()]
    const [initial, other] = [await issue(msisdn), await issue(late)]
    clock.advance(72 * hour)
    expect(await change(msisdn, { old: initial, next: '135792' })).toMatchObject({ ok: true })
    clock.advance(1)
    for (const pin of [other, wrong])
      expect(await check(late, pin)).toEqual({ ok: false, refusal: { code: 'initial_expired' } })
    expect(await change(late, { old: other, next: '135792' })).toMatchObject({
      refusal: { code: 'initial_expired' },
    })
    expect(await check(msisdn, '135792')).toMatchObject({ ok: true })
  })

  test('a wrong one whose request comes again counts once; another PIN or another request counts anew', async () => {
    const msisdn = await chosen()
    const guess = async (pin: string, request?: string) =>
      told(await check(msisdn, pin, 'app', request))
    expect(await guess('000000', 'a')).toBe(4)
    expect(await guess('000000', 'a')).toBe(4)
    expect(await guess('000001', 'a')).toBe(3)
    expect(await guess('000000', 'a')).toBe(2)
    expect(await guess('000000', 'b')).toBe(1)
    expect(await guess('135792', 'b')).toBe('right')
    expect(await guess('000000', 'b')).toBe(4)
    expect(await guess('000000')).toBe(3)
    expect(await guess('000000')).toBe(2)
  })

  test('five wrong in a row over all channels lock, a right one counts anew, a reset opens', async () => {
    const msisdn = await chosen()
    const guess = async (channel: string) => told(await check(msisdn, wrong, channel))
    for (const left of [4, 3, 2, 1]) expect(await guess(left % 2 === 0 ? 'sms' : 'app')).toBe(left)
    expect(await check(msisdn, '135792')).toMatchObject({ ok: true })
    const answers = []
    for (const channel of ['sms', 'app', 'counter', 'sms', 'ussd'])
      answers.push(await guess(channel))
    expect(answers).toEqual([4, 3, 2, 1, 'locked'])
    const lockedAt = clock.now()
    clock.advance(1_000 * hour)
    expect(await check(msisdn, '135792')).toEqual({ ok: false, refusal: { code: 'locked' } })
    expect(await change(msisdn, { old: new Secret('135792'), next: '246813' })).toMatchObject({
      refusal: { code: 'locked' },
    })
    expect(await pins.stateOf(db, msisdn)).toMatchObject({
      ...{ triesLeft: 0, locked: { at: lockedAt, channel: 'ussd' } },
    })
    const again = await reset(msisdn)
    if (!again.ok) throw new Error(again.refusal)
    expect(await check(msisdn, again.value)).toMatchObject({ refusal: { code: 'must_change' } })
    expect(await reset(await line())).toEqual({ ok: false, refusal: 'none' })
  })

  test('a wrong try counts when what it was for fails, and as the old PIN of a change', async () => {
    const msisdn = await chosen()
    await expect(
      (async () => {
        const done = await check(msisdn, wrong)
        throw new Error(done.ok ? 'right' : done.refusal.code)
      })(),
    ).rejects.toThrow('wrong')
    expect(await change(msisdn, { old: wrong, next: '246813' })).toMatchObject({
      refusal: { code: 'wrong', triesLeft: 3 },
    })
    // Nothing is told of the new one before the old one was right.
    expect(await change(msisdn, { old: wrong, next: '111111' })).toMatchObject({
      refusal: { code: 'wrong', triesLeft: 2 },
    })
    expect(await pins.stateOf(db, msisdn)).toMatchObject({ triesLeft: 2 })
  })

  test('a weak PIN and the same PIN are not taken, and the old one stays', async () => {
    const msisdn = await chosen()
    const old = new Secret('135792')
    const facts = { idNumber: new Secret('11010519491231002X') }
    expect(await change(msisdn, { old, next: '491231', facts })).toEqual({
      ok: false,
      refusal: { code: 'weak', weakness: 'birth_date' },
    })
    expect(await change(msisdn, { old, next: '135792' })).toEqual({
      ok: false,
      refusal: { code: 'unchanged' },
    })
    expect(await check(msisdn, old)).toMatchObject({ ok: true })
  })

  test('initial PINs are drawn evenly from those that are good', async () => {
    const msisdn = await line()
    // 123456, then a draw that would favour low PINs, then 086431.
    const draws = [123_456, 4_294_967_295, 7_086_431]
    const scripted = {
      random(bytes: number) {
        const octets = Buffer.alloc(bytes)
        if (bytes === 4) octets.writeUInt32BE(draws.shift() ?? expect.fail('one draw too many'))
        return octets
      },
    }
    const drawing = createWalletPins({ db, keys, clock, ids: scripted, policy: () => policy })
    const pin = await db.transact((tx) => drawing.issueInitial(tx, msisdn, {}))
    expect(pin.reveal()).toBe('086431')
  })

  test('after a rotation the old key still tells, and a right PIN moves under the new one', async () => {
    const msisdn = await chosen()
    const before = await rowOf(msisdn)
    await keys.rotate(pinKey)
    expect(await check(msisdn, wrong)).toMatchObject({ refusal: { code: 'wrong' } })
    expect(await rowOf(msisdn)).toMatchObject({ mac: before.mac, key_version: 1 })
    expect(await pinsUnder(db, { name: pinKey, version: 1 })).toBeGreaterThan(0n)
    expect(await check(msisdn, '135792')).toMatchObject({ ok: true })
    const after = await rowOf(msisdn)
    expect(after.key_version).toBe(2)
    expect([after.mac, after.salt]).not.toEqual([before.mac, before.salt])
    await keys.retire({ name: pinKey, version: 1 })
    expect(await check(msisdn, '135792')).toMatchObject({ ok: true })
  })

  test('a dump alone guesses nothing: without the key no PIN fits, with it one does', async () => {
    const msisdn = await chosen()
    const { salt, mac } = await rowOf(msisdn)
    // What a thief of the database can try: all that is in the row, in the right order, any key of theirs.
    const message = JSON.stringify([salt, msisdn, '135792'])
    for (const guess of ['', salt, msisdn, 'wallet:pin', 'key'])
      expect(createHmac('sha256', guess).update(message).digest('hex')).not.toBe(mac)
    const stranger = await testKeys({ clock, ids }, { hashing: [pinKey] })
    const macUnder = (store: KeyStore) =>
      Buffer.from(store.hmac({ name: pinKey }, Buffer.from(message))).toString('hex')
    expect(macUnder(stranger.keys)).not.toBe(mac)
    expect(macUnder(keys)).toBe(mac)
    const elsewhere = createWalletPins({
      ...{ db, keys: stranger.keys, clock, ids },
      policy: () => policy,
    })
    expect(await elsewhere.check(msisdn, new Secret('135792'), 'app')).toMatchObject({
      refusal: { code: 'wrong' },
    })
    stranger.close()
    // The same PIN of another number, and of the same number once more, is another row.
    const rows = [await rowOf(msisdn), await rowOf(await chosen())]
    expect(new Set(rows.map((row) => row.mac)).size).toBe(2)
  })

  test('a number that is closed keeps no PIN, is given none, and its next owner starts anew', async () => {
    const msisdn = await chosen()
    const release = (tx: Parameters<WalletPins['release']>[0]) => pins.release(tx, msisdn)
    await db.transact((tx) =>
      changeStatus(tx, { msisdn, status: 'closed' }, { now: clock.now(), release }),
    )
    expect(await pins.stateOf(db, msisdn)).toBeUndefined()
    expect(await check(msisdn, '135792')).toMatchObject({ refusal: { code: 'none' } })
    await expect(issue(msisdn)).rejects.toThrow('not closed')
    await db.transact(release)
    const [rule] = pinInvariants
    expect(await rule?.check(db)).toEqual({ offences: 0n, examples: [] })
    const found = await db
      .transact(async (tx) => {
        await tx.query(`update subscriber set status = 'closed'`)
        const { offences } = (await rule?.check(tx)) ?? {}
        throw new Error(offences === 0n ? 'nothing' : 'found')
      })
      .catch((error: Error) => error.message)
    expect(found).toBe('found')
  })

  test.runIf(engine === 'postgres')(
    'wrong PINs on sixteen connections at once lock at exactly five',
    async () => {
      for (let round = 0; round < 3; round += 1) {
        const msisdn = await chosen()
        const answers = await Promise.all(
          Array.from({ length: connections }, (_, i) =>
            // Of one process, and each of another.
            (i % 2 === 0 ? pins : open()).check(msisdn, wrong, `channel ${i % 4}`),
          ),
        )
        const words = answers.map(told)
        expect(words.filter((one) => one !== 'locked').toSorted()).toEqual([1, 2, 3, 4])
        expect(words.filter((one) => one === 'locked')).toHaveLength(connections - 4)
        const [row] = await db.query<{ wrong: number }>(
          'select wrong from wallet_pin where msisdn = $1',
          [msisdn],
        )
        expect(row?.wrong).toBe(5)
        expect(await check(msisdn, '135792')).toMatchObject({ refusal: { code: 'locked' } })
      }
    },
  )
})
