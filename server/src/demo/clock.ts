/** The demo's clock: real time plus what it was moved by, or standing still. Kept over a restart. */
import { readFileSync, writeFileSync } from 'node:fs'
import type { Clock } from '../kernel/index.ts'

export interface DemoClock extends Clock {
  readonly paused: () => boolean
  advance(ms: number): void
  setPaused(paused: boolean): void
}

interface Kept {
  readonly offset: number
  readonly stoppedAt: number | null
}

/** Time that went back would make limits and business dates lie, so the offset is never lowered. */
export function createDemoClock(file: string, real: Clock): DemoClock {
  let kept = read(file)
  const keep = (next: Kept) => {
    kept = next
    writeFileSync(file, JSON.stringify(kept))
  }
  const now = () => kept.stoppedAt ?? real.now() + kept.offset
  return {
    now,
    paused: () => kept.stoppedAt !== null,
    advance(ms) {
      keep(
        kept.stoppedAt === null
          ? { offset: kept.offset + ms, stoppedAt: null }
          : { ...kept, stoppedAt: kept.stoppedAt + ms },
      )
    },
    setPaused(paused) {
      if (paused === (kept.stoppedAt !== null)) return
      keep(
        paused
          ? { ...kept, stoppedAt: now() }
          : { offset: (kept.stoppedAt ?? now()) - real.now(), stoppedAt: null },
      )
    },
  }
}

function read(file: string): Kept {
  try {
    const { offset, stoppedAt } = JSON.parse(readFileSync(file, 'utf8')) as Kept
    return { offset: Number(offset) || 0, stoppedAt: stoppedAt ?? null }
  } catch {
    return { offset: 0, stoppedAt: null }
  }
}

/** `PT1H`, `P1D`, `P1DT2H30M`: how far to move, in ms; undefined for anything else (ISO 8601). */
export function durationOf(text: string): number | undefined {
  const match = /^P(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,5})S)?)?$/.exec(text)
  if (!match || text.endsWith('P') || text.endsWith('T')) return undefined
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0))
  return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000 + (seconds ?? 0) * 1_000
}
