/** The hall's own books without its routes: numbers of vouchers, tills to the fen, and what proves a person. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Engine, engines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { sealHead } from '../audit/index.ts'
import { type Database, openDatabase } from '../db/index.ts'
import {
  createBusinessTime,
  createFieldCipher,
  createIds,
  manualClock,
  Secret,
} from '../kernel/index.ts'
import {
  createStaff,
  type Person,
  type Staff,
  staffInvariants,
  tillLedgerInvariants,
  totalOf,
} from './index.ts'
import { createPasswords, isGoodPassword, newPassword } from './password.ts'
import { codeAt, stepOfCode } from './second-factor.ts'

const ids = createIds()
const cipher = createFieldCipher(new Secret('a field key for tests, 32 characters or more'), ids)
const start = Date.UTC(2026, 10, 23, 6)
const voucher = { title: { zh: '存', en: 'in' }, lines: [], note: null, signature: null }

async function complaints(db: Database, rules = staffInvariants): Promise<string[]> {
  const found: string[] = []
  for (const { name, check } of rules) {
    const { offences, examples } = await check(db)
    if (offences > 0n) found.push(`${name}: ${examples[0]}`)
  }
  return found
}

const stageOf = (db: Database, clock = manualClock(start)) => {
  const time = createBusinessTime('Asia/Shanghai')
  return { clock, ...createStaff({ db, ids, cipher, time, clock, passwordCost: 4 }) }
}

async function hire(staff: Staff, login: string): Promise<Person> {
  const given = { login, name: login, office: '滨江路厅', roles: ['clerk'] } as const
  const done = await staff.people.add(given, 'Chen Li')
  if (!done.ok) throw new Error(done.refusal)
  return done.value.person
}

let keys = 0
const asked = (kind: 'cash_in' | 'cash_out' | 'open', amount: bigint | null) => {
  keys += 1
  const key = `staff-key-${keys}`
  const plain = { secondPerson: false, reason: null, plan: null, shown: {} }
  const content = { contentMac: cipher.mac('x', key), msisdn: '+8613900010001' }
  return { key, kind, amount, ...content, ...plain }
}

describe.each(engines)('on %s', (engine: Engine) => {
  let made: TestDatabase
  let db: Database
  beforeAll(async () => {
    made = await testDatabase({ engine })
    db = made.db
    await sealHead(db, cipher)
  })
  afterAll(() => made?.close())

  test('outside the counter a supervisor proves to be there with a code, once, and nobody else does', async () => {
    const staff = stageOf(db)
    const { proveSupervisor: prove } = staff.signIn
    const added = async (login: string, role: 'clerk' | 'supervisor') => {
      const given = { login, name: 'Wu Min', office: '滨江路厅', roles: [role] } as const
      const done = await staff.people.add(given, 'Chen Li')
      if (!done.ok) throw new Error(done.refusal)
      return { login, code: () => codeAt(done.value.seed, staff.clock.now()) }
    }
    const [boss, clerk] = [await added('boss', 'supervisor'), await added('till1', 'clerk')]
    const wrong = { ok: false, refusal: 'code_wrong' }
    // Whoever made the person knows the first password and may have kept the seed.
    expect(await prove(boss.login, boss.code())).toEqual(wrong)
    await db.transact((tx) => tx.query('update staff_person set password_is_initial = false'))
    expect(await prove('nobody', '123456')).toEqual(wrong)
    expect(await prove(clerk.login, clerk.code())).toEqual(wrong)
    expect(await prove(boss.login, boss.code())).toMatchObject({
      ...{ ok: true, value: { login: 'boss', name: 'Wu Min' } },
    })
    expect(await prove(boss.login, boss.code())).toEqual(wrong)
    for (let tries = 0; tries < 4; tries += 1) await prove(boss.login, '000000')
    staff.clock.advance(30_000)
    expect(await prove(boss.login, boss.code())).toMatchObject({
      refusal: { lockedMs: expect.any(Number) },
    })
    await db.transact((tx) =>
      tx.query(
        "update staff_person set wrong = 0, locked_until = 0, disabled_at = 1 where login = 'boss'",
      ),
    )
    expect(await prove(boss.login, boss.code())).toEqual(wrong)
  })

  test('a till whose acts the ledger knows nothing of, or otherwise, is found', async () => {
    const staff = stageOf(db)
    const person = await hire(staff, `ledger-${engine}`)
    const till = await staff.tills.open(person, { desk: 'ledger', counts: {} })
    if (!till.ok) throw new Error(till.refusal)
    const begun = await staff.acts.begin(person, asked('cash_in', 500n))
    if (!begun.ok || begun.value.state !== 'begun') throw new Error('not begun')
    const ofThis = async () =>
      (await complaints(db, tillLedgerInvariants)).filter((one) => one.includes(till.value.id))
    expect(await ofThis()).toEqual([])
    await staff.acts.end(begun.value.act.id, person, async () => ({ state: 'done', voucher }))
    expect(await ofThis()).toEqual([expect.stringContaining('makes 500, the ledger has 0')])
    // A till has an account in every bucket it served.
    for (const [bucket, debits] of [
      [3, 700],
      [4, 0],
    ])
      await db.transact((tx) =>
        tx.query(
          `insert into account (bucket, name, flags, debits_posted, credits_posted)
           values ($1, $2, 0, $3::int8, $4::int8)`,
          [bucket, `counter-cash:${till.value.id}`, debits, bucket === 4 ? 200 : 0],
        ),
      )
    expect(await ofThis()).toEqual([])
  })

  test('whatever a shift does, the till has its float, and all that came in less all that went out', async () => {
    const staff = stageOf(db)
    const amounts = fc.bigInt(1n, 30_000n)
    const step = fc.record({
      kind: fc.constantFrom('cash_in' as const, 'cash_out' as const),
      amount: amounts,
      ending: fc.constantFrom('done', 'done', 'refused'),
    })
    const counts = fc.dictionary(fc.constantFrom('10000', '500', '50', '10'), fc.nat(3))
    let shifts = 0
    await fc.assert(
      fc.asyncProperty(counts, fc.array(step, { maxLength: 8 }), async (float, steps) => {
        shifts += 1
        const person = await hire(staff, `clerk-${engine}-${shifts}`)
        await staff.tills.open(person, { desk: `desk ${shifts}`, counts: float })
        let expected = totalOf(float)
        for (const { kind, amount, ending } of steps) {
          const begun = await staff.acts.begin(person, asked(kind, amount))
          if (kind === 'cash_out' && amount > expected) {
            expect(begun).toMatchObject({ refusal: 'till_short' })
            continue
          }
          if (!begun.ok || begun.value.state === 'waits') throw new Error('not begun')
          const end = async () =>
            ending === 'done'
              ? ({ state: 'done', voucher } as const)
              : ({ state: 'refused', refusal: 'wallet:low_balance' } as const)
          await staff.acts.end(begun.value.act.id, person, end)
          await staff.acts.end(begun.value.act.id, person, end)
          if (ending === 'done') expected += kind === 'cash_in' ? amount : -amount
        }
        const till = await staff.tills.ofPerson(db, person.id)
        expect([till?.balance, till?.held]).toEqual([expected, 0n])
        const fen = Number(expected % 10n)
        const close = { counts: { 10: Number(expected / 10n) }, reason: null }
        expect(await staff.tills.close(person, close)).toMatchObject(
          fen === 0 ? { ok: true, value: { state: 'closed' } } : { refusal: 'till_reason_missing' },
        )
      }),
      { numRuns: 4 },
    )
    expect(await complaints(db)).toEqual([])
  })

  test('a month begins with number one, and a voucher that was tampered with is found', async () => {
    const staff = stageOf(db, manualClock(Date.UTC(2026, 11, 31, 15, 59, 59)))
    const person = await hire(staff, `month-${engine}`)
    await staff.tills.open(person, { desk: 'spoiled', counts: {} })
    const next = async () => {
      const begun = await staff.acts.begin(person, asked('open', null))
      return begun.ok && begun.value.state === 'begun' ? begun.value.act.voucher : undefined
    }
    expect([await next(), await next()]).toEqual(['BD-2612-000001', 'BD-2612-000002'])
    staff.clock.advance(1_000)
    expect(await next()).toBe('BD-2701-000001')
    expect(await complaints(db)).toEqual([])
    const spoiled = [
      [`delete from staff_voucher where number = 'BD-2612-000001'`, 'vouchers_follow_their_acts'],
      [
        `update staff_voucher set state = 'void' where number = 'BD-2612-000002'`,
        'vouchers_follow_their_acts',
      ],
      [
        `update staff_till set balance = balance + 1 where desk = 'spoiled'`,
        'tills_equal_their_entries',
      ],
    ] as const
    for (const [statement, name] of spoiled) {
      await db.transact((tx) => tx.query(statement))
      expect(await complaints(db)).toContainEqual(expect.stringContaining(name))
    }
  })
})

describe.runIf(engines.includes('postgres'))('two processes', () => {
  test('number vouchers without a double or a gap, also when one of them is killed in the middle', async () => {
    const made = await testDatabase({ engine: 'postgres' })
    const dying = await openDatabase({ url: made.url ?? '', applicationName: 'dying hall' })
    try {
      await sealHead(made.db, cipher)
      const [left, right] = [stageOf(made.db), stageOf(dying)]
      const people = await Promise.all(
        Array.from({ length: 8 }, (_, i) => hire(left, `clerk-${i}`)),
      )
      let begun = 0
      const work = (staff: Staff, person: Person) => async () => {
        const done = await staff.acts.begin(person, asked('open', null))
        begun += 1
        return done.ok && done.value.state === 'begun' ? done.value.act.voucher : 'refused'
      }
      const all = Array.from({ length: 80 }, (_, i) =>
        work(i % 2 === 0 ? left : right, people[i % people.length] as Person)(),
      )
      const killing = (async () => {
        while (begun < 20) await new Promise((resolve) => setTimeout(resolve, 1))
        await made.db.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'dying hall'`,
        )
      })()
      const answers = await Promise.allSettled(all)
      await killing
      const given = answers.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      const kept = await made.db.query<{ number: string }>('select number from staff_voucher')
      const numbers = kept.map((row) => row.number).toSorted()
      expect(new Set(given).size).toBe(given.length)
      expect(given.filter((one) => !numbers.includes(one))).toEqual([])
      expect(numbers).toEqual(numbers.map((_, i) => `BD-2611-${String(i + 1).padStart(6, '0')}`))
      expect(numbers.length).toBeGreaterThanOrEqual(40)
      expect(answers.some((one) => one.status === 'rejected')).toBe(true)
      expect(await complaints(made.db)).toEqual([])
    } finally {
      await dying.close()
      await made.close()
    }
  })
})

describe('a person', () => {
  // RFC 6238, appendix B, SHA-1, the last six of eight digits.
  const seed = new Secret('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
  test.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('has at %i the code of the standard', (seconds, code) => {
    expect(codeAt(seed, seconds * 1_000)).toBe(code)
  })

  test('may be half a minute early or late, and uses a code once', () => {
    const now = 1_234_567_890_000
    const code = codeAt(seed, now)
    const step = Math.floor(now / 30_000)
    const at = (shift: number, lastStep = 0) =>
      stepOfCode(seed, code, { now: now + shift, lastStep })
    expect([at(0), at(30_000), at(-30_000)]).toEqual([step, step, step])
    expect([at(60_000), at(-60_000), at(0, step), at(30_000, step)]).toEqual(
      Array(4).fill(undefined),
    )
    expect(stepOfCode(seed, '12345', { now, lastStep: 0 })).toBeUndefined()
  })

  test('has a password that is kept as scrypt and told from others', async () => {
    const passwords = createPasswords(ids, 4)
    const [one, two] = [
      new Secret('a long walk by the river'),
      new Secret('a long walk by the rivers'),
    ]
    const kept = await passwords.hash(one)
    expect(kept).toMatch(/^scrypt\.4\.[\w-]{22}\.[\w-]{43}$/)
    expect(await passwords.hash(one)).not.toBe(kept)
    expect(await Promise.all([passwords.isRight(one, kept), passwords.isRight(two, kept)])).toEqual(
      [true, false],
    )
    expect(await passwords.isRight(one, undefined)).toBe(false)
  })

  test.each([
    ['twelve chars', true],
    ['eleven char', false],
    ['一二三四五六七八九十甲乙', true],
    ['aaaaaaaaaaaaaaaa', false],
    ['shift of 0417 today', false],
    ['x y z '.repeat(22), false],
  ])('may have the password "%s": %s', (password, good) => {
    expect(isGoodPassword(new Secret(password), '0417')).toBe(good)
  })

  test('is given a password of eighty bits that can be read out', () => {
    const given = newPassword(ids).reveal()
    expect(given).toMatch(/^([a-km-np-z2-9]{4}-){3}[a-km-np-z2-9]{4}$/)
    expect(newPassword(ids).reveal()).not.toBe(given)
  })
})
