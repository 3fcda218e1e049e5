/**
 * All SQL that writes the ledger, and the reads a decision needs. Everything is a set: one
 * statement per step for a whole batch. Inner lookups are LATERAL, so that they go through the
 * primary key whatever the planner believes of a table that has just been created.
 */
import { int8s, type Statement, type Tx, texts, uuids } from '../db/index.ts'
import { ByBucket } from './by-bucket.ts'
import { accountsNamedBy, type Facts } from './decide.ts'
import type {
  Account,
  AccountAfter,
  AccountRef,
  SettlingKind,
  Transfer,
  TransferCommand,
  TransferContent,
  TransferKind,
} from './transfer.ts'

/**
 * Locks every account the commands touch, reads what exists of their ids, and opens the accounts that
 * nobody has named before.
 *
 * No two batches can deadlock here. Locks are taken by (bucket, name). Opening waits only for other
 * openings, by (bucket, name) again. Somebody else may have opened an account meanwhile and may even
 * wait for one of ours: then we do not wait for him, the transaction fails and is run again
 * (`nowait`). What is read after the locks, in a statement of its own, stands until we commit:
 * whoever settles a pending transfer holds the locks of its two accounts. For all this a transaction
 * asks once, and runs at READ COMMITTED.
 */
export async function lockFacts(tx: Tx, commands: readonly TransferCommand[]): Promise<Facts> {
  const settling = commands.filter((command) => 'pendingId' in command)
  const pendings = settling.map(({ bucket, pendingId: id }) => ({ bucket, id }))
  return lockLedger(tx, { accounts: accountsNamedBy(commands), pendings, transfers: commands })
}

export interface TransferRef {
  readonly bucket: number
  readonly id: string
}

/** What to lock and read: accounts, those of pending transfers, and transfers that may be there. */
export interface LedgerNeeds {
  /** Each once. */
  readonly accounts: readonly AccountRef[]
  readonly pendings: readonly TransferRef[]
  readonly transfers?: readonly TransferRef[]
}

/** The same for callers who know beforehand what they may post. */
export async function lockLedger(tx: Tx, needs: LedgerNeeds): Promise<Facts> {
  const { accounts: named, pendings } = needs
  const ids = [...(needs.transfers ?? []), ...pendings]
  const find = () => (ids.length === 0 ? [] : tx.query<FoundRow>(findTransfers, refsOf(ids)))
  const accounts = new ByBucket<Account>()
  if (named.length === 0 && ids.length === 0) return { accounts, ...foundIn([]) }
  const [locked, found] = await Promise.all([
    tx.query<LockedRow>(lockAccounts, [...namesOf(named), ...refsOf(pendings)]),
    find(),
  ])
  parseAccounts(locked, accounts)
  const missing = named.filter(({ bucket, name }) => !accounts.get(bucket, name))
  if (missing.length === 0) return { accounts, ...foundIn(found) }
  const names = namesOf(missing)
  const [, opened, foundNow] = await Promise.all([
    tx.query(openAccounts, [...names, int8s(missing.map((account) => account.flags))]),
    tx.query<LockedRow>(lockOpened, names),
    find(),
  ])
  parseAccounts(opened, accounts)
  return { accounts, ...foundIn(foundNow) }
}

const refsOf = (refs: readonly TransferRef[]) => [
  int8s(refs.map(({ bucket }) => bucket)),
  uuids(refs.map(({ id }) => id)),
]

const namesOf = (accounts: readonly AccountRef[]) => [
  int8s(accounts.map((account) => account.bucket)),
  texts(accounts.map((account) => account.name)),
]

const openAccounts: Statement = {
  name: 'ledger.open',
  text: `
    insert into account (bucket, name, flags)
    select bucket, name, flags
    from unnest($1::int2[], $2::text[], $3::int2[]) wanted (bucket, name, flags)
    order by bucket, name collate "C"
    on conflict do nothing`,
}

interface LockedRow {
  readonly accounts: string | null
}

// One value instead of a thousand rows: that halves what the driver spends on them. The name comes
// last in its line because it may contain spaces.
const inOneValue = `
  select string_agg(concat_ws(' ', bucket, flags, debits_pending, debits_posted,
    credits_pending, credits_posted, version, changed_at, name), e'\\n') as accounts
  from locked`

const lockAccounts: Statement = {
  name: 'ledger.lock',
  text: `
    with wanted as (
      select * from unnest($1::int2[], $2::text[]) named (bucket, name)
      union
      select pending.bucket, side.name
      from unnest($3::int2[], $4::uuid[]) settled (bucket, id)
      cross join lateral (
        select t.bucket, t.debit_account, t.credit_account from transfer t
        where t.bucket = settled.bucket and t.id = settled.id
        offset 0
      ) pending
      cross join lateral (values (pending.debit_account), (pending.credit_account)) side (name)
    ), locked as (
      select known.*
      from (select * from wanted order by bucket, name collate "C") wanted
      cross join lateral (
        select * from account
        where account.bucket = wanted.bucket and account.name = wanted.name
        offset 0
        for no key update
      ) known
    )
    ${inOneValue}`,
}

const lockOpened: Statement = {
  name: 'ledger.lock_opened',
  text: `
    with locked as (
      select opened.*
      from unnest($1::int2[], $2::text[]) wanted (bucket, name)
      cross join lateral (
        select * from account
        where account.bucket = wanted.bucket and account.name = wanted.name
        offset 0
        for no key update nowait
      ) opened
    )
    ${inOneValue}`,
}

