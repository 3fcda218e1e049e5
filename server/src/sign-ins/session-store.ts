/** The table `sign_in_session`: all its SQL. */
import { int8s, type Reader, type Statement, type Tx, texts, uuids } from '../db/index.ts'
import { bucketOf, type Msisdn } from '../kernel/index.ts'
import { type Method, type Session, sessionsMax } from './session.ts'

interface Row {
  readonly id: string
  readonly msisdn: string
  readonly device: string
  readonly method: Method
  readonly began_at: bigint
  readonly active_at: bigint
  readonly credential_id: string | null
}

interface Lasting {
  readonly activeSince: number
  readonly begunSince: number
}

const columns = 'id, msisdn, device, method, began_at, active_at, credential_id'

const toSession = (row: Row): Session => ({
  id: row.id,
  msisdn: row.msisdn,
  device: row.device,
  method: row.method,
  beganAt: Number(row.began_at),
  activeAt: Number(row.active_at),
  credentialId: row.credential_id,
})

export async function insertSession(tx: Tx, session: Session, tokenHash: string): Promise<void> {
  const { id, msisdn, device, method, beganAt, credentialId } = session
  await tx.query(
    `insert into sign_in_session (bucket, id, token_hash, msisdn, device, method, began_at, active_at,
       credential_id)
     values ($1, $2, $3, $4, $5, $6, $7::int8, $7::int8, $8)`,
    [bucketOf(msisdn), id, tokenHash, msisdn, device, method, beganAt, credentialId],
  )
  await tx.query(
    `update sign_in_session set ended_at = $3::int8
     where bucket = $1 and id in (
       select id from sign_in_session where bucket = $1 and msisdn = $2 and ended_at is null
       order by active_at desc, id desc offset $4::int)`,
    [bucketOf(msisdn), msisdn, beganAt, sessionsMax],
  )
}

export async function findSession(
  reader: Reader,
  asked: Lasting & { readonly bucket: number; readonly id: string; readonly tokenHash: string },
): Promise<Session | undefined> {
  const statement = {
    name: 'sign_in_session.find',
    text: `select ${columns} from sign_in_session
      where bucket = $1 and id = $2 and token_hash = $3 and ended_at is null
        and active_at > $4::int8 and began_at > $5::int8`,
  }
  const { bucket, id, tokenHash, activeSince, begunSince } = asked
  const [row] = await reader.query<Row>(statement, [bucket, id, tokenHash, activeSince, begunSince])
  return row && toSession(row)
}

/** The ids of those of these sessions that their numbers still have, and that last. */
export async function lastingSessions(
  reader: Reader,
  named: readonly { readonly id: string; readonly msisdn: Msisdn }[],
  { activeSince, begunSince }: Lasting,
): Promise<Set<string>> {
  if (named.length === 0) return new Set()
  const numbers = named.map(({ msisdn }) => msisdn)
  const rows = await reader.query<{ id: string }>(lastingStatement, [
    ...[int8s(numbers.map(bucketOf)), uuids(named.map(({ id }) => id)), texts(numbers)],
    ...[activeSince, begunSince],
  ])
  return new Set(rows.map(({ id }) => id))
}

const lastingStatement: Statement = {
  name: 'sign_in_session.lasting',
  text: `select s.id from sign_in_session s
    join unnest($1::int2[], $2::uuid[], $3::text[]) as u (bucket, id, msisdn)
      on s.bucket = u.bucket and s.id = u.id and s.msisdn = u.msisdn
    where s.ended_at is null and s.active_at > $4::int8 and s.began_at > $5::int8`,
}

export async function noteUse(tx: Tx, { id, msisdn }: Session, now: number): Promise<void> {
  await tx.query(
    `update sign_in_session set active_at = greatest(active_at, $3::int8)
     where bucket = $1 and id = $2 and ended_at is null`,
    [bucketOf(msisdn), id, now],
  )
}

/** Those that last, the one used last first. */
export async function sessionsOf(
  reader: Reader,
  { msisdn, activeSince, begunSince }: Lasting & { readonly msisdn: Msisdn },
): Promise<Session[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from sign_in_session
     where bucket = $1 and msisdn = $2 and ended_at is null
       and active_at > $3::int8 and began_at > $4::int8
     order by active_at desc, id desc`,
    [bucketOf(msisdn), msisdn, activeSince, begunSince],
  )
  return rows.map(toSession)
}

/** False when the number has no such session that goes on. */
export async function endSession(
  tx: Tx,
  { id, msisdn, now }: { readonly id: string; readonly msisdn: Msisdn; readonly now: number },
): Promise<boolean> {
  const ended = await tx.query(
    `update sign_in_session set ended_at = $4::int8
     where bucket = $1 and id = $2 and msisdn = $3 and ended_at is null returning id`,
    [bucketOf(msisdn), id, msisdn, now],
  )
  return ended.length === 1
}

/** All of the number but this one. */
export async function endOtherSessions(
  tx: Tx,
  { id, msisdn, now }: { readonly id: string; readonly msisdn: Msisdn; readonly now: number },
): Promise<void> {
  await tx.query(
    `update sign_in_session set ended_at = $4::int8
     where bucket = $1 and msisdn = $2 and id <> $3 and ended_at is null`,
    [bucketOf(msisdn), msisdn, id, now],
  )
}

/** What a passkey began ends; this one goes on without it. */
export async function endSessionsOfPasskey(
  tx: Tx,
  { credentialId, but, now }: { credentialId: string; but: Session; now: number },
): Promise<void> {
  const { id, msisdn } = but
  const bucket = bucketOf(msisdn)
  await tx.query(
    'update sign_in_session set credential_id = null where bucket = $1 and id = $2 and credential_id = $3',
    [bucket, id, credentialId],
  )
  await tx.query(
    `update sign_in_session set ended_at = $4::int8
     where bucket = $1 and msisdn = $2 and credential_id = $3 and ended_at is null`,
    [bucket, msisdn, credentialId, now],
  )
}

export async function endSessionsOf(tx: Tx, msisdn: Msisdn, now: number): Promise<void> {
  await tx.query(
    `update sign_in_session set ended_at = $3::int8
     where bucket = $1 and msisdn = $2 and ended_at is null`,
    [bucketOf(msisdn), msisdn, now],
  )
}

/** Sessions that nobody has used since are of no use to anybody. */
export async function forgetSessions(tx: Tx, silentSince: number): Promise<void> {
  await tx.query('delete from sign_in_session where active_at < $1::int8', [silentSince])
}
