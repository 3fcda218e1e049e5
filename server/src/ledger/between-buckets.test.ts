import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bothEngines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { Database } from '../db/index.ts'
import {
  type AccountRef,
  type AnyTransfer,
  accountFlags,
  betweenBucketsInvariants,
  executeAcrossBuckets,
  ledgerInvariants,
  type TransferBetweenBuckets,
  trialBalance,
} from './index.ts'

let ids = 0
const uuid = () => {
  ids += 1
  return `00000000-0000-7000-8000-${ids.toString(16).padStart(12, '0')}`
}
const place = (bucket: number, name: string, flags: number = accountFlags.none): AccountRef => ({
  bucket,
  name,
  flags,
})
const move = (debit: AccountRef, credit: AccountRef, amount: bigint): TransferBetweenBuckets => ({
  kind: 'between_buckets',
  id: uuid(),
  subject: 'test',
  reason: 'settle',
  businessDate: '2026-11-23',
  debit,
  credit,
  amount,
})
const purse = (bucket: number, name: string) =>
  place(bucket, name, accountFlags.debitsMustNotExceedCredits)
const created = { ok: true, value: 'created' }
const exists = { ok: true, value: 'exists' }
const refused = (refusal: string) => ({ ok: false, refusal })

async function offences(db: Database) {
  const found = []
  for (const { name, check } of [...ledgerInvariants, ...betweenBucketsInvariants]) {
    const { offences, examples } = await check(db)
    if (offences > 0n) found.push(name, ...examples)
  }
  return found
}

describe.each(bothEngines)('on %s', (engine) => {
  let made: TestDatabase
  let db: Database
  beforeAll(async () => {
    made = await testDatabase({ engine })
    db = made.db
  })
  afterAll(async () => {
    expect((await trialBalance(db))[0]?.balanced).toBe(true)
    expect(await offences(db)).toEqual([])
    await made.close()
  })

  const execute = (commands: readonly AnyTransfer[]) =>
    db.transact((tx) => executeAcrossBuckets(tx, commands, 1_000))
  const balances = async (bucket: number) => {
    const rows = await db.query<{ name: string; balance: bigint }>(
      `select name, credits_posted - debits_posted as balance from account
        where bucket = $1 order by name`,
      [bucket],
    )
    return Object.fromEntries(rows.map((row) => [row.name, row.balance]))
  }

  test('each bucket balances by itself, and they agree on what is due between them', async () => {
    expect(await execute([move(place(1, 'a'), place(2, 'b'), 10n)])).toEqual([created])
    expect(await execute([move(place(2, 'b'), place(1, 'c'), 4n)])).toEqual([created])
    expect(await balances(1)).toEqual({ a: -10n, 'between-buckets:2': 6n, c: 4n })
    expect(await balances(2)).toEqual({ b: 6n, 'between-buckets:1': -6n })
  })

  test('the same id is the same transfer; with other content in either half it is refused', async () => {
    const once = move(place(3, 'a'), place(4, 'b'), 10n)
    expect(await execute([once, once])).toEqual([created, exists])
    const others = [
      { ...once, amount: 11n },
      { ...once, debit: place(3, 'other') },
      { ...once, credit: place(4, 'other') },
      { ...once, credit: place(5, 'b') },
    ]
    const different = refused('exists_with_different_content')
    expect(await execute([...others, once])).toEqual([...others.map(() => different), exists])
    expect((await balances(4)).b).toBe(10n)
  })

  test('refused in either bucket, it leaves nothing in the other', async () => {
    const empty = purse(6, 'empty')
    const full = place(7, 'asset', accountFlags.creditsMustNotExceedDebits)
    expect(
      await execute([
        move(empty, place(7, 'b'), 1n),
        move(place(6, 'a'), full, 1n),
        move(place(6, 'a'), place(7, 'b'), 0n),
        move(empty, empty, 1n),
        move(place(6, 'a'), place(7, 'b'), 5n),
      ]),
    ).toEqual([
      refused('exceeds_credits'),
      refused('exceeds_debits'),
      refused('amount_must_be_positive'),
      refused('accounts_must_be_different'),
      created,
    ])
    expect(await balances(7)).toMatchObject({ b: 5n, 'between-buckets:6': -5n })
  })

  test('in one bucket it is a plain transfer, and a chain goes through several', async () => {
    const chain = (amount: bigint) => [
      { ...move(place(8, 'a'), place(8, 'b'), 3n), linked: true },
      { ...move(place(8, 'b'), place(9, 'c'), 3n), linked: true },
      move(purse(9, 'd'), place(10, 'e'), amount),
    ]
    const failed = refused('linked_transfer_failed')
    expect(await execute(chain(1n))).toEqual([failed, failed, refused('exceeds_credits')])
    await execute([move(place(9, 'c'), purse(9, 'd'), 1n)])
    expect(await execute(chain(1n))).toEqual([created, created, created])
    expect(await balances(8)).toEqual({ a: -3n, b: 0n, 'between-buckets:9': 3n })
  })

  test('a batch equals a sequence and the model', async () => {
    let names = 0
    const purses = 4
    const step = fc.record({
      from: fc.nat(purses),
      to: fc.nat(purses),
      amount: fc.bigInt(0n, 6n),
      linked: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 24 }), async (steps) => {
        names += 1
        const plan = (shift: number) =>
          steps.map(({ from, to, amount, linked }, i) => {
            // The first is a bank that may be in debt; the others are purses. Buckets 30 to 34.
            const at = (n: number) => (n === 0 ? place(30, name(0)) : purse(30 + n, name(n)))
            const name = (n: number) => `${shift}:${names}:${n}`
            return { ...move(at(from), at(to), amount), linked: linked && i < steps.length - 1 }
          })
        const batch = await execute(plan(1))
        const sequence = []
        for (const chain of chains(plan(2))) sequence.push(...(await execute(chain)))
        expect(sequence).toEqual(batch)
        expect(batch.map((result) => result.ok)).toEqual(modelled(steps))
      }),
      { numRuns: engine === 'postgres' ? 60 : 20 },
    )
  }, 120_000)
})

