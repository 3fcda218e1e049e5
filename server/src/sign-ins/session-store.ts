/** The table `sign_in_session`: all its SQL. */
import type { Reader, Tx } from '../db/index.ts'
import { bucketOf, type Msisdn } from '../kernel/index.ts'
import { type Method, type Session, sessionsMax } from './session.ts'

interface Row {
  readonly id: string
  readonly msisdn: string
  readonly device: string
  readonly method: Method
  readonly began_at: bigint
  readonly active_at: bigint
}

interface Lasting {
  readonly activeSince: number
  readonly begunSince: number
}

const columns = 'id, msisdn, device, method, began_at, active_at'

const toSession = (row: Row): Session => ({
  id: row.id,
  msisdn: row.msisdn,
  device: row.device,
  method: row.method,
  beganAt: Number(row.began_at),
  activeAt: Number(row.active_at),
})

export async function insertSession(tx: Tx, session: Session, tokenHash: string): Promise<void> {
  const { id, msisdn, device, method, beganAt } = session
  await tx.query(
    `insert into sign_in_session (bucket, id, token_hash, msisdn, device, method, began_at, active_at)
     values ($1, $2, $3, $4, $5, $6, $7::int8, $7::int8)`,
    [bucketOf(msisdn), id, tokenHash, msisdn, device, method, beganAt],
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

/** Whether the number still has this session, and it lasts. */
export async function isLasting(
  reader: Reader,
  asked: Lasting & { readonly id: string; readonly msisdn: Msisdn },
): Promise<boolean> {
  const { id, msisdn, activeSince, begunSince } = asked
  const statement = {
    name: 'sign_in_session.lasts',
    text: `select id from sign_in_session
      where bucket = $1 and id = $2 and msisdn = $3 and ended_at is null
        and active_at > $4::int8 and began_at > $5::int8`,
  }
  const values = [bucketOf(msisdn), id, msisdn, activeSince, begunSince]
  const rows = await reader.query(statement, values)
  return rows.length === 1
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
