/** Whatever is done to the operator's log by SQL is found, and the first row that it broke is named. */
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  engines,
  migrationsFolder,
  type TestDatabase,
  testDatabase,
} from '../../../test/database.ts'
import { type Database, migrate, openDatabase } from '../db/index.ts'
import { createFieldCipher, createIds, Secret } from '../kernel/index.ts'
import { appendLog, auditInvariants, type Head, readHead, readLog, sealHead } from './index.ts'

const ids = createIds()
const cipher = createFieldCipher(new Secret('a field key for tests, 32 characters or more'), ids)
const start = Date.UTC(2026, 10, 23, 4)

const append = (db: Database, at: number, more: object = {}) =>
  db.transact((tx) =>
    appendLog(tx, cipher, {
      id: ids.next(0, start + at),
      at: start + at,
      operator: 'Chen Li',
      action: 'policy.change',
      subject: 'policy:carrier-billing',
      before: { dayLimit: String(at), list: [1, { b: null, a: '中"\\' }] },
      after: null,
      ...more,
    }),
  )

async function complaints(db: Database, kept: Head | null = null): Promise<string[]> {
  const found: string[] = []
  for (const { name, check } of auditInvariants({ cipher, kept })) {
    const { offences, examples } = await check(db)
    if (offences > 0n) found.push(`${name}: ${examples[0]}`)
  }
  return found
}

/** As somebody would who owns the tables: without the trigger that forbids it. */
const tamper = (db: Database, ...statements: string[]) =>
  db.transact(async (tx) => {
    await tx.query('alter table operator_log disable trigger operator_log_stays')
    for (const statement of statements) await tx.query(statement)
    await tx.query('alter table operator_log enable trigger operator_log_stays')
  })

