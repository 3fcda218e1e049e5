import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bothEngines, type TestDatabase, testDatabase } from '../../../../test/database.ts'
import {
  accountNameOf,
  createModel,
  modelBalances,
  plans,
  runModel,
} from '../../../test/ledger-model.ts'
import type { Database } from '../../db/index.ts'
import { createIds } from '../../kernel/index.ts'
import {
  type AccountAfter,
  accountBalances,
  accountHistory,
  balanceAt,
  carrierReceivable,
  executeTransfers,
  merchantPending,
  type PlainTransfer,
  recentTransfers,
  statement,
  type TransferCommand,
  transfersOf,
  trialBalance,
} from '../index.ts'

const zero = { debitsPending: 0n, debitsPosted: 0n, creditsPending: 0n, creditsPosted: 0n }
const nothing: AccountAfter = { ...zero, version: 0n }

describe.each(bothEngines)('on %s', (engine) => {
  let made: TestDatabase
  let db: Database
  beforeAll(async () => {
    made = await testDatabase({ engine })
    db = made.db
  })
  afterAll(() => made?.close())

  const execute = (commands: readonly TransferCommand[], now: number) =>
    db.transact((tx) => executeTransfers(tx, commands, now))

  test('balances at a time and statements agree with the model', async () => {
    let number = 0
    const times = fc.array(fc.integer({ min: -3, max: 9 }), { minLength: 6, maxLength: 6 })
    const spans = fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { minLength: 8, maxLength: 8 })
    const lists = fc.array(plans(8), { minLength: 6, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(lists, times, spans, async (some, gaps, asked) => {
        number += 1
        const world = { bucket: 3, number }
        const names = [0, 1, 2, 3, 4].map((n) => accountNameOf(world, n))
        const model = createModel()
        // What each account was at each millisecond, under a clock that now and then steps back.
        const moments = new Map(names.map((name) => [name, new Map<number, AccountAfter>()]))
        const lastOf = (name: string) => Math.max(0, ...(moments.get(name)?.keys() ?? []))
        let now = 10
        for (const [i, plan] of some.entries()) {
          now = Math.max(1, now + (gaps[i] ?? 0))
          const commands = plan(world)
          const before = model.accepted.length
          expect(await execute(commands, now)).toEqual(runModel(model, commands))
          for (let count = before + 1; count <= model.accepted.length; count += 1) {
            const then = { ...model, accepted: model.accepted.slice(0, count) }
            const sides = [then.accepted.at(-1)?.debit ?? '', then.accepted.at(-1)?.credit ?? '']
            const moment = Math.max(now, ...sides.map(lastOf))
            for (const name of sides) moments.get(name)?.set(moment, modelBalances(then, name))
          }
        }
        for (const name of names) {
          const at = (time: number) =>
            [...(moments.get(name) ?? [])].reduce(
              (last, [moment, after]) => (moment <= time ? after : last),
              nothing,
            )
          for (const [from, length] of asked) {
            const account = { bucket: 3, name }
            expect(await balanceAt(db, account, from)).toEqual(at(from))
            const found = await statement(db, account, { from, to: from + length })
            expect(found.opening).toEqual(at(from - 1))
            expect(found.closing).toEqual(length === 0 ? at(from - 1) : at(from + length - 1))
            expect(found.lines.map((line) => line.version)).toEqual(
              Array.from(
                { length: Number(found.closing.version - found.opening.version) },
                (_, i) => found.opening.version + BigInt(i + 1),
              ),
            )
          }
        }
      }),
      { numRuns: 30 },
    )
  }, 120_000)

  const ids = createIds()
  const noon = Date.UTC(2026, 10, 23, 12)
  const sale = (bucket: number, n: number, amount: bigint): PlainTransfer => ({
    kind: 'pending',
    id: ids.next(bucket, noon + n),
    bucket,
    subject: `payment ${n}`,
    reason: 'charge',
    businessDate: '2026-11-23',
    debit: carrierReceivable(bucket, 'cmcc'),
    credit: merchantPending(bucket, '6021'),
    amount,
  })
  const post = (command: TransferCommand, n: number): TransferCommand => ({
    kind: 'post',
    id: ids.next(command.bucket, noon + n),
    bucket: command.bucket,
    subject: command.subject,
    reason: 'charge',
    businessDate: '2026-11-23',
    pendingId: command.id,
  })

  test('sums go over all buckets; pages, transfers and the live ledger agree', async () => {
    const sales = [7, 40, 7, 63, 0].map((bucket, n) => sale(bucket, n, BigInt(n + 1)))
    for (const [n, one] of sales.entries()) await execute([one], noon + n)
    const [first, second, third] = sales
    if (!first || !second || !third) throw new Error('there are five sales')
    await execute([post(third, 5)], noon + 5)

    expect(await accountBalances(db, { prefix: 'merchant-pending:' })).toEqual([
      {
        name: 'merchant-pending:6021',
        ...zero,

        creditsPending: 12n,
        creditsPosted: 3n,
      },
    ])
    expect(
      (
        await accountBalances(db, { names: ['carrier-receivable:cmcc', 'merchant-pending:602'] })
      ).map((total) => [total.name, total.debitsPending, total.debitsPosted]),
    ).toEqual([['carrier-receivable:cmcc', 12n, 3n]])
    expect(await trialBalance(db)).toMatchObject([{ unit: 'CNY', balanced: true }])

    const account = merchantPending(7, '6021')
    const page = await accountHistory(db, account, { limit: 2 })
    expect(page.map((line) => [line.version, line.kind, line.side, line.amount])).toEqual([
      [1n, 'pending', 'credit', 1n],
      [2n, 'pending', 'credit', 3n],
    ])
    const rest = await accountHistory(db, account, { after: page.at(-1)?.version ?? 0n })
    expect(rest).toMatchObject([
      { version: 3n, kind: 'post', creditsPending: 1n, creditsPosted: 3n, pendingId: third.id },
    ])
    expect(rest[0]?.counterparty).toBe('carrier-receivable:cmcc')

    const found = await transfersOf(db, 7, [third.id])
    expect(found.map((one) => [one.kind, one.subject, one.createdAt, one.credit.version])).toEqual([
      ['pending', 'payment 2', noon + 2, 2n],
      ['post', 'payment 2', noon + 5, 3n],
    ])
    expect(found[0]).toMatchObject({
      ...third,
      debit: { version: 2n, debitsPending: 4n },
      credit: { creditsPending: 4n },
    })

    const recent = await recentTransfers(db, 3)
    expect(recent.map((one) => [one.kind, one.bucket])).toEqual([
      ['post', 7],
      ['pending', 0],
      ['pending', 63],
    ])
  })

  test('an account that nobody has opened has no past', async () => {
    const account = { bucket: 9, name: 'nobody' }
    expect(await balanceAt(db, account, noon)).toEqual(nothing)
    expect(await accountHistory(db, account)).toEqual([])
    expect(await statement(db, account, { from: 0, to: noon })).toEqual({
      account,
      opening: nothing,
      lines: [],
      closing: nothing,
    })
    expect(await accountBalances(db, { names: [] })).toEqual([])
    expect(await transfersOf(db, 9, [])).toEqual([])
  })

  test('a statement longer than a page is whole', async () => {
    const account = carrierReceivable(11, 'long')
    const commands = Array.from(
      { length: 2_100 },
      (_, n): TransferCommand => ({ ...sale(11, n, 1n), kind: 'transfer', debit: account }),
    )
    await execute(commands, noon)
    const found = await statement(db, account, { from: noon, to: noon + 1 })
    expect(found.lines).toHaveLength(2_100)
    expect(found.closing.debitsPosted).toBe(2_100n)
  })
})
