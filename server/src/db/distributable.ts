/**
 * What Citus would refuse of a table that is to be distributed, read from the catalogue: each unique
 * key must begin with `bucket`, and there may be no foreign keys and no triggers.
 */
import { texts } from './array.ts'
import { tablesOf } from './placement.ts'
import type { Reader } from './tx.ts'

/** In words, one for each thing that is wrong; empty when all distributed tables fit. */
export async function unfitIn(
  reader: Reader,
  tables: readonly string[] = tablesOf('distributed'),
): Promise<string[]> {
  const rows = await reader.query<{ fault: string }>(faultsStatement, [texts(tables)])
  return rows.map((row) => row.fault)
}

const faultsStatement = {
  name: 'db.unfit_tables',
  text: `
    with hot as (
      select c.oid, c.relname from pg_class c
      where c.relname = any($1::text[]) and c.relnamespace = current_schema()::regnamespace
    ), bucket as (
      select a.attrelid, a.attnum, a.attnotnull, a.atttypid from pg_attribute a join hot on hot.oid = a.attrelid
      where a.attname = 'bucket' and not a.attisdropped
    )
    select hot.relname || ': has no column bucket smallint not null' as fault
    from hot left join bucket b on b.attrelid = hot.oid
    where b.attrelid is null or not b.attnotnull or b.atttypid <> 'int2'::regtype
    union all
    select hot.relname || ': has no primary key' from hot
    where not exists (select from pg_index i where i.indrelid = hot.oid and i.indisprimary)
    union all
    select format('%s: the key %s does not begin with bucket', hot.relname, i.indexrelid::regclass)
    from pg_index i join hot on hot.oid = i.indrelid left join bucket b on b.attrelid = hot.oid
    where (i.indisunique or i.indisexclusion) and i.indkey[0] is distinct from b.attnum
    union all
    select format('%s: the foreign key %s', hot.relname, k.conname)
    from pg_constraint k join hot on hot.oid in (k.conrelid, k.confrelid) where k.contype = 'f'
    union all
    select format('%s: the trigger %s', hot.relname, t.tgname)
    from pg_trigger t join hot on hot.oid = t.tgrelid where not t.tgisinternal
    order by 1`,
}
