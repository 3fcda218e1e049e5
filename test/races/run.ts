/**
 * Runs a race: rounds until enough attempts were made, a watcher beside them, and at the end every
 * rule in one snapshot. On a mutant it stops as soon as something is found.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Reader } from '../../server/src/db/index.ts'
import { type Invariant, ledgerInvariants } from '../../server/src/ledger/index.ts'
import { paymentInvariants } from '../../server/src/payments/index.ts'
import { acknowledgedRules } from './acknowledged.ts'
import type { Mutant } from './broken.ts'
import { openStage, type Stage } from './stage.ts'
import type { Play, Workload } from './workload.ts'

export interface Report {
  readonly workload: string
  readonly mutant: string | null
  readonly attempts: number
  readonly acknowledged: number
  readonly rules: number
  /** How often the watched rules were looked at. */
  readonly looks: number
  readonly ms: number
  /** Empty when nothing was found. */
  readonly found: readonly string[]
}

export interface RunOptions {
  readonly url: string
  readonly attempts: number
  readonly mutant?: Mutant
  readonly seed?: number
}

/** The rows of a mutant are judged after this many rounds, and after twice as many, and so on. */
const firstLook = 2
const lookEveryMs = 50

export async function runWorkload(workload: Workload, options: RunOptions): Promise<Report> {
  const { mutant, attempts } = options
  const startedAt = performance.now()
  const stage = await openStage({ ...options, callers: workload.callers })
  try {
    const play = await workload.open(stage)
    const watcher = watch(stage, play.watched ?? [])
    const made = await rounds(stage, play, { attempts, stopEarly: mutant !== undefined })
    await play.finish?.().catch((error: unknown) => stage.complain(`at the end: ${error}`))
    const looks = await watcher.stop()
    if (stage.complaints.length === 0 || !mutant) await judge(stage, play)
    if (stage.spoiled() === 0 && (mutant?.spoil ?? mutant?.late))
      throw new Error(`${mutant.name} spoiled nothing: its statement has another name or text now`)
    return {
      workload: workload.name,
      mutant: mutant?.name ?? null,
      attempts: made,
      acknowledged: stage.acknowledged.count(),
      rules: rulesOf(play).length,
      looks,
      ms: Math.round(performance.now() - startedAt),
      found: stage.complaints,
    }
  } finally {
    await stage.close()
  }
}

async function rounds(
  stage: Stage,
  play: Play,
  { attempts, stopEarly }: { readonly attempts: number; readonly stopEarly: boolean },
): Promise<number> {
  let made = 0
  let nextLook = firstLook
  for (let n = 0; made < attempts; n += 1) {
    try {
      made += await play.round(n)
    } catch (error) {
      stage.complain(`round ${n}: ${error}`)
      return made
    }
    if (!stopEarly) continue
    if (stage.complaints.length === 0 && n + 1 >= nextLook) {
      nextLook *= 2
      await judge(stage, play)
    }
    if (stage.complaints.length > 0) return made
  }
  return made
}

const rulesOf = (play: Play): readonly Invariant[] => [
  ...acknowledgedRules,
  ...play.rules,
  ...ledgerInvariants,
  ...paymentInvariants,
]

async function judge(stage: Stage, play: Play): Promise<void> {
  await stage.acknowledged.load()
  await stage.db.snapshot(async (reader) => {
    for (const rule of rulesOf(play)) await look(stage, reader, rule)
  })
}

async function look(stage: Stage, reader: Reader, { name, check }: Invariant): Promise<void> {
  const { offences, examples } = await check(reader)
  if (offences > 0n) stage.complain(`${name}: ${offences}, ${examples.slice(0, 2).join('; ')}`)
}

/** Looks at the watched rules until it is stopped; answers how often it did. */
function watch(stage: Stage, rules: readonly Invariant[]) {
  let stopped = rules.length === 0
  let looks = 0
  const watching = (async () => {
    while (!stopped) {
      for (const rule of rules) await look(stage, stage.db, rule)
      looks += 1
      await sleep(lookEveryMs)
    }
  })()
  return {
    async stop() {
      stopped = true
      await watching
      return looks
    },
  }
}
