/** Wallets with money in them, for numbers that are there already. What is in them stands in the ledger. */
import { type Database, int8s, texts, uuids } from '../../server/src/db/index.ts'
import { bucketOf, type Ids } from '../../server/src/kernel/index.ts'
import {
  bankClearing,
  executeTransfers,
  reasons,
  userBalance,
} from '../../server/src/ledger/index.ts'

export interface WalletSeed {
  readonly msisdns: readonly string[]
  readonly amount: bigint
  readonly ids: Ids
  readonly now: number
  readonly businessDate: string
}

const listLength = 500

export async function seedWallets(db: Database, seed: WalletSeed): Promise<void> {
  for (let first = 0; first < seed.msisdns.length; first += listLength)
    await seedSome(db, { ...seed, msisdns: seed.msisdns.slice(first, first + listLength) })
}

async function seedSome(db: Database, { msisdns, ids, now, ...seed }: WalletSeed): Promise<void> {
  const wallets = msisdns.map((msisdn) => ids.next(bucketOf(msisdn), now))
  const columns = [int8s(msisdns.map(bucketOf)), uuids(wallets)]
  await db.transact(async (tx) => {
    await tx.query(
      `insert into wallet_account (bucket, id, version, msisdn, identity_id, class, state, opened_at)
        select b, w, 1, m, w, 'III', 'open', $4::int8
        from unnest($1::int2[], $2::uuid[], $3::text[]) as u (b, w, m)`,
      [...columns, texts(msisdns), now],
    )
    await tx.query(
      `insert into wallet_event (bucket, subject, seq, type, state, at)
        select b, w, 1, 'opened', 'open', $3::int8
        from unnest($1::int2[], $2::uuid[]) as u (b, w)`,
      [...columns, now],
    )
    const moved = wallets.map((walletId, n) => {
      const bucket = bucketOf(msisdns[n] ?? '')
      const [debit, credit] = [bankClearing(bucket, 'seed'), userBalance(bucket, walletId)]
      const { amount, businessDate } = seed
      const line = { id: ids.next(bucket, now), bucket, subject: walletId, amount, businessDate }
      return { kind: 'transfer', ...line, reason: reasons.charge, debit, credit } as const
    })
    const results = await executeTransfers(tx, moved, now)
    if (results.some(({ ok }) => !ok)) throw new Error('a wallet could not be filled')
  })
}
