/** What commands start from: the settings, and a database for as long as they need it. */
import { type Config, placeOf, processEnvironment, readConfig } from '../config/index.ts'
import { type Database, openDatabase } from '../db/index.ts'
import { CannotGoOn } from './output.ts'

/** `preset` counts where the environment says nothing. */
export function configOrStop(preset: Readonly<Record<string, string>> = {}): Config {
  const read = readConfig({ ...preset, ...given(processEnvironment()) })
  if (!read.ok) throw new CannotGoOn(...read.refusal)
  return read.value
}

const given = (environment: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(environment).filter(([, text]) => text?.trim()))

/**
 * Checks and files read whole tables: they may take their time. Verify reads on two connections at once,
 * and one more is kept for writing.
 */
const patientMs = 3_600_000

export async function withDatabase<Value>(
  config: Config,
  use: (db: Database) => Promise<Value>,
): Promise<Value> {
  const db = await openDatabase({
    ...placeOf(config),
    poolMax: 3,
    statementTimeoutMs: patientMs,
    applicationName: 'telepurse command',
  })
  try {
    return await use(db)
  } finally {
    await db.close()
  }
}
