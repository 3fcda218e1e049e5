/** Codes by the device's own way of making them, taken as a till's order takes them. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { codeDevice, codeOf, withCheckDigit } from '../../../test/payment-code.ts'
import { createFieldCipher, createIds, manualClock, Secret } from '../kernel/index.ts'
import { createPaymentCodes, type PaymentCodes } from './index.ts'
import { paymentCodeInvariants } from './verify.ts'

const start = Date.UTC(2026, 8, 12, 2)
const step = 30_000
const second = 1_000

describe.each(engines)('on %s', (engine) => {
  const clock = manualClock(start)
  const ids = createIds()
  const out = new Set<string>()
  const frozen = new Set<string>()
  let made: TestDatabase
  let codes: PaymentCodes
  let numbers = 0
  beforeAll(async () => {
    made = await testDatabase({ engine })
    codes = createPaymentCodes({
      ...{ db: made.db, clock, ids },
      cipher: createFieldCipher(new Secret('a field key for tests, 32 characters or more'), ids),
      signIns: {
        lasting: async (_, named) => new Set(named.flatMap(({ id }) => (out.has(id) ? [] : [id]))),
      },
      frozenOf: async () => frozen,
    })
  })
  afterAll(async () => {
    for (const rule of paymentCodeInvariants)
      expect([rule.name, (await rule.check(made.db)).examples]).toEqual([rule.name, []])
    await made.close()
  })

  const device = (aheadMs = 0) => {
    numbers += 1
    const msisdn = `+86137${String(numbers).padStart(8, '0')}`
    return codeDevice({ codes, clock, ids }, msisdn, aheadMs)
  }
  type Device = Awaited<ReturnType<typeof device>>
  const take = (digits: string, by: { client?: string; till?: string } = {}) =>
    made.db.transact((tx) => codes.take(tx, { digits, client: 'c', till: '6021/1', ...by }))
  const said = async (...given: Parameters<typeof take>) => {
    const taken = await take(...given)
    return taken.ok ? 'taken' : taken.refusal
  }
  const wrong = (digits: string): string => {
    const otp = String((Number(digits.slice(11, 17)) + 1) % 1_000_000).padStart(6, '0')
    return withCheckDigit(`${digits.slice(0, 11)}${otp}`)
  }

  test('a code is accepted for 119 s and refused at 120 s, and the key is told once', async () => {
    const one = await device()
    clock.set(start - (start % step) + step)
    const digits = await one.code()
    expect(digits).toMatch(/^76\d{16}$/)
    const late = await one.code(1)
    clock.advance(119 * second)
    expect(await take(digits)).toMatchObject({ ok: true, value: { msisdn: one.msisdn } })
    clock.advance(second)
    expect(await said(late)).toBe('payment_code_refused')
    const kept = await made.db.query('select * from payment_code_alias')
    expect(JSON.stringify(kept, (_, value) => String(value))).not.toContain(one.pool.key.reveal())
  })

  test('used twice it is used, and so is every earlier one of its alias', async () => {
    const one = await device()
    const before = await one.code()
    clock.advance(step)
    const digits = await one.code()
    expect(await said(digits)).toBe('taken')
    expect(await said(digits)).toBe('payment_code_used')
    expect(await said(before)).toBe('payment_code_used')
    expect(await said(await one.code(1))).toBe('taken')
  })

  test('a clock that is wrong by hours makes codes that count', async () => {
    const behind = await device(-5 * 3_600_000)
    expect(await said(await behind.code())).toBe('taken')
    const farAhead = await device(40 * 3_600_000)
    expect(await said(await farAhead.code())).toBe('payment_code_refused')
  })

  test('what is malformed, foreign, guessed, signed out, frozen or too old gets one and the same no', async () => {
    const one = await device()
    const digits = await one.code()
    const foreign = withCheckDigit(`28${digits.slice(2, 17)}`)
    const nobodys = withCheckDigit(`76${'0'.repeat(15)}`)
    const misread = `${digits.slice(0, 17)}${(Number(digits[17]) + 1) % 10}`
    for (const text of ['', 'x'.repeat(18), `${digits}0`, foreign, nobodys, misread, wrong(digits)])
      expect([text, await take(text, { till: '6021/2' })]).toEqual([
        text,
        { ok: false, refusal: 'payment_code_refused' },
      ])
    out.add(one.session.id)
    expect(await said(digits)).toBe('payment_code_refused')
    out.delete(one.session.id)
    frozen.add(one.msisdn)
    expect(await said(digits)).toBe('payment_code_refused')
    frozen.delete(one.msisdn)
    clock.advance(24 * 3_600_000)
    expect(await said(await one.code())).toBe('payment_code_refused')
  })

  test('five wrong codes end an alias, and a sixth right one is refused', async () => {
    const one = await device()
    const digits = await one.code()
    for (let n = 0; n < 5; n += 1) expect(await said(wrong(digits))).toBe('payment_code_refused')
    expect(await said(digits)).toBe('payment_code_refused')
    expect(await said(await one.code(1))).toBe('taken')
    const slow = await device()
    for (let n = 0; n < 6; n += 1) {
      await said(wrong(await slow.code()))
      clock.advance(3_600_000)
    }
    expect(await said(await slow.code())).toBe('taken')
    const hour = 3_600_000
    const answers = [
      [hour - 1, 'payment_code_refused'],
      [hour, 'taken'],
    ] as const
    for (const [waitedMs, answer] of answers) {
      const other = await device()
      for (let n = 0; n < 4; n += 1) await said(wrong(await other.code()))
      clock.advance(waitedMs)
      await said(wrong(await other.code()))
      expect([waitedMs, await said(await other.code())]).toEqual([waitedMs, answer])
    }
  })

  test('a till that guesses is locked, and its neighbour is not', async () => {
    const one = await device()
    const guess = withCheckDigit(`76${'1'.repeat(15)}`)
    for (let n = 0; n < 20; n += 1) await said(guess, { till: '6021/guessing' })
    const digits = await one.code()
    expect(await said(digits, { till: '6021/guessing' })).toBe('payment_codes_locked')
    expect(await said(digits, { till: '6021/other' })).toBe('taken')
  })

  test('of many that are taken together none is that would be refused alone', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => device()))
    const [locked, gone, shut, used, good] = people as [Device, Device, Device, Device, Device]
    for (let n = 0; n < 20; n += 1)
      await said(withCheckDigit(`76${'2'.repeat(15)}`), { till: '6021/tries' })
    out.add(gone.session.id)
    frozen.add(shut.msisdn)
    const reading = async (one: Device, till = '6021/1') => ({
      ...{ digits: await one.code(), client: 'c', till },
    })
    await said((await reading(used)).digits)
    const readings = await Promise.all([
      reading(locked, '6021/tries'),
      ...[gone, shut, used, good].map((one) => reading(one)),
    ])
    const taken = await made.db.transact((tx) => codes.plain(tx, readings))
    expect([...taken.values()].map(({ msisdn }) => msisdn)).toEqual([good.msisdn])
    out.delete(gone.session.id)
    frozen.delete(shut.msisdn)
    clock.advance(24 * 3_600_000)
    const late = await Promise.all([reading(good), reading(gone)])
    expect(await made.db.transact((tx) => codes.plain(tx, late))).toEqual(new Map())
  })

  test('the pool before the newest goes on, the one before that has ended', async () => {
    const one = await device()
    clock.advance(second)
    const second2 = await codes.issue(one.session, clock.now())
    expect(await said(await one.code())).toBe('taken')
    clock.advance(step)
    await codes.issue(one.session, clock.now())
    expect(await said(await one.code(1))).toBe('payment_code_refused')
    expect(await said(await codeOf(second2, 0, clock.now()))).toBe('taken')
  })

  test('whatever is shown and read in whatever order, no code is taken twice, and none after a later one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            waits: fc.integer({ min: 0, max: 5 }),
            alias: fc.integer({ min: 0, max: 2 }),
            // How many steps ago it was made, as a picture of the screen.
            old: fc.integer({ min: -1, max: 6 }),
          }),
          { minLength: 1, maxLength: 12 },
        ),
        async (readings) => {
          const one = await device()
          const last = new Map<number, number>()
          for (const { waits, alias, old } of readings) {
            clock.advance(waits * step)
            const current = Math.floor(clock.now() / step)
            const madeIn = current - old
            const digits = await codeOf(one.pool, alias, madeIn * step)
            const fits = old <= 3 && (last.get(alias) ?? -1) < madeIn
            expect(await said(digits, { till: `6021/${one.session.id}` })).toBe(
              fits ? 'taken' : old <= 3 ? 'payment_code_used' : 'payment_code_refused',
            )
            if (fits) last.set(alias, madeIn)
          }
        },
      ),
      { numRuns: engine === 'pglite' ? 15 : 8 },
    )
  })

  describe.runIf(engine === 'postgres')('at the same instant', () => {
    test('many tills that read one code take it once', async () => {
      for (let round = 0; round < 5; round += 1) {
        const one = await device()
        const digits = await one.code()
        const readings = await Promise.all(
          Array.from({ length: 16 }, (_, n) => said(digits, { client: `c${n}`, till: `t/${n}` })),
        )
        expect(readings.filter((one) => one === 'taken')).toHaveLength(1)
        expect(readings.filter((one) => one === 'payment_code_used')).toHaveLength(15)
      }
    })

    test('many who guess at one alias have five tries', async () => {
      const one = await device()
      const digits = await one.code()
      await Promise.all(
        Array.from({ length: 12 }, (_, n) =>
          said(wrong(digits), { client: `g${n}`, till: `g/${n}` }),
        ),
      )
      const [row] = await made.db.query<{ wrong: number; revoked_at: bigint | null }>(
        'select wrong, revoked_at from payment_code_alias where alias = $1',
        [one.pool.aliases[0]],
      )
      expect(row).toEqual({ wrong: 5, revoked_at: BigInt(clock.now()) })
    })
  })
})
