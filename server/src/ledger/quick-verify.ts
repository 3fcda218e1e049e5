/**
 * All rules of the ledger in three statements of one snapshot, for books of millions: are they sound as
 * a whole? Only when they are not, each rule of `verify.ts` is asked in turn which rows break it.
 *
 * Histories are not sorted to see that each step follows from the one before. Of every account, the
 * states after its transfers and the states before them (what is after, less what the transfer did) are
 * the same states but for the two ends: nothing before the first, the account's own after the last. So
 * the sums of their hashes (64 bits each) must agree. The state holds the version, so a gap, a number
 * used twice or a balance changed by hand moves one sum and not the other.
 */
import type { Database, Reader } from '../db/index.ts'
import { unitIn } from './unit.ts'
import { type Invariant, ledgerInvariants } from './verify.ts'

export interface Finding {
  readonly invariant: Invariant
  readonly offences: bigint
  readonly examples: readonly string[]
}

/** What each rule of the ledger says, all at one instant. On PostgreSQL it takes two connections. */
export function checkLedger(db: Database): Promise<Finding[]> {
  return db.snapshot(async (reader) => {
    const isSound = await (db.engine === 'postgres' ? inTwo(db, reader) : ledgerIsSound(reader))
    const findings: Finding[] = []
    for (const invariant of ledgerInvariants) {
      const found = isSound ? { offences: 0n, examples: [] } : await invariant.check(reader)
      findings.push({ invariant, ...found })
    }
    return findings
  })
}

/** A second connection that sees the very instant of the first. */
async function inTwo(db: Database, first: Reader): Promise<boolean> {
  const [exported] = await first.query<{ id: string }>('select pg_export_snapshot() as id')
  return db.snapshot(async (second) => {
    await second.query(`set transaction snapshot '${exported?.id}'`)
    return ledgerIsSound(first, second)
  })
}

/** Two readers of one snapshot, each in a transaction whose settings this changes; or one. */
export async function ledgerIsSound(first: Reader, second: Reader = first): Promise<boolean> {
  const answers = await Promise.all([
    ask(first, [accountsAreSound]),
    ask(second, [pendingsSettleOnce, sorting('off'), historiesRunForward, sorting('on')]),
  ])
  return answers.every(Boolean)
}

async function ask(reader: Reader, statements: readonly string[]): Promise<boolean> {
  // It reads much and needs room for it.
  await reader.query(
    `select set_config('work_mem', '256MB', true),
      set_config('max_parallel_workers_per_gather', '2', true)`,
  )
  for (const statement of statements) {
    const [row] = await reader.query<{ sound: boolean }>(statement)
    if (row?.sound !== true) return false
  }
  return true
}

/** Sorting all histories would cost more than all the rest; their indexes have the order. */
const sorting = (value: 'on' | 'off') =>
  `select set_config('enable_sort', '${value}', true) = '${value}' as sound`

const state = (...numbers: readonly string[]) =>
  numbers.reduceRight((seed, number) => `hashint8extended(${number}, ${seed})`, '0')

const after = (side: 'debit' | 'credit') =>
  state(
    `t.${side}_version`,
    ...['debits_pending', 'debits_posted', 'credits_pending', 'credits_posted'].map(
      (column) => `t.${side}_${column}`,
    ),
  )

const before = (side: 'debit' | 'credit') =>
  state(
    `t.${side}_version - 1`,
    ...['debits', 'credits'].flatMap((column) => {
      const [pending, posted] = column === `${side}s` ? [' - t.pending', ' - t.posted'] : ['', '']
      return [`t.${side}_${column}_pending${pending}`, `t.${side}_${column}_posted${posted}`]
    }),
  )

/** What is known of one side of all transfers between two accounts. */
const sums = (side: 'debit' | 'credit') => `
  sum(${after(side)}) as ${side}_after, sum(${before(side)}) as ${side}_before,
  min(least(t.${side}_debits_pending, t.${side}_debits_posted, t.${side}_credits_pending,
    t.${side}_credits_posted)) as ${side}_least,
  max(t.${side}_debits_pending + t.${side}_debits_posted - t.${side}_credits_posted)
    as ${side}_debits_beyond,
  max(t.${side}_credits_pending + t.${side}_credits_posted - t.${side}_debits_posted)
    as ${side}_credits_beyond`

