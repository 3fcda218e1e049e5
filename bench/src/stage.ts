/**
 * The stage of a benchmark: PostgreSQL as in production, the surroundings, and the server as built. All
 * of them are processes of their own, and all of them are ended whatever happens.
 */
import { join } from 'node:path'
import { type Database, openDatabase } from '../../server/src/db/index.ts'
import { type PostgresServer, startPostgres } from '../../test/postgres.ts'
import { type Served, startServe } from '../../test/serve.ts'
import { cpuSecondsOf } from './cpu.ts'
import { type Program, startProgram } from './processes.ts'
import { seed } from './seed.ts'
import {
  carrierToken,
  type SurroundingsAnswers,
  smscPassword,
  smscUser,
} from './surroundings-contract.ts'

export interface Stage {
  readonly postgres: string
  readonly server: Served
  readonly surroundings: Program<SurroundingsAnswers>
  readonly db: Database
  readonly apiKey: string
  /** Processor seconds used so far by each part. */
  cpu(): Readonly<Record<string, number | null>>
}

const built = join(import.meta.dirname, '../../server/dist/main.js')

export interface StageOptions {
  /** Of the server, by their names. */
  readonly settings?: Readonly<Record<string, string>>
  /** What else is in the database before the server starts. */
  readonly prepare?: (databaseUrl: string) => Promise<void>
}

export async function withStage<Value>(
  use: (stage: Stage) => Promise<Value>,
  options: StageOptions = {},
): Promise<Value> {
  const closers: (() => Promise<unknown>)[] = []
  try {
    return await use(await openStage((close) => closers.unshift(close), options))
  } finally {
    for (const close of closers) await close()
  }
}

async function openStage(
  later: (close: () => Promise<unknown>) => void,
  { settings, prepare }: StageOptions,
): Promise<Stage> {
  const given = process.env.DATABASE_URL
  const own: PostgresServer | undefined = given ? undefined : await startPostgres({ fsync: true })
  if (own) later(() => own.stop())
  const databaseUrl = own?.url ?? given ?? ''
  const db = await openDatabase({ url: databaseUrl, poolMax: 3, statementTimeoutMs: 120_000 })
  later(() => db.close())
  const apiKey = (await seed(db)).reveal()
  await prepare?.(databaseUrl)
  const surroundings = startProgram<SurroundingsAnswers>('surroundings.ts')
  later(() => surroundings.end())
  const { smscPort, carrierUrl } = await surroundings.ask('open')
  const server = await startServe({
    databaseUrl,
    smscUrl: `smpp://${smscUser}:${smscPassword}@127.0.0.1:${smscPort}?window=500`,
    carrierUrl,
    carrierToken,
    program: ['--max-semi-space-size=64', ...profiling(), built],
    settings: { LOG_LEVEL: 'info', ...settings },
  })
  later(() => server.stop())
  return {
    postgres: own?.version ?? 'PostgreSQL at DATABASE_URL',
    server,
    surroundings,
    db,
    apiKey,
    cpu: () => ({
      server: cpuSecondsOf(server.pid),
      postgres: own ? cpuSecondsOf(own.pid) : null,
      surroundings: cpuSecondsOf(surroundings.pid),
    }),
  }
}

/** BENCH_PROFILE names a folder for a profile of the server, written when it ends. */
const profiling = () => {
  const folder = process.env.BENCH_PROFILE
  return folder ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : []
}
