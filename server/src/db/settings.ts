/** Asks the database whether it may be trusted with money. Whoever starts the program decides. */
import type { Clock } from '../kernel/index.ts'
import type { Reader } from './tx.ts'

export interface SettingsProblem {
  /** A fatal one loses or corrupts money sooner or later; with a warning one can live. */
  readonly severity: 'fatal' | 'warning'
  readonly text: string
}

const clockSkewMaxMs = 2_000n

interface Settings {
  readonly version: number
  readonly fsync: string
  readonly full_page_writes: string
  readonly synchronous_commit: string
  readonly data_checksums: string
  readonly autovacuum: string
  readonly encoding: string
  readonly replica: boolean
  readonly free_connections: number
  readonly now: bigint
}

const statement = {
  name: 'db.settings',
  text: `select current_setting('server_version_num')::int as version,
    current_setting('fsync') as fsync,
    current_setting('full_page_writes') as full_page_writes,
    current_setting('synchronous_commit') as synchronous_commit,
    current_setting('data_checksums') as data_checksums,
    current_setting('autovacuum') as autovacuum,
    current_setting('server_encoding') as encoding,
    pg_is_in_recovery() as replica,
    current_setting('max_connections')::int
      - current_setting('superuser_reserved_connections')::int as free_connections,
    (extract(epoch from clock_timestamp()) * 1000)::int8 as now`,
}

/** `connections` is what all processes together will open. */
export async function checkSettings(
  reader: Reader,
  { clock, connections }: { readonly clock: Clock; readonly connections: number },
): Promise<SettingsProblem[]> {
  const before = BigInt(clock.now())
  const [found] = await reader.query<Settings>(statement)
  if (!found) throw new Error('the database does not tell its settings')
  const after = BigInt(clock.now())
  const ahead = found.now < before ? found.now - before : found.now > after ? found.now - after : 0n

  const fatal = (wrong: boolean, text: string) => ({ severity: 'fatal' as const, wrong, text })
  const warning = (wrong: boolean, text: string) => ({ severity: 'warning' as const, wrong, text })
  return [
    fatal(
      found.version < 150_000,
      `PostgreSQL 15 or later is needed, this is ${Math.floor(found.version / 10_000)}`,
    ),
    fatal(found.fsync !== 'on', 'fsync is off: a power cut can destroy the database'),
    fatal(found.full_page_writes !== 'on', 'full_page_writes is off: a power cut can tear pages'),
    fatal(
      found.synchronous_commit === 'off',
      'synchronous_commit is off: acknowledged payments can be lost',
    ),
    fatal(
      found.data_checksums !== 'on',
      'data checksums are off: damage on the disk stays unnoticed (stop PostgreSQL, pg_checksums --enable)',
    ),
    fatal(found.encoding !== 'UTF8', `the encoding is ${found.encoding}, UTF8 is needed`),
    fatal(found.replica, 'this server is a replica: connect to the primary'),
    fatal(
      found.free_connections < connections,
      `max_connections leaves ${found.free_connections} connections, ${connections} are needed`,
    ),
    fatal(
      ahead > clockSkewMaxMs || ahead < -clockSkewMaxMs,
      `the clocks differ: the database is ${ahead} ms ahead of this machine`,
    ),
    warning(found.autovacuum !== 'on', 'autovacuum is off: tables will grow without end'),
  ].flatMap(({ severity, wrong, text }) => (wrong ? [{ severity, text }] : []))
}
