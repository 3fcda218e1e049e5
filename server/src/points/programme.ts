/** The programme in force, and its change. Of what earns, every process knows in memory. */
import type { Database, Reader, Tx } from '../db/index.ts'
import { accept, type Clock, type Result, refuse } from '../kernel/index.ts'
import type { Source } from '../payments/index.ts'
import type { Programme } from './points.ts'
import {
  insertProgramme,
  lastProgramme,
  lockProgramme,
  programmeAt,
  sourcesEver,
} from './programme-store.ts'

const readEveryMs = 1_000
/** A change counts a little later, when every process has heard of it: so no purchase of then is missed. */
const noticeMs = 2 * readEveryMs

export const usualProgramme: Omit<Programme, 'since'> = {
  isOn: false,
  perYuan: 1n,
  sources: ['wallet'],
}

export const perYuanMax = 1_000n

export interface LiveProgramme {
  /** Whether a purchase from this source may have earned; never waits. */
  earns(source: Source): boolean
  /** Reads again when the last reading is a second old. Not inside a transaction. */
  refresh(): Promise<void>
}

export async function createLiveProgramme(db: Database, clock: Clock): Promise<LiveProgramme> {
  let sources = await sourcesEver(db)
  let readAt = clock.now()
  let reading: Promise<void> | undefined
  async function read() {
    const at = clock.now()
    sources = await sourcesEver(db)
    readAt = at
  }
  return {
    earns: (source) => sources.has(source),
    refresh() {
      if (!reading && Math.abs(clock.now() - readAt) >= readEveryMs)
        reading = read().finally(() => {
          reading = undefined
        })
      return reading ?? Promise.resolve()
    },
  }
}

export const currentProgramme = async (
  reader: Reader,
  now: number,
): Promise<Omit<Programme, 'since'>> => (await programmeAt(reader, now)) ?? usualProgramme

export async function setProgramme(
  tx: Tx,
  { author, ...wanted }: Omit<Programme, 'since'> & { readonly author: string },
  now: number,
): Promise<
  Result<{ readonly before: Programme | null; readonly after: Programme }, 'value_out_of_range'>
> {
  if (wanted.perYuan < 1n || wanted.perYuan > perYuanMax) return refuse('value_out_of_range')
  await lockProgramme(tx)
  const before = (await lastProgramme(tx)) ?? null
  const since = Math.max(now + noticeMs, (before?.since ?? 0) + 1)
  const after = { ...wanted, sources: [...new Set(wanted.sources)], since }
  await insertProgramme(tx, after, author)
  return accept({ before, after })
}