interface Step {
  readonly from: number
  readonly to: number
  readonly amount: bigint
  readonly linked: boolean
}

function chains<Item extends { readonly linked?: boolean }>(items: readonly Item[]): Item[][] {
  const found: Item[][] = [[]]
  for (const item of items) {
    found.at(-1)?.push(item)
    if (!item.linked) found.push([])
  }
  return found.filter((chain) => chain.length > 0)
}

function modelled(steps: readonly Step[]): boolean[] {
  let money = [0n, 0n, 0n, 0n, 0n]
  const last = steps.length - 1
  return chains(steps.map((step, i) => ({ ...step, linked: step.linked && i < last }))).flatMap(
    (chain) => {
      const before = [...money]
      const works = chain.every(({ from, to, amount }) => {
        if (amount <= 0n || from === to) return false
        if (from !== 0 && (money[from] ?? 0n) < amount) return false
        money[from] = (money[from] ?? 0n) - amount
        money[to] = (money[to] ?? 0n) + amount
        return true
      })
      if (!works) money = before
      return chain.map(() => works)
    },
  )
}

describe.runIf(bothEngines.includes('postgres'))('at the same time', () => {
  const connections = 16
  let made: TestDatabase
  let db: Database
  beforeAll(async () => {
    made = await testDatabase({ engine: 'postgres', poolMax: connections })
    db = made.db
    await Promise.all(Array.from({ length: connections }, () => db.query('select pg_sleep(0.1)')))
  })
  afterAll(() => made.close())

  test('there and back from all connections: nothing waits in a circle, nothing is lost', async () => {
    const rounds = 20
    let runs = 0
    // The accounts are there before the race: opening one at the same moment is tried again.
    const names = ['a', 'b', 'c', 'd', 'e'].map((name, n) =>
      place([11, 12, 12, 11, 13][n] ?? 0, name),
    )
    const pairs = names.flatMap((one) => names.map((other) => [one, other] as const))
    const open = pairs.filter(([one, other]) => one !== other).map(([a, b]) => move(a, b, 1n))
    await db.transact((tx) => executeAcrossBuckets(tx, open, 1_000))
    const [a, b] = [place(11, 'a'), place(12, 'b')]
    const there = () => [move(a, b, 3n), move(place(12, 'c'), place(11, 'd'), 2n)]
    const back = () => [move(b, a, 3n), move(place(13, 'e'), place(12, 'b'), 1n)]
    // Whoever opens an account may have to run again; here nobody does.
    await db.transact((tx) => executeAcrossBuckets(tx, [...there(), ...back()], 1_000))
    await Promise.all(
      Array.from({ length: connections }, async (_, n) => {
        for (let round = 0; round < rounds; round += 1) {
          await db.transact((tx) => {
            runs += 1
            return executeAcrossBuckets(tx, (n + round) % 2 === 0 ? there() : back(), 1_000)
          })
        }
      }),
    )
    // A deadlock would have run one of them again.
    expect(runs).toBe(connections * rounds)
    expect(await offences(db)).toEqual([])
  }, 60_000)

  test('a purse is spent once, whichever bucket asks', async () => {
    const shared = purse(14, 'shared')
    await db.transact((tx) =>
      executeAcrossBuckets(tx, [move(place(15, 'bank'), shared, 5n)], 1_000),
    )
    const results = await Promise.all(
      Array.from({ length: connections }, (_, n) =>
        db.transact((tx) =>
          executeAcrossBuckets(tx, [move(shared, place(16 + (n % 4), 'to'), 1n)], 1_000),
        ),
      ),
    )
    expect(results.flat().filter((result) => result.ok)).toHaveLength(5)
    expect(await offences(db)).toEqual([])
  })

  test('one id from all connections is one transfer', async () => {
    const once = move(place(20, 'a'), place(21, 'b'), 1n)
    const results = await Promise.allSettled(
      Array.from({ length: connections }, () =>
        db.transact((tx) => executeAcrossBuckets(tx, [once], 1_000)),
      ),
    )
    const made = results.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
    expect(made.filter((one) => one.ok && one.value === 'created')).toHaveLength(1)
    expect(made).toHaveLength(connections)
    expect(await offences(db)).toEqual([])
  })

  const undo = new Error('undo')
  test.each([
    [
      'half of a transfer is deleted',
      `delete from transfer where bucket = 21 and credit_account = 'b'`,
      'ledger_transfers_between_buckets_have_two_halves',
    ],
    [
      'the halves differ',
      `update transfer set amount = amount + 1 where bucket = 20 and debit_account = 'a'`,
      'ledger_transfers_between_buckets_have_two_halves',
    ],
    [
      'one bucket forgets what it owes',
      `update account set credits_posted = credits_posted - 1 where bucket = 20 and name like 'between%'`,
      'ledger_buckets_agree',
    ],
    [
      'one bucket is owed by nobody',
      `update account set name = 'between-buckets:x' where bucket = 20 and name like 'between%'`,
      'ledger_buckets_agree',
    ],
  ])('verify notices when %s', async (_, statement, noticedBy) => {
    const check = betweenBucketsInvariants.find(({ name }) => name === noticedBy)?.check
    const attempt = db.transact(async (tx) => {
      await tx.query(statement)
      expect((await check?.(tx))?.offences).toBeGreaterThan(0n)
      throw undo
    })
    await expect(attempt).rejects.toBe(undo)
  })
})
