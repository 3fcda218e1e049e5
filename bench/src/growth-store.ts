/**
 * Payments by the million, copied set by set from one that the server itself has made, so that they
 * have whatever a payment leaves in the tables, and the books stay sound. The copies are delivered, as
 * old payments are. Nobody else may be paying meanwhile.
 */
import type { Database, Tx } from '../../server/src/db/index.ts'

const chunk = 64_000

interface Model {
  readonly id: string
  readonly bucket: number
  readonly msisdn: string
  readonly merchant_id: string
  readonly amount: bigint
  readonly state: 'delivering' | 'delivered'
  /** The merchant's order number. */
  readonly key: string
}

/** `first` counts what was copied before: numbers and ids of copies are never used twice. */
export async function copyPayments(db: Database, first: number, count: number): Promise<void> {
  const [model] = await db.query<Model>(
    `select p.id, p.bucket, p.msisdn, p.merchant_id, p.amount, p.state, k.key
      from payment p join business_key k on k.subject = p.id
      where p.state in ('delivering', 'delivered') order by p.created_at, p.id limit 1`,
  )
  if (!model) {
    const states = await db.query('select state, count(*)::int as count from payment group by 1')
    throw new Error(`there is no payment to copy among ${JSON.stringify(states)}`)
  }
  for (let done = 0; done < count; done += chunk)
    await db.transact((tx) =>
      copyChunk(tx, model, { first: first + done, count: Math.min(chunk, count - done) }),
    )
}

async function copyChunk(tx: Tx, model: Model, span: { first: number; count: number }) {
  await tx.query(
    `create temp table copy on commit drop as
      select i, (i % 64)::int2 as bucket, row_number() over (partition by i % 64 order by i) as place,
        '+86150' || lpad(i::text, 8, '0') as msisdn, 'copy-' || i as key,
        ('00000000-0000-7000-8000-' || tail)::uuid as id,
        ('00000001-0000-7000-8000-' || tail)::uuid as post_id
      from generate_series($1::int8, $2::int8) i
      cross join lateral (
        select lpad(to_hex(i), 10, '0') || lpad(to_hex(i % 64), 2, '0') as tail
      ) named`,
    [span.first, span.first + span.count - 1],
  )
  await insertCopies(tx, 'payment', `t.bucket = ${model.bucket} and t.id = '${model.id}'`, {
    bucket: 'copy.bucket',
    id: 'copy.id',
    msisdn: 'copy.msisdn',
    ...(model.state === 'delivering' && { version: 't.version + 1' }),
    order_no: `'C' || copy.i`,
    merchant_order_id: 'copy.key',
    charge_id: 'left(t.charge_id, 10) || copy.key',
    state: `'delivered'`,
    ended_at: 't.charged_at',
  })
  const ofModel = `t.bucket = ${model.bucket} and t.payment_id = '${model.id}'`
  await insertCopies(tx, 'payment_event', ofModel, {
    bucket: 'copy.bucket',
    payment_id: 'copy.id',
    data: `replace(t.data::text, '${model.key}', copy.key)::jsonb`,
  })
  if (model.state === 'delivering')
    await tx.query(
      `insert into payment_event (bucket, payment_id, seq, type, at, data)
        select copy.bucket, copy.id, last.seq + 1, 'delivered', last.at, '{"state": "delivered"}'
        from copy cross join (
          select seq, at from payment_event t where ${ofModel} order by seq desc limit 1
        ) last`,
    )
  await insertCopies(tx, 'business_key', `t.subject = '${model.id}'`, {
    bucket: 'copy.bucket',
    key: 'copy.key',
    subject: 'copy.id',
  })
  await copyCounters(tx, model, span.count)
  await copyTransfers(tx, model)
}