function parseAccounts(rows: readonly LockedRow[], accounts: ByBucket<Account>): void {
  for (const line of rows[0]?.accounts?.split('\n') ?? []) {
    const fields = line.split(' ')
    const account: Account = {
      bucket: Number(fields[0]),
      name: fields.length === 9 ? (fields[8] as string) : fields.slice(8).join(' '),
      flags: Number(fields[1]),
      debitsPending: BigInt(fields[2] ?? ''),
      debitsPosted: BigInt(fields[3] ?? ''),
      creditsPending: BigInt(fields[4] ?? ''),
      creditsPosted: BigInt(fields[5] ?? ''),
      version: BigInt(fields[6] ?? ''),
      changedAt: Number(fields[7]),
    }
    accounts.set(account.bucket, account.name, account)
  }
}

const findTransfers: Statement = {
  name: 'ledger.find',
  text: `
    select t.*, settling.kind as settled_by
    from unnest($1::int2[], $2::uuid[]) wanted (bucket, id)
    cross join lateral (
      select bucket, id, kind, debit_account, credit_account, amount, pending_id, subject, reason
      from transfer
      where transfer.bucket = wanted.bucket and transfer.id = wanted.id
      offset 0
    ) t
    left join lateral (
      select kind from transfer
      where transfer.bucket = t.bucket and transfer.pending_id = t.id
      offset 0
    ) settling on true`,
}

interface FoundRow {
  bucket: number
  id: string
  kind: TransferKind
  debit_account: string
  credit_account: string
  amount: bigint
  pending_id: string | null
  subject: string
  reason: string
  settled_by: SettlingKind | null
}

function foundIn(rows: readonly FoundRow[]): Pick<Facts, 'transfers' | 'settled'> {
  const transfers = new ByBucket<TransferContent>()
  const settled = new ByBucket<SettlingKind>()
  for (const row of rows) {
    transfers.set(row.bucket, row.id, {
      id: row.id,
      bucket: row.bucket,
      kind: row.kind,
      debitAccount: row.debit_account,
      creditAccount: row.credit_account,
      amount: row.amount,
      pendingId: row.pending_id,
      subject: row.subject,
      reason: row.reason,
    })
    if (row.settled_by) settled.set(row.bucket, row.id, row.settled_by)
  }
  return { transfers, settled }
}

/** Sends the new transfers and the new state of their accounts; both travel with the commit. */
export function save(tx: Tx, transfers: readonly Transfer[], accounts: readonly Account[]): void {
  if (transfers.length === 0) return
  const debits = transfers.map((one) => one.debit)
  const credits = transfers.map((one) => one.credit)
  tx.write(insertTransfers, [
    int8s(transfers.map((one) => one.bucket)),
    uuids(transfers.map((one) => one.id)),
    texts(transfers.map((one) => one.kind)),
    texts(transfers.map((one) => one.debitAccount)),
    texts(transfers.map((one) => one.creditAccount)),
    texts(transfers.map((one) => one.subject)),
    texts(transfers.map((one) => one.reason)),
    uuids(transfers.map((one) => one.pendingId)),
    texts(transfers.map((one) => one.businessDate)),
    int8s(transfers.map((one) => one.amount)),
    int8s(transfers.map((one) => one.createdAt)),
    ...balancesOf(debits),
    ...balancesOf(credits),
  ])
  tx.write(updateAccounts, [
    int8s(accounts.map((one) => one.bucket)),
    texts(accounts.map((one) => one.name)),
    int8s(accounts.map((one) => one.changedAt)),
    ...balancesOf(accounts),
  ])
}

const balancesOf = (accounts: readonly AccountAfter[]) => [
  int8s(accounts.map((one) => one.version)),
  int8s(accounts.map((one) => one.debitsPending)),
  int8s(accounts.map((one) => one.debitsPosted)),
  int8s(accounts.map((one) => one.creditsPending)),
  int8s(accounts.map((one) => one.creditsPosted)),
]

const insertTransfers: Statement = {
  name: 'ledger.insert',
  text: `
    insert into transfer (bucket, id, kind, debit_account, credit_account, subject, reason,
      pending_id, business_date, amount, created_at,
      debit_version, debit_debits_pending, debit_debits_posted,
      debit_credits_pending, debit_credits_posted,
      credit_version, credit_debits_pending, credit_debits_posted,
      credit_credits_pending, credit_credits_posted)
    select * from unnest($1::int2[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[],
      $7::text[], $8::uuid[], $9::date[], $10::int8[], $11::int8[],
      $12::int8[], $13::int8[], $14::int8[], $15::int8[], $16::int8[],
      $17::int8[], $18::int8[], $19::int8[], $20::int8[], $21::int8[])`,
}

const updateAccounts: Statement = {
  name: 'ledger.update',
  text: `
    update account set version = next.version, changed_at = next.changed_at,
      debits_pending = next.debits_pending, debits_posted = next.debits_posted,
      credits_pending = next.credits_pending, credits_posted = next.credits_posted
    from unnest($1::int2[], $2::text[], $3::int8[], $4::int8[], $5::int8[], $6::int8[],
      $7::int8[], $8::int8[]) next (bucket, name, changed_at, version,
      debits_pending, debits_posted, credits_pending, credits_posted)
    where account.bucket = next.bucket and account.name = next.name`,
}
