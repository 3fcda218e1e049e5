/** The accounts of the ledger's benchmark, funded by transfers like any other, and what is moved. */
import { type Database, migrate, openDatabase } from '../../../server/src/db/index.ts'
import { bucketCount } from '../../../server/src/kernel/index.ts'
import type { TransferCommand } from '../../../server/src/ledger/index.ts'

export const migrationsFolder = new URL('../../../server/migrations', import.meta.url).pathname
export const businessDate = '2026-11-23'
const funds = 1_000_000_000_000n
const merchants = 10
/** Transfers of one list. */
export const listLength = 500

/** `purse` may not fall below zero; `merchant` is credited only; `treasury` gave everyone the start. */
const purse = (bucket: number, index: number) => ({ bucket, name: `purse:${index}`, flags: 1 })
const merchant = (bucket: number, index: number) => ({
  bucket,
  name: `merchant:${index}`,
  flags: 1,
})

/** `count` purses over all buckets: each is opened by a transfer from the treasury of its bucket. */
export async function seedAccounts(db: Database, count: number): Promise<void> {
  await migrate(db, migrationsFolder)
  for (let bucket = 0; bucket < bucketCount; bucket += 1)
    await db.transact(async (tx) => {
      tx.write(
        `insert into account (bucket, name, flags, debits_posted, version, changed_at)
          values ($1, 'treasury', 0, $2, $3, 1)`,
        [bucket, funds * BigInt(count / bucketCount), count / bucketCount],
      )
      tx.write(
        `insert into account (bucket, name, flags, credits_posted, version, changed_at)
          select $1::int2, 'purse:' || n, 1, $2::int8, 1, 1 from generate_series(0, $3::int - 1) n
          order by ('purse:' || n) collate "C"`,
        [bucket, funds, count / bucketCount],
      )
      tx.write(
        `insert into transfer (bucket, id, kind, debit_account, credit_account, subject, reason,
            business_date, amount, created_at, debit_version, debit_debits_pending,
            debit_debits_posted, debit_credits_pending, debit_credits_posted, credit_version,
            credit_debits_pending, credit_debits_posted, credit_credits_pending,
            credit_credits_posted)
          select $1::int2, lpad(to_hex(n + 1), 32, '0')::uuid, 'transfer', 'treasury', 'purse:' || n, '-',
            'fund', '2026-11-22', $2::int8, 1, n + 1, 0, $2::int8 * (n + 1), 0, 0, 1, 0, 0, 0,
            $2::int8
          from generate_series(0, $3::int - 1) n`,
        [bucket, funds, count / bucketCount],
      )
    })
}

/** After loading: what the planner knows, and rows that need no second look at who wrote them. */
export async function settle(url: string): Promise<void> {
  const db = await openDatabase({ url, poolMax: 1, statementTimeoutMs: 600_000 })
  await db.query('set default_transaction_read_only = off')
  await db.query('vacuum analyze')
  await db.close()
}

/** Ids in the shape and order of the product's own, at a tenth of their cost: they are not measured. */
function createQuickIds() {
  const run = Math.floor(Math.random() * 0x1_0000)
  let made = 0
  return (bucket: number, now: number): string => {
    made += 1
    const time = hex(now, 12)
    const start = `${time.slice(0, 8)}-${time.slice(8)}-7${hex(made % 0x1000, 3)}`
    return `${start}-8000-${hex(run, 4)}${hex(made % 0x1_000_000, 6)}${hex(bucket, 2)}`
  }
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')

export type Mix = 'uniform' | 'hot' | 'held'

/** Lists of transfers between accounts picked at random; a hold and its post are neighbours. */
export function createLists(accounts: number, mix: Mix) {
  const nextId = createQuickIds()
  const perBucket = accounts / bucketCount
  const pick = (below: number) => Math.floor(Math.random() * below)
  const common = { subject: 'bench', reason: 'charge', businessDate } as const
  const move = (now: number, kind: 'transfer' | 'pending') => {
    const bucket = pick(bucketCount)
    const from = pick(perBucket)
    const isHot = mix === 'hot' && Math.random() < 0.5
    return {
      ...common,
      kind,
      id: nextId(bucket, now),
      bucket,
      debit: purse(bucket, from),
      credit: isHot
        ? merchant(bucket, pick(merchants))
        : purse(bucket, (from + 1 + pick(perBucket - 1)) % perBucket),
      amount: BigInt(1 + pick(10_000)),
    }
  }
  return {
    one: (now: number) => move(now, 'transfer'),
    next(length: number, now: number): TransferCommand[] {
      if (mix !== 'held') return Array.from({ length }, () => move(now, 'transfer'))
      const list: TransferCommand[] = []
      while (list.length < length) {
        const held = move(now, 'pending')
        const id = nextId(held.bucket, now)
        list.push(held, { ...common, kind: 'post', id, bucket: held.bucket, pendingId: held.id })
      }
      return list
    },
  }
}

export type Move = ReturnType<ReturnType<typeof createLists>['one']>