const ofSide = (side: 'debit' | 'credit') => `
  select bucket, ${side}_account as account, transfers, unsound, changed_at,
    ${side}_after as after, ${side}_before as before, ${side}_least as least,
    ${side}_debits_beyond as debits_beyond, ${side}_credits_beyond as credits_beyond,
    ${side === 'debit' ? 'pending, posted, 0, 0' : '0, 0, pending, posted'}
  from pair`

// Between two accounts first: that needs one pass, and leaves little for the rest.
const accountsAreSound = `
  with pair as (
    select t.bucket, t.debit_account, t.credit_account, count(*) as transfers,
      count(*) filter (where t.unsound) as unsound, max(t.created_at) as changed_at,
      sum(t.pending) as pending, sum(t.posted) as posted, ${sums('debit')}, ${sums('credit')}
    from (
      select s.*,
        case s.kind when 'pending' then s.amount when 'transfer' then 0
          else -coalesce(p.amount, 0) end as pending,
        case when s.kind in ('transfer', 'post') then s.amount else 0 end as posted,
        s.amount <= 0 or s.debit_account = s.credit_account
          or ${unitIn('s.debit_account')} <> ${unitIn('s.credit_account')}
          or s.kind not in ('transfer', 'pending', 'post', 'void', 'expire')
          or (s.pending_id is not null) <> (s.kind in ('post', 'void', 'expire'))
          or s.pending_id is not null and (p.id is null
            or s.debit_account <> p.debit_account or s.credit_account <> p.credit_account
            or s.amount > p.amount or s.kind <> 'post' and s.amount <> p.amount) as unsound
      from transfer s
      left join transfer p on p.bucket = s.bucket and p.id = s.pending_id and p.kind = 'pending'
    ) t
    group by t.bucket, t.debit_account, t.credit_account
  ), side (bucket, account, transfers, unsound, changed_at, after, before, least, debits_beyond,
      credits_beyond, debits_pending, debits_posted, credits_pending, credits_posted) as (
    ${ofSide('debit')} union all ${ofSide('credit')}
  ), summed as (
    select bucket, account, sum(transfers) as transfers, sum(unsound) as unsound,
      max(changed_at) as changed_at, sum(after) as after, sum(before) as before,
      min(least) as least, max(debits_beyond) as debits_beyond,
      max(credits_beyond) as credits_beyond, sum(debits_pending) as debits_pending,
      sum(debits_posted) as debits_posted, sum(credits_pending) as credits_pending,
      sum(credits_posted) as credits_posted
    from side group by bucket, account
  )
  select not exists (
    select from account a
    full join summed s on s.bucket = a.bucket and s.account = a.name
    where a.name is null
      or coalesce(s.unsound, 0) <> 0
      or a.version <> coalesce(s.transfers, 0)
      or a.changed_at <> coalesce(s.changed_at, a.changed_at)
      or a.debits_pending <> coalesce(s.debits_pending, 0)
      or a.debits_posted <> coalesce(s.debits_posted, 0)
      or a.credits_pending <> coalesce(s.credits_pending, 0)
      or a.credits_posted <> coalesce(s.credits_posted, 0)
      or coalesce(s.after, 0) + ${state('0', '0', '0', '0', '0')} <> coalesce(s.before, 0) + ${state(
        'a.version',
        'a.debits_pending',
        'a.debits_posted',
        'a.credits_pending',
        'a.credits_posted',
      )}
      or coalesce(s.least, 0) < 0
      or a.flags not between 0 and 2
      or a.flags & 1 <> 0 and coalesce(s.debits_beyond, 0) > 0
      or a.flags & 2 <> 0 and coalesce(s.credits_beyond, 0) > 0
  ) as sound`

const pendingsSettleOnce = `
  select not exists (
    select from transfer where pending_id is not null
    group by bucket, pending_id having count(*) > 1
  ) as sound`

// Along the two indexes of histories, merged.
const historiesRunForward = `
  select not exists (
    select from (
      select created_at, lag(created_at) over history as was_created_at
      from (
        select bucket, debit_account as account, debit_version as version, created_at
        from transfer
        union all
        select bucket, credit_account, credit_version, created_at from transfer
      ) step
      window history as (partition by bucket, account order by version)
    ) step where created_at < was_created_at
  ) as sound`
