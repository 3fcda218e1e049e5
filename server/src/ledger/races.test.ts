/** Sixteen connections at once. PGlite has one and would pass whatever the code does. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bothEngines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { type Database, sqlStateOf } from '../db/index.ts'
import {
  type AccountRef,
  accountBalances,
  accountFlags,
  executeTransfers,
  ledgerInvariants,
  type PlainTransfer,
  type TransferCommand,
  type TransferResult,
  trialBalance,
} from './index.ts'

const connections = 16
const trials = 40
/** Each of these is 560 transfers from all connections. */
const crossings = 12

describe.runIf(bothEngines.includes('postgres'))('at the same time', () => {
  let made: TestDatabase
  let db: Database
  beforeAll(async () => {
    made = await testDatabase({ engine: 'postgres', poolMax: connections })
    db = made.db
    // All connections are there before a race begins, so that it is one.
    await Promise.all(Array.from({ length: connections }, () => db.query('select pg_sleep(0.1)')))
  })
  afterAll(async () => {
    expect((await trialBalance(db))[0]?.balanced).toBe(true)
    for (const { name, check } of ledgerInvariants)
      expect({ name, ...(await check(db)) }).toEqual({ name, offences: 0n, examples: [] })
    await made.close()
  })

  let ids = 0
  const uuid = () => {
    ids += 1
    return `00000000-0000-7000-8000-${ids.toString(16).padStart(12, '0')}`
  }
  const account = (name: string, flags: number = accountFlags.none, bucket = 1): AccountRef => ({
    bucket,
    name,
    flags,
  })
  const move = (debit: AccountRef, credit: AccountRef, amount = 1n): PlainTransfer => ({
    kind: 'transfer',
    id: uuid(),
    bucket: debit.bucket,
    subject: 'race',
    reason: 'charge',
    businessDate: '2026-11-23',
    debit,
    credit,
    amount,
  })
  const hold = (debit: AccountRef, credit: AccountRef, amount: bigint): TransferCommand => ({
    ...move(debit, credit, amount),
    kind: 'pending',
  })
  const settle = (pendingId: string, kind: 'post' | 'void' | 'expire'): TransferCommand => ({
    kind,
    id: uuid(),
    bucket: 1,
    subject: 'race',
    reason: 'charge',
    businessDate: '2026-11-23',
    pendingId,
  })
  const execute = (commands: readonly TransferCommand[]) =>
    db.transact((tx) => executeTransfers(tx, commands, 1_000))
  const race = <Value>(run: (n: number) => Promise<Value>) =>
    Promise.all(Array.from({ length: connections }, (_, n) => run(n)))
  const created = (results: readonly TransferResult[]) =>
    results.filter((result) => result.ok && result.value === 'created').length
  const refusals = (results: readonly TransferResult[]) =>
    results.flatMap((result) => (result.ok ? [] : [result.refusal]))

  test('opposite transfers, on accounts that nobody has opened, never deadlock', async () => {
    let done = 0
    for (let trial = 0; trial < crossings; trial += 1) {
      const names = Array.from({ length: 8 }, (_, n) => account(`cross-${trial}-${n}`))
      await race(async (n) => {
        for (let round = 0; round < 5; round += 1) {
          // Half of the connections go through the accounts backwards.
          const turned = n % 2 === 0 ? names : names.toReversed()
          const shift = (n + round) % names.length
          const ring = [...turned.slice(shift), ...turned.slice(0, shift)]
          const commands = ring.slice(1).map((to, i) => move(ring[i] ?? to, to))
          const results = await execute(commands)
          expect(refusals(results)).toEqual([])
          done += created(results)
        }
      })
    }
    const [sums] = await db.query<{ debits: string }>(
      `select sum(debits_posted)::text as debits from account where name like 'cross-%'`,
    )
    expect(done).toBe(crossings * connections * 5 * 7)
    expect(sums?.debits).toBe(String(done))
  }, 120_000)

  test('nothing is lost on a hot account', async () => {
    const hot = account('hot', accountFlags.debitsMustNotExceedCredits)
    await race(async (n) => {
      for (let round = 0; round < 50; round += 1)
        await execute([move(account(`payer-${n}`), hot, 3n), move(account(`payer-${n}`), hot, 4n)])
    })
    const [total] = await accountBalances(db, { names: ['hot'] })
    expect(total?.creditsPosted).toBe(BigInt(connections * 50 * 7))
    const [row] = await db.query(`select version from account where name = 'hot'`)
    expect(row).toEqual({ version: BigInt(connections * 50 * 2) })
  }, 120_000)

  test('an account is never overdrawn, and gives all it has', async () => {
    for (let trial = 0; trial < trials; trial += 1) {
      const purse = account(`purse-${trial}`, accountFlags.debitsMustNotExceedCredits)
      await execute([move(account('cash'), purse, 100n)])
      const results = await race(async (n) => {
        const command = n % 2 === 0 ? move : hold
        return execute([command(purse, account(`shop-${n}`), 30n)])
      })
      expect(created(results.flat())).toBe(3)
      expect(new Set(refusals(results.flat()))).toEqual(new Set(['exceeds_credits']))
    }
  }, 120_000)

  test('a pending transfer ends once, whoever comes first', async () => {
    const kinds = ['post', 'void', 'expire'] as const
    for (let trial = 0; trial < trials; trial += 1) {
      const pending = hold(account('payer'), account('merchant'), 10n)
      await execute([pending])
      const results = await race((n) => execute([settle(pending.id, kinds[n % 3] ?? 'post')]))
      expect(created(results.flat())).toBe(1)
      expect(new Set(refusals(results.flat())).size).toBe(1)
    }
  }, 120_000)

  test('one id has one effect and every caller hears of it', async () => {
    for (let trial = 0; trial < trials; trial += 1) {
      const command = move(account(`once-${trial}`), account('all'), 5n)
      const results = (await race(() => execute([command]))).flat()
      expect(created(results)).toBe(1)
      expect(refusals(results)).toEqual([])
    }
  }, 120_000)

  test('one id with two contents has one effect', async () => {
    for (let trial = 0; trial < trials; trial += 1) {
      const id = uuid()
      const again = async (n: number): Promise<TransferResult[]> => {
        const command = { ...move(account(`left-${n}`), account(`right-${n}`)), id }
        return execute([command]).catch((error: unknown) => {
          if (sqlStateOf(error) !== '23505') throw error
          return execute([command])
        })
      }
      const results = (await race(again)).flat()
      expect(created(results)).toBe(1)
      expect(new Set(refusals(results))).toEqual(new Set(['exists_with_different_content']))
    }
  }, 120_000)

  test('everything at once keeps every invariant', async () => {
    const flags = [0, 0, 1, 1, 2, 0]
    const some = (n: number) => account(`mixed-${n % 6}`, flags[n % 6] ?? 0, 1)
    const pendings: string[] = []
    let seed = 1
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      return Math.floor((seed / 2 ** 32) * below)
    }
    const command = (): TransferCommand => {
      const pendingId = pendings[random(pendings.length)]
      if (pendingId && random(3) === 0)
        return settle(pendingId, (['post', 'void', 'expire'] as const)[random(3)] ?? 'post')
      const from = random(6)
      const sides = [some(from), some(from + 1 + random(5)), BigInt(1 + random(20))] as const
      return random(2) === 0 ? hold(...sides) : move(...sides)
    }
    await race(async () => {
      for (let round = 0; round < 40; round += 1) {
        const commands = Array.from({ length: 1 + random(12) }, command)
        const results = await execute(commands)
        commands.forEach((one, i) => {
          if (one.kind === 'pending' && results[i]?.ok) pendings.push(one.id)
        })
        const [balance] = await trialBalance(db)
        expect(balance?.balanced).toBe(true)
      }
    })
    expect(pendings.length).toBeGreaterThan(100)
  }, 120_000)
})
