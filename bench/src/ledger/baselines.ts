/**
 * What the ledger is compared with, on the very same tables: one transfer at a time on 32 connections,
 * as a transaction of separate statements, and as one call of a function in the database.
 */
import pg from 'pg'
import type { Note } from '../rounds.ts'
import type { Move } from './world.ts'

export const connections = 32

export interface Baseline {
  run(until: number, note: Note): Promise<void>
  close(): Promise<void>
}

type Transfer = (client: pg.Client, move: Move, now: number) => Promise<unknown>

export async function openBaseline(
  url: string,
  transfer: Transfer,
  next: (now: number) => Move,
): Promise<Baseline> {
  const clients = await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      await client.query('set jit = off')
      return client
    }),
  )
  return {
    async run(until, note) {
      await Promise.all(
        clients.map(async (client) => {
          while (performance.now() < until) {
            const begun = performance.now()
            const now = Date.now()
            await transfer(client, next(now), now)
            note(performance.now() - begun, 1)
          }
        }),
      )
    },
    async close() {
      await Promise.all(clients.map((client) => client.end()))
    },
  }
}

interface AccountRow {
  readonly name: string
  readonly flags: number
  readonly version: string
  readonly changed_at: string
  readonly debits_pending: string
  readonly debits_posted: string
  readonly credits_pending: string
  readonly credits_posted: string
}

const lock = {
  name: 'bench.lock',
  text: `select name, flags, version, changed_at, debits_pending, debits_posted, credits_pending, credits_posted
    from account where bucket = $1 and name in ($2, $3) order by name for no key update`,
}
const insert = {
  name: 'bench.insert',
  text: `insert into transfer (bucket, id, kind, debit_account, credit_account, subject, reason,
      business_date, amount, created_at,
      debit_version, debit_debits_pending, debit_debits_posted,
      debit_credits_pending, debit_credits_posted,
      credit_version, credit_debits_pending, credit_debits_posted,
      credit_credits_pending, credit_credits_posted)
    values ($1, $2, 'transfer', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
      $18, $19)`,
}
const debited = {
  name: 'bench.debit',
  text: `update account set debits_posted = debits_posted + $3, version = version + 1,
      changed_at = $4 where bucket = $1 and name = $2`,
}
const credited = {
  name: 'bench.credit',
  text: `update account set credits_posted = credits_posted + $3, version = version + 1,
      changed_at = $4 where bucket = $1 and name = $2`,
}
const open = {
  name: 'bench.open',
  text: `insert into account (bucket, name, flags) values ($1, $2, $4), ($1, $3, $5)
    on conflict do nothing`,
}

/** BEGIN, lock both accounts, look at the limit, insert, update, update, COMMIT. */
export const inTransaction: Transfer = async (client, move, now) => {
  const { bucket, debit, credit, amount } = move
  for (;;) {
    await client.query('begin')
    const { rows } = await client.query<AccountRow>(lock, [bucket, debit.name, credit.name])
    const from = rows.find((row) => row.name === debit.name)
    const to = rows.find((row) => row.name === credit.name)
    if (!from || !to) {
      await client.query('rollback')
      await client.query(open, [bucket, debit.name, credit.name, debit.flags, credit.flags])
      continue
    }
    const debits = BigInt(from.debits_pending) + BigInt(from.debits_posted) + amount
    if (from.flags & 1 && debits > BigInt(from.credits_posted)) {
      await client.query('rollback')
      return
    }
    const at = Math.max(now, Number(from.changed_at), Number(to.changed_at))
    await client.query(insert, [
      ...[bucket, move.id, debit.name, credit.name, move.subject, move.reason, move.businessDate],
      ...[amount, at],
      ...[BigInt(from.version) + 1n, from.debits_pending, BigInt(from.debits_posted) + amount],
      ...[from.credits_pending, from.credits_posted],
      ...[BigInt(to.version) + 1n, to.debits_pending, to.debits_posted],
      ...[to.credits_pending, BigInt(to.credits_posted) + amount],
    ])
    await client.query(debited, [bucket, debit.name, amount, at])
    await client.query(credited, [bucket, credit.name, amount, at])
    await client.query('commit')
    return
  }
}

/** The same as one function: one round trip, one commit. */
export const transferFunction = `
  create function bench_transfer(in_bucket int2, in_id uuid, debit text, debit_flags int2, credit text,
    credit_flags int2, in_amount int8, in_date date, now int8) returns text language plpgsql as $$
  declare
    d account;
    c account;
    one account;
  begin
    for one in select * from account where bucket = in_bucket and name in (debit, credit)
      order by name for no key update
    loop
      if one.name = debit then d := one; else c := one; end if;
    end loop;
    if d.name is null or c.name is null then
      insert into account (bucket, name, flags)
        values (in_bucket, debit, debit_flags), (in_bucket, credit, credit_flags)
        on conflict do nothing;
      return 'again';
    end if;
    now := greatest(now, d.changed_at, c.changed_at);
    if d.flags & 1 <> 0 and d.debits_pending + d.debits_posted + in_amount > d.credits_posted then
      return 'exceeds_credits';
    end if;
    insert into transfer (bucket, id, kind, debit_account, credit_account, subject, reason,
        business_date, amount, created_at,
        debit_version, debit_debits_pending, debit_debits_posted,
        debit_credits_pending, debit_credits_posted,
        credit_version, credit_debits_pending, credit_debits_posted,
        credit_credits_pending, credit_credits_posted)
      values (in_bucket, in_id, 'transfer', debit, credit, 'bench', 'charge', in_date, in_amount, now,
        d.version + 1, d.debits_pending, d.debits_posted + in_amount,
        d.credits_pending, d.credits_posted,
        c.version + 1, c.debits_pending, c.debits_posted,
        c.credits_pending, c.credits_posted + in_amount);
    update account set debits_posted = debits_posted + in_amount, version = version + 1,
      changed_at = now where bucket = in_bucket and name = debit;
    update account set credits_posted = credits_posted + in_amount, version = version + 1,
      changed_at = now where bucket = in_bucket and name = credit;
    return 'created';
  end $$`

const call = {
  name: 'bench.call',
  text: 'select bench_transfer($1, $2, $3, $4, $5, $6, $7, $8, $9) as result',
}

export const inFunction: Transfer = async (client, move, now) => {
  const { bucket, id, debit, credit, amount } = move
  const values = [bucket, id, debit.name, debit.flags, credit.name, credit.flags]
  for (;;) {
    const { rows } = await client.query(call, [...values, amount, move.businessDate, now])
    if (rows[0]?.result !== 'again') return
  }
}
