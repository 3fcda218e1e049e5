/** The tables `risk_entry` and `risk_policy`: all their SQL. */
import { type Reader, type Statement, type Tx, texts } from '../db/index.ts'
import type { ListEntry, Listing, Subject, SubjectKind } from './list.ts'

interface EntryRow {
  id: string
  list: Listing
  subject_kind: SubjectKind
  subject: string
  reason: string
  author: string
  created_at: bigint
  expires_at: bigint | null
  removed_at: bigint | null
  removed_by: string | null
}

const columns = `e.id, e.list, e.subject_kind, e.subject, e.reason, e.author, e.created_at,
  e.expires_at, e.removed_at, e.removed_by`

const timeOf = (value: bigint | null) => (value === null ? null : Number(value))

const toEntry = (row: EntryRow): ListEntry => ({
  id: row.id,
  list: row.list,
  subject: { kind: row.subject_kind, value: row.subject },
  reason: row.reason,
  author: row.author,
  createdAt: Number(row.created_at),
  expiresAt: timeOf(row.expires_at),
  removedAt: timeOf(row.removed_at),
  removedBy: row.removed_by,
})

const hitsStatement: Statement = {
  name: 'risk_entry.hits',
  text: `select ${columns} from unnest($1::text[], $2::text[]) as k (kind, subject)
    join risk_entry e on e.subject_kind = k.kind and e.subject = k.subject
    where e.removed_at is null and (e.expires_at is null or e.expires_at > $3::int8)`,
}

/** The entries that hold at `now` for these subjects. */
export async function entriesFor(
  reader: Reader,
  subjects: readonly Subject[],
  now: number,
): Promise<ListEntry[]> {
  const rows = await reader.query<EntryRow>(hitsStatement, [
    texts(subjects.map((subject) => subject.kind)),
    texts(subjects.map((subject) => subject.value)),
    now,
  ])
  return rows.map(toEntry)
}

/** Takes entries of this subject off that have expired, so that a new one has room. */
export async function retireExpired(tx: Tx, subject: Subject, now: number): Promise<void> {
  await tx.query(
    `update risk_entry set removed_at = expires_at, removed_by = 'expiry'
     where subject_kind = $1 and subject = $2 and removed_at is null and expires_at <= $3::int8`,
    [subject.kind, subject.value, now],
  )
}

/** False when the subject is on this list already. */
export async function insertEntry(tx: Tx, entry: ListEntry): Promise<boolean> {
  const rows = await tx.query(
    `insert into risk_entry (id, list, subject_kind, subject, reason, author, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning id`,
    [
      entry.id,
      entry.list,
      entry.subject.kind,
      entry.subject.value,
      entry.reason,
      entry.author,
      entry.createdAt,
      entry.expiresAt,
    ],
  )
  return rows.length > 0
}

export async function lockEntry(tx: Tx, id: string): Promise<ListEntry | undefined> {
  const [row] = await tx.query<EntryRow>(
    `select ${columns} from risk_entry e where id = $1 for update`,
    [id],
  )
  return row && toEntry(row)
}

export async function saveRemoval(tx: Tx, entry: ListEntry): Promise<void> {
  await tx.query('update risk_entry set removed_at = $2, removed_by = $3 where id = $1', [
    entry.id,
    entry.removedAt,
    entry.removedBy,
  ])
}

export interface EntryFilter {
  readonly list: Listing | null
  readonly kind: SubjectKind | null
  /** The beginning of the subject's value. */
  readonly startsWith: string | null
  /** Entries removed or expired by `now` too. */
  readonly past: boolean
  /** The id of the last entry of the page before. */
  readonly before: string | null
  readonly limit: number
}

/** Newest first. */
export async function searchEntries(
  reader: Reader,
  filter: EntryFilter,
  now: number,
): Promise<ListEntry[]> {
  const rows = await reader.query<EntryRow>(
    `select ${columns} from risk_entry e
     where ($1::text is null or list = $1) and ($2::text is null or subject_kind = $2)
       and ($3::text is null or starts_with(subject, $3))
       and ($4::boolean or (removed_at is null and (expires_at is null or expires_at > $5::int8)))
       and ($6::uuid is null or id < $6::uuid)
     order by id desc limit $7`,
    [filter.list, filter.kind, filter.startsWith, filter.past, now, filter.before, filter.limit],
  )
  return rows.map(toEntry)
}

export async function readPolicyValues(reader: Reader): Promise<Map<string, bigint>> {
  const rows = await reader.query<{ name: string; value: bigint }>({
    name: 'risk_policy.read',
    text: 'select name, value from risk_policy',
  })
  return new Map(rows.map((row) => [row.name, row.value]))
}

/** Makes changes of the policy wait for each other: they are judged as a whole. */
export async function lockPolicy(tx: Tx): Promise<void> {
  await tx.query('lock table risk_policy in share row exclusive mode')
}

export async function savePolicyValues(
  tx: Tx,
  values: ReadonlyMap<string, bigint>,
  change: { readonly author: string; readonly now: number },
): Promise<void> {
  for (const [name, value] of values) {
    await tx.query(
      `insert into risk_policy (name, value, updated_at, updated_by) values ($1, $2, $3, $4)
       on conflict (name) do update set value = excluded.value,
         updated_at = excluded.updated_at, updated_by = excluded.updated_by`,
      [name, value, change.now, change.author],
    )
  }
}