/** Every column as the model has it, but for those that must differ. */
async function insertCopies(
  tx: Tx,
  table: string,
  where: string,
  differing: Readonly<Record<string, string>>,
): Promise<void> {
  const columns = await tx.query<{ name: string }>(
    `select column_name as name from information_schema.columns
      where table_schema = 'public' and table_name = $1 order by ordinal_position`,
    [table],
  )
  const names = columns.map(({ name }) => name)
  const values = names.map((name) => differing[name] ?? `t.${name}`)
  await tx.query(
    `insert into ${table} (${names.join(', ')})
      select ${values.join(', ')} from copy cross join ${table} t where ${where}`,
  )
}

async function copyCounters(tx: Tx, model: Model, count: number): Promise<void> {
  await insertCopies(tx, 'limit_counter', `t.subject = 'number:${model.msisdn}'`, {
    bucket: 'copy.bucket',
    subject: `'number:' || copy.msisdn`,
  })
  await tx.query(
    `update limit_counter set used = used + $2
      where subject = 'merchant:' || $1 and period in (
        select period from limit_counter where subject = 'number:' || $3)`,
    [model.merchant_id, model.amount * BigInt(count), model.msisdn],
  )
}

const balances = (side: 'debit' | 'credit', step: 'hold' | 'post') => ({
  [`${side}_version`]: `${side}.version + 2 * copy.place - ${step === 'hold' ? 1 : 0}`,
  ...Object.fromEntries(
    ['debits', 'credits'].flatMap((column) => {
      const grows = column === `${side}s`
      const pending = grows && step === 'hold' ? ' + t.amount' : ''
      const posted = grows ? ` + t.amount * (copy.place - ${step === 'hold' ? 1 : 0})` : ''
      return [
        [`${side}_${column}_pending`, `${side}.${column}_pending${pending}`],
        [`${side}_${column}_posted`, `${side}.${column}_posted${posted}`],
      ]
    }),
  ),
  created_at: 'greatest(debit.changed_at, credit.changed_at)',
})

/** The holds and their posts go on where the two accounts of each bucket stand. */
async function copyTransfers(tx: Tx, model: Model): Promise<void> {
  const accounts = `
    join account debit on debit.bucket = copy.bucket and debit.name = t.debit_account
    join account credit on credit.bucket = copy.bucket and credit.name = t.credit_account`
  const columns = await tx.query<{ name: string }>(
    `select column_name as name from information_schema.columns
      where table_schema = 'public' and table_name = 'transfer' order by ordinal_position`,
  )
  const names = columns.map(({ name }) => name)
  const insert = async (step: 'hold' | 'post', where: string) => {
    const differing: Record<string, string> = {
      ...balances('debit', step),
      ...balances('credit', step),
      bucket: 'copy.bucket',
      id: step === 'hold' ? 'copy.id' : 'copy.post_id',
      subject: 'copy.id::text',
      pending_id: step === 'hold' ? 'null' : 'copy.id',
    }
    await tx.query(
      `insert into transfer (${names.join(', ')})
        select ${names.map((name) => differing[name] ?? `t.${name}`).join(', ')}
        from copy cross join transfer t ${accounts}
        where t.bucket = ${model.bucket} and ${where}`,
    )
  }
  await insert('hold', `t.id = '${model.id}'`)
  await insert('post', `t.pending_id = '${model.id}'`)
  await tx.query(
    `update account a set version = a.version + 2 * made.count,
        changed_at = made.changed_at,
        debits_posted = a.debits_posted + case when made.is_debit then made.sum else 0 end,
        credits_posted = a.credits_posted + case when made.is_debit then 0 else made.sum end
      from (
        select copy.bucket, side.name, side.is_debit, count(*) as count,
          sum(t.amount)::int8 as sum,
          max(greatest(debit.changed_at, credit.changed_at)) as changed_at
        from copy cross join transfer t ${accounts}
        cross join lateral (values (t.debit_account, true), (t.credit_account, false))
          side (name, is_debit)
        where t.bucket = ${model.bucket} and t.id = '${model.id}'
        group by copy.bucket, side.name, side.is_debit
      ) made
      where a.bucket = made.bucket and a.name = made.name`,
  )
}
