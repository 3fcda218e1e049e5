/**
 * Rows that are read far more often than they change, kept in memory. Whoever changes such a row also
 * moves the number in `catalogue_version`; every process looks at that number at most once a second
 * and reads its rows again when it moved. So an answer is at most a second old.
 *
 * Never call `refresh` or `reload` inside a transaction: an embedded database has one connection.
 */
import type { Database, Reader } from '../db/index.ts'
import type { Clock } from '../kernel/index.ts'
import { readVersion } from './version-store.ts'

const checkEveryMs = 1_000

export interface Snapshot<Value> {
  /** What was last read; never waits. */
  current(): Value
  /** Looks whether something changed, when the last look is a second old. Cheap otherwise. */
  refresh(): Promise<void>
  /** Reads now, so that the caller sees what was committed before the call. */
  reload(): Promise<void>
}

/** Resolves after the first load. `load` reads all rows; it sees one instant of the database. */
export async function createSnapshot<Value>(sources: {
  readonly db: Database
  readonly clock: Clock
  readonly load: (reader: Reader) => Promise<Value>
}): Promise<Snapshot<Value>> {
  const { db, clock, load } = sources
  const read = () =>
    db.snapshot(async (reader) => ({
      version: await readVersion(reader),
      value: await load(reader),
    }))
  let known = await read()
  let checkedAt = clock.now()
  let looking: Promise<void> | undefined

  async function reload() {
    const next = await read()
    // Two reloads may end in the other order: the older must not win.
    if (next.version >= known.version) known = next
  }
  async function look() {
    try {
      if ((await readVersion(db)) !== known.version) await reload()
      checkedAt = clock.now()
    } finally {
      looking = undefined
    }
  }
  return {
    current: () => known.value,
    reload,
    refresh() {
      // The difference is taken without its sign: a clock that was set back must not stop us.
      if (!looking && Math.abs(clock.now() - checkedAt) >= checkEveryMs) looking = look()
      return looking ?? Promise.resolve()
    },
  }
}