describe.each(engines)('the operator log on %s', (engine) => {
  let made: TestDatabase
  let db: Database
  let noted: Head

  beforeAll(async () => {
    made = await testDatabase({ engine })
    db = made.db
  })
  afterAll(() => made?.close())
  beforeEach(async () => {
    await tamper(
      db,
      'truncate operator_log',
      'delete from audit_head',
      `insert into audit_head (seq, hash) values (0, '')`,
    )
    expect(await sealHead(db, cipher)).toMatchObject({ seq: 0n, hash: '' })
    for (let at = 1; at <= 5; at += 1) await append(db, at)
    noted = (await readHead(db)) as Head
  })

  test('an untouched log has nothing to complain of, also with a head from before', async () => {
    await append(db, 6)
    expect(await complaints(db, noted)).toEqual([])
    expect(await complaints(db, { seq: 0n, hash: '' })).toEqual([])
    expect(await sealHead(db, cipher)).toBeUndefined()
    expect(
      (await readLog(db, { subject: null, before: null, limit: 9 })).map((e) => e.seq),
    ).toEqual(['6', '5', '4', '3', '2', '1'])
  })

  test.each([
    ['id', `'01890000-0000-7000-8000-000000000000'`],
    ['at', 'at + 1'],
    ['operator', `'Li Chen'`],
    ['action', `action || ' '`],
    ['subject', `'policy:other'`],
    ['before', `jsonb_set(before, '{dayLimit}', '"4"')`],
    ['before', 'null'],
    ['after', `'null'::jsonb`],
    ['after', `'{}'::jsonb`],
    ['previous_hash', `repeat('0', 64)`],
    ['hash', `repeat('0', 64)`],
    ['seq', '33'],
  ])('another %s (%s) in row 3 is found', async (column, value) => {
    await tamper(db, `update operator_log set ${column} = ${value} where seq = 3`)
    const [first] = await complaints(db)
    // A row that is moved away leaves a gap before the next one.
    expect(first).toMatch(
      column === 'seq' ? /row 4 \(.*follows row 2: rows between are missing/ : /: row 3 \(/,
    )
  })

  test.each([
    ['the first row removed', ['delete from operator_log where seq = 1'], /row 2 .*follows row 0/],
    ['a middle row removed', ['delete from operator_log where seq = 3'], /row 4 .*follows row 2/],
    [
      'a middle row removed and the rest moved up',
      [
        'delete from operator_log where seq = 3',
        'update operator_log set seq = 3 where seq = 4',
        'update operator_log set seq = 4 where seq = 5',
      ],
      /row 3 .*is not what was written/,
    ],
    [
      'two rows that change places',
      [
        'update operator_log set seq = 99 where seq = 2',
        'update operator_log set seq = 2 where seq = 3',
        'update operator_log set seq = 3 where seq = 99',
      ],
      /row 2 .*is not what was written/,
    ],
    [
      'the end cut off',
      ['delete from operator_log where seq > 3'],
      /row 3 is the last; the head says row 5/,
    ],
    ['everything removed', ['truncate operator_log'], /row 0 is the last; the head says row 5/],
    ['the head removed', ['delete from audit_head'], /row 5 is the last; there is no head/],
    [
      'a row added by hand',
      [
        `insert into operator_log select '01890000-0000-7000-8000-000000000000', at, operator, action,
           subject, before, after, 6, hash, repeat('a', 64) from operator_log where seq = 5`,
      ],
      /row 6 .*is not what was written/,
    ],
  ] as const)('%s', async (_what, statements, named) => {
    await tamper(db, ...statements)
    expect((await complaints(db))[0]).toMatch(named)
    expect(
      await db.query('select tgenabled from pg_trigger where tgname = $1', ['operator_log_stays']),
    ).toEqual([{ tgenabled: 'O' }])
  })

  test('an end that is cut off together with a head made to fit is found by its seal', async () => {
    await tamper(
      db,
      'delete from operator_log where seq > 3',
      'update audit_head set (seq, hash) = (select seq, hash from operator_log where seq = 3)',
    )
    expect(await complaints(db)).toEqual([
      'audit_head_is_sealed: the head at row 3 was not sealed by us',
    ])
    await expect(append(db, 6)).rejects.toThrow('audit log')
    expect(await complaints(db)).toHaveLength(1)
  })

  test('an end that is cut off with a head and seal of before is found by the head kept outside', async () => {
    const old = await db.query<{ seq: bigint; hash: string; seal: string }>(
      'select * from audit_head',
    )
    await append(db, 6)
    const kept = (await readHead(db)) as Head
    await tamper(
      db,
      'delete from operator_log where seq > 5',
      `update audit_head set seq = 5, hash = '${old[0]?.hash}', seal = '${old[0]?.seal}'`,
    )
    expect(await complaints(db)).toEqual([])
    expect(await complaints(db, kept)).toEqual(['audit_log_has_the_kept_head: row 6 is missing'])
    await append(db, 6, { subject: 'policy:another' })
    expect(await complaints(db, kept)).toEqual([
      'audit_log_has_the_kept_head: row 6 is another one',
    ])
  })

  test.each([
    `update operator_log set operator = 'x'`,
    'delete from operator_log',
    'truncate operator_log',
  ])('%s is refused by the table itself', async (statement) => {
    await expect(db.transact((tx) => tx.query(statement))).rejects.toThrow('only ever added to')
  })

  test.runIf(engine === 'postgres')('many writers of two processes make one line', async () => {
    const other = await openDatabase({ url: made.url ?? '' })
    const all = Array.from({ length: 40 }, (_, i) => append(i % 2 === 0 ? db : other, 10 + i))
    await Promise.all(all)
    await other.close()
    expect(await complaints(db)).toEqual([])
    expect((await readHead(db))?.seq).toBe(45n)
  })
})

test.each(engines)(
  'rows from before the chain are chained by the migration on %s',
  async (engine) => {
    const folder = mkdtempSync(join(tmpdir(), 'telepurse-before-chain-'))
    for (const name of readdirSync(migrationsFolder).filter((name) => name < '0012'))
      copyFileSync(join(migrationsFolder, name), join(folder, name))
    const { db, close } = await testDatabase({ engine, migrations: folder })
    try {
      await db.transact(async (tx) => {
        for (let at = 1; at <= 3; at += 1)
          await tx.query(
            `insert into operator_log (id, at, operator, action, subject, before, after)
           values ($1, $2::int8, 'Chen Li', 'policy.change', 'policy:x', null, '{"a": [1.50, "中"]}')`,
            [ids.next(0, start + at), start + at],
          )
      })
      await migrate(db, migrationsFolder)
      expect(await complaints(db)).toEqual([
        'audit_head_is_sealed: the head at row 3 was not sealed by us',
      ])
      expect(await sealHead(db, cipher)).toMatchObject({ seq: 3n })
      await append(db, 4)
      expect(await complaints(db)).toEqual([])
    } finally {
      await close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
