/** The table `code_guard`: all its SQL. */
import { int8s, type Reader, type Statement, type Tx, texts } from '../db/index.ts'
import { type CodeGuard, freshGuard, guardDayMs } from './code-guard.ts'

const openStatement: Statement = {
  name: 'code_guard.open',
  text: `insert into code_guard (subject, since, wrong)
    select s, 0, 0 from unnest($1::text[]) as u (s) order by s on conflict do nothing`,
}
const lockStatement: Statement = {
  name: 'code_guard.lock',
  text: `select subject, since, wrong, locked_until from code_guard
    where subject = any($1::text[]) order by subject for update`,
}
const saveStatement: Statement = {
  name: 'code_guard.save',
  text: `update code_guard g set since = u.since, wrong = u.wrong, locked_until = u.locked_until
    from unnest($1::text[], $2::int8[], $3::int4[], $4::int8[])
      as u (subject, since, wrong, locked_until)
    where g.subject = u.subject`,
}

interface Row {
  readonly subject: string
  readonly since: bigint
  readonly wrong: number
  readonly locked_until: bigint
}

/** Opens and locks the guards of these subjects, in the order of their names; by subject. */
export async function lockGuards(
  tx: Tx,
  subjects: readonly string[],
): Promise<Map<string, CodeGuard>> {
  if (subjects.length === 0) return new Map()
  const [, rows] = await Promise.all([
    tx.query(openStatement, [texts(subjects)]),
    tx.query<Row>(lockStatement, [texts(subjects)]),
  ])
  const found = new Map(subjects.map((subject) => [subject, freshGuard(subject)]))
  for (const row of rows) found.set(row.subject, toGuard(row))
  return found
}

/** Those that have counted something, to look at; who counts locks them. */
export async function readGuards(
  reader: Reader,
  subjects: readonly string[],
): Promise<CodeGuard[]> {
  const statement = {
    name: 'code_guard.read',
    text: 'select subject, since, wrong, locked_until from code_guard where subject = any($1::text[])',
  }
  return (await reader.query<Row>(statement, [texts(subjects)])).map(toGuard)
}

const toGuard = ({ subject, since, wrong, locked_until }: Row): CodeGuard => ({
  subject,
  since: Number(since),
  wrong,
  lockedUntil: Number(locked_until),
})

/** Writes what was counted under the locks above. */
export function saveGuards(tx: Tx, guards: readonly CodeGuard[]): void {
  if (guards.length === 0) return
  tx.write(saveStatement, [
    texts(guards.map((guard) => guard.subject)),
    int8s(guards.map((guard) => guard.since)),
    int8s(guards.map((guard) => guard.wrong)),
    int8s(guards.map((guard) => guard.lockedUntil)),
  ])
}

/** Whose day is over and whose lock has ended counts from nothing anyway. */
export async function forgetGuards(tx: Tx, now: number): Promise<void> {
  await tx.query('delete from code_guard where since < $1::int8 and locked_until < $2::int8', [
    now - guardDayMs,
    now,
  ])
}
