/** The tables `staff_person` and `staff_session`: all their SQL. */
import { type Reader, type Tx, texts } from '../db/index.ts'
import type { KeptPerson, Role } from './person.ts'

interface Row {
  readonly id: string
  readonly login: string
  readonly name: string
  readonly office: string
  readonly roles: readonly Role[]
  readonly password: string
  readonly password_is_initial: boolean
  readonly sealed_totp: string
  readonly totp_step: bigint
  readonly wrong: number
  readonly locked_until: bigint
  readonly disabled_at: bigint | null
  readonly created_at: bigint
}

const columns = `p.id, p.login, p.name, p.office, to_jsonb(p.roles) as roles, p.password,
  p.password_is_initial, p.sealed_totp, p.totp_step, p.wrong, p.locked_until, p.disabled_at, p.created_at`

const personOf = (row: Row): KeptPerson => ({
  id: row.id,
  login: row.login,
  name: row.name,
  office: row.office,
  roles: row.roles,
  password: row.password,
  passwordIsInitial: row.password_is_initial,
  sealedTotp: row.sealed_totp,
  totpStep: Number(row.totp_step),
  wrong: row.wrong,
  lockedUntil: Number(row.locked_until),
  disabledAt: row.disabled_at === null ? null : Number(row.disabled_at),
  createdAt: Number(row.created_at),
})

export async function findPerson(reader: Reader, login: string): Promise<KeptPerson | undefined> {
  const [row] = await reader.query<Row>(`select ${columns} from staff_person p where login = $1`, [
    login,
  ])
  return row && personOf(row)
}

export async function lockPerson(
  tx: Tx,
  key: { readonly login: string } | { readonly id: string },
): Promise<KeptPerson | undefined> {
  const [column, value] = 'id' in key ? ['id', key.id] : ['login', key.login]
  const [row] = await tx.query<Row>(
    `select ${columns} from staff_person p where ${column} = $1 for update`,
    [value],
  )
  return row && personOf(row)
}

export const readPeople = async (reader: Reader): Promise<KeptPerson[]> =>
  (await reader.query<Row>(`select ${columns} from staff_person p order by login`)).map(personOf)

/** By id; those not known are left out. */
export async function peopleOf(
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, KeptPerson>> {
  const rows = await reader.query<Row>(
    `select ${columns} from staff_person p where p.id = any($1::uuid[])`,
    [texts([...new Set(ids)])],
  )
  return new Map(rows.map((row) => [row.id, personOf(row)]))
}

/** False when there is somebody of this login. */
export async function insertPerson(tx: Tx, person: KeptPerson): Promise<boolean> {
  const added = await tx.query(
    `insert into staff_person (id, login, name, office, roles, password, password_is_initial,
       sealed_totp, created_at)
     values ($1, $2, $3, $4, $5::text[], $6, $7, $8, $9::int8)
     on conflict (login) do nothing returning id`,
    [
      ...[person.id, person.login, person.name, person.office, texts(person.roles)],
      ...[person.password, person.passwordIsInitial, person.sealedTotp, person.createdAt],
    ],
  )
  return added.length === 1
}

/** What changes of somebody; the caller holds the row's lock. */
export async function savePerson(tx: Tx, person: KeptPerson): Promise<void> {
  await tx.query(
    `update staff_person set password = $2, password_is_initial = $3, sealed_totp = $4,
       totp_step = $5::int8, wrong = $6::int, locked_until = $7::int8, disabled_at = $8::int8,
       roles = $9::text[]
     where id = $1`,
    [
      ...[person.id, person.password, person.passwordIsInitial, person.sealedTotp],
      ...[person.totpStep, person.wrong, person.lockedUntil, person.disabledAt],
      texts(person.roles),
    ],
  )
}

export async function insertSession(
  tx: Tx,
  session: { readonly tokenHash: string; readonly person: string; readonly now: number },
): Promise<void> {
  await tx.query(
    `insert into staff_session (token_hash, person, began_at, active_at)
     values ($1, $2, $3::int8, $3::int8)`,
    [session.tokenHash, session.person, session.now],
  )
}

/** Who has the session, if it lasts; `activeAt` is moved on where the request is an act of a person. */
export async function useSession(
  tx: Tx,
  use: {
    readonly tokenHash: string
    readonly now: number
    readonly activeSince: number
    readonly begunSince: number
    readonly isAct: boolean
  },
): Promise<KeptPerson | undefined> {
  const [row] = await tx.query<Row>(
    `with used as (
       update staff_session set active_at = case when $5::boolean then $2::int8 else active_at end
       where token_hash = $1 and ended_at is null and active_at > $3::int8 and began_at > $4::int8
       returning person)
     select ${columns} from used join staff_person p on p.id = used.person
     where p.disabled_at is null`,
    [use.tokenHash, use.now, use.activeSince, use.begunSince, use.isAct],
  )
  return row && personOf(row)
}

export async function endSession(tx: Tx, tokenHash: string, now: number): Promise<boolean> {
  const ended = await tx.query(
    `update staff_session set ended_at = $2::int8 where token_hash = $1 and ended_at is null
     returning token_hash`,
    [tokenHash, now],
  )
  return ended.length === 1
}

/** All of somebody's, but for one that goes on. */
export async function endSessionsOf(
  tx: Tx,
  { person, now, except = '' }: { person: string; now: number; except?: string },
): Promise<void> {
  await tx.query(
    `update staff_session set ended_at = $2::int8
     where person = $1 and ended_at is null and token_hash <> $3`,
    [person, now, except],
  )
}

export async function forgetSessions(tx: Tx, begunBefore: number): Promise<void> {
  await tx.query('delete from staff_session where began_at < $1::int8', [begunBefore])
}
