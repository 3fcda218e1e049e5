/** What must hold of a history, whatever it is of: it is whole, and each step is one that the table of states has. */
import { type Invariant, invariant } from '../ledger/index.ts'

export interface HistoryRules {
  /** Before the names of the rules. */
  readonly name: string
  /** Whose history it is, for people. */
  readonly of: string
  readonly table: string
  /** A query of `bucket, id, version, state, kind`. */
  readonly rows: string
  /** Which state may follow which, of each kind; nothing comes before the first. */
  readonly edges: readonly (readonly [kind: string, before: string, after: string])[]
}

export function historyInvariants({ name, of, table, rows, edges }: HistoryRules): Invariant[] {
  const values = edges.map((edge) => `(${edge.map((word) => `'${word}'`).join(', ')})`)
  return [
    invariant(
      `${name}_history_has_no_gap`,
      `The events of ${of} are numbered from 1 to its version, each number once.`,
      `with row as (${rows})
       select format('%s %s in bucket %s: version %s, %s events', r.kind,
         coalesce(r.id, e.subject), coalesce(r.bucket, e.bucket), r.version, e.events) as example
       from row r
       full join (
         select bucket, subject, count(distinct seq) as events, min(seq) as first, max(seq) as last
         from ${table} group by bucket, subject
       ) e on e.bucket = r.bucket and e.subject = r.id
       where (e.events, e.first, e.last) is distinct from (r.version::int8, 1, r.version)`,
    ),
    invariant(
      `${name}_states_follow_the_table`,
      'Every event leads along an edge of the state tables, from a first state to that of the row.',
      `with edge (kind, before, after) as (values ${values.join(', ')}), row as (${rows}),
       step as (
         select bucket, subject, seq, state, coalesce(lag(state) over history, '') as before,
           lead(seq) over history is null as is_last
         from ${table}
         window history as (partition by bucket, subject order by seq)
       )
       select format('%s %s in bucket %s went from "%s" to "%s" and is %s', r.kind, r.id, r.bucket,
         s.before, s.state, r.state) as example
       from row r join step s on s.bucket = r.bucket and s.subject = r.id
       where not exists (
           select from edge where kind = r.kind and before = s.before and after = s.state)
         or s.is_last and s.state <> r.state`,
    ),
  ]
}
