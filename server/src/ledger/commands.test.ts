import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bothEngines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import {
  accountNameOf,
  chainsOf,
  createModel,
  modelBalances,
  plans,
  runModel,
} from '../../test/ledger-model.ts'
import type { Database } from '../db/index.ts'
import { executeTransfers, ledgerInvariants, type TransferCommand, trialBalance } from './index.ts'
import { lockFacts } from './store.ts'

describe.each(bothEngines)('on %s', (engine) => {
  let made: TestDatabase
  let db: Database
  beforeAll(async () => {
    made = await testDatabase({ engine })
    db = made.db
  })
  afterAll(() => made?.close())

  const execute = (commands: readonly TransferCommand[], now = 1_000) =>
    db.transact((tx) => executeTransfers(tx, commands, now))

  const stored = (bucket: number, number: number) =>
    Promise.all([
      db.query<Record<string, unknown>>(
        `select name, flags, version, changed_at, debits_pending, debits_posted, credits_pending,
           credits_posted
         from account where bucket = $1 and name like $2 order by name`,
        [bucket, accountNameOf({ bucket, number }, 0).replace(/0$/, '%')],
      ),
      db.query<Record<string, unknown>>(
        `select (to_jsonb(transfer) - 'bucket')::text as row
         from transfer where bucket = $1 and id::text like $2 order by id`,
        [bucket, `00000000-0000-7000-8000-${number.toString(16).padStart(8, '0')}%`],
      ),
    ])

  test('a batch equals a sequence and the model', async () => {
    let number = 0
    await fc.assert(
      fc.asyncProperty(plans(64), async (plan) => {
        number += 1
        const [batch, sequence] = [10, 20].map((bucket) => plan({ bucket, number }))
        const model = createModel()
        const expected = runModel(model, batch ?? [])
        expect(await execute(batch ?? [])).toEqual(expected)
        const results = []
        for (const chain of chainsOf(sequence ?? [])) results.push(...(await execute(chain)))
        expect(results).toEqual(expected)

        const [accounts, transfers] = await stored(10, number)
        expect(await stored(20, number)).toEqual([accounts, transfers])
        expect(accounts.map((one) => one.name)).toEqual(Object.keys(model.flags).sort())
        for (const one of accounts) {
          const balances = modelBalances(model, String(one.name))
          expect(one).toMatchObject({
            flags: model.flags[String(one.name)],
            version: balances.version,
            debits_pending: balances.debitsPending,
            debits_posted: balances.debitsPosted,
            credits_pending: balances.creditsPending,
            credits_posted: balances.creditsPosted,
          })
        }
        expect(transfers).toHaveLength(model.accepted.length)
      }),
      { numRuns: 150 },
    )
    expect((await trialBalance(db))[0]?.balanced).toBe(true)
    for (const { name, check } of ledgerInvariants)
      expect({ name, ...(await check(db)) }).toEqual({ name, offences: 0n, examples: [] })
  }, 120_000)

  test('an empty list asks nothing of the database', async () => {
    expect(await execute([])).toEqual([])
  })

  test('names may hold spaces, quotes and every letter', async () => {
    const names = [`商户 "6021" \\ 'x', {y}`, 'a  b ']
    const [debit, credit] = names.map((name) => ({ bucket: 5, name, flags: 0 }))
    if (!debit || !credit) throw new Error('two names make two accounts')
    const command = (id: string): TransferCommand => ({
      kind: 'transfer',
      id,
      bucket: 5,
      subject: `"{NULL}"`,
      reason: 'charge',
      businessDate: '2026-02-28',
      debit,
      credit,
      amount: 2n ** 60n,
    })
    const [first, second] = ['1', '2'].map((n) => `00000000-0000-7000-9000-00000000000${n}`)
    await execute([command(first ?? '')])
    expect(await execute([command(first ?? ''), command(second ?? '')])).toEqual([
      { ok: true, value: 'exists' },
      { ok: true, value: 'created' },
    ])
    const [row] = await db.query('select * from account where bucket = 5 and name = $1', [names[0]])
    expect(row).toMatchObject({ debits_posted: 2n ** 61n, version: 2n })
  })

  const command: TransferCommand = {
    kind: 'transfer',
    id: '00000000-0000-7000-9000-000000000009',
    bucket: 6,
    subject: 's',
    reason: 'charge',
    businessDate: '2026-11-23',
    debit: { bucket: 6, name: 'x', flags: 0 },
    credit: { bucket: 6, name: 'y', flags: 0 },
    amount: 1n,
  }

  test('a transaction that fails leaves nothing', async () => {
    const failed = db.transact(async (tx) => {
      await executeTransfers(tx, [command], 1)
      throw new Error('the payment changed its mind')
    })
    await expect(failed).rejects.toThrow('changed its mind')
    expect(await db.query('select from account where bucket = 6')).toEqual([])
    expect(await execute([command])).toEqual([{ ok: true, value: 'created' }])
  })

  test('the schema refuses what the code should never write', async () => {
    const write = (text: string) => db.transact((tx) => tx.query(text))
    await expect(
      write(`insert into account (bucket, name, flags, debits_posted) values (7, 'x', 1, 1)`),
    ).rejects.toMatchObject({ constraint: 'debits_must_not_exceed_credits' })
    await expect(
      write(`insert into account (bucket, name, flags, credits_pending) values (7, 'x', 2, 1)`),
    ).rejects.toMatchObject({ constraint: 'credits_must_not_exceed_debits' })
    await expect(
      write(`insert into account (bucket, name, flags, credits_pending) values (7, 'x', 0, -1)`),
    ).rejects.toMatchObject({ code: '23514' })
    const bucket = 9
    const id = (last: string) => `00000000-0000-7000-9000-00000000000${last}`
    const common = { bucket, subject: 's', reason: 'charge', businessDate: '2026-01-01' }
    const held = await execute([
      {
        ...common,
        kind: 'pending',
        id: id('1'),
        debit: { bucket, name: 'schema:a', flags: 0 },
        credit: { bucket, name: 'schema:b', flags: 0 },
        amount: 5n,
      },
      { ...common, kind: 'post', id: id('2'), pendingId: id('1') },
    ])
    expect(held.every((result) => result.ok)).toBe(true)
    await expect(
      write(`insert into transfer select (json_populate_record(transfer, '{"id":
        "${id('a')}", "debit_version": 77, "credit_version": 78}')).*
        from transfer where bucket = ${bucket} and id = '${id('2')}'`),
    ).rejects.toMatchObject({ constraint: 'transfer_by_pending' })
  })

  test('lookups use the indexes even on tables the planner knows nothing of', async () => {
    const empty = await testDatabase({ engine })
    const plans: string[] = []
    await empty.db.transact(async (tx) => {
      await tx.query('set local plan_cache_mode = force_generic_plan')
      const explain = {
        ...tx,
        query: async (statement: { name: string; text: string }, values: readonly unknown[]) => {
          const rows = await tx.query<Record<string, string>>(`explain ${statement.text}`, values)
          plans.push(...rows.map((row) => String(row['QUERY PLAN'])))
          return []
        },
      }
      // The first round trip finds no accounts, so the statements of the second are there as well.
      await lockFacts(explain as unknown as typeof tx, [command])
    })
    await empty.close()
    expect(plans.filter((line) => line.includes('Seq Scan'))).toEqual([])
    expect(plans.filter((line) => line.includes('Index')).length).toBeGreaterThan(3)
  }, 120_000)
})
