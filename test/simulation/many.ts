/** Many seeds, one after the other or on several processes, and what they came to in all. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Mutant } from './mutants.ts'
import { planOf } from './plan.ts'
import { type Outcome, play } from './run.ts'
import { openStage } from './stage.ts'

export interface Seeds {
  readonly from: number
  readonly count: number
  readonly hours: number
  readonly faults: boolean
  readonly banks: boolean
  /** Only every n-th seed of these, from the k-th on: the share of one process. */
  readonly share?: { readonly of: number; readonly number: number }
}

/** Plays its share of the seeds and hands over each outcome. */
export async function playShare(seeds: Seeds, hear: (outcome: Outcome) => void): Promise<void> {
  const { hours, faults, banks } = seeds
  const stage = await openStage()
  try {
    for (const seed of seedsOf(seeds))
      hear(await play(stage, planOf(seed, hours, { faults, banks })))
  } finally {
    await stage.close()
  }
}

/** Answers how many seeds failed; their numbers are said at once. */
export async function playMany(
  seeds: Seeds & { readonly processes: number },
  say: (line: string) => void,
): Promise<number> {
  const totals = { seeds: 0, steps: 0, purchases: 0, paid: 0, refunds: 0, failed: 0 }
  const faults = new Map<string, number>()
  const hear = (outcome: Outcome) => {
    totals.seeds += 1
    totals.steps += outcome.steps
    totals.purchases += outcome.payments
    totals.paid += outcome.paid
    totals.refunds += outcome.refunds
    for (const [kind, count] of Object.entries(outcome.faults))
      faults.set(kind, (faults.get(kind) ?? 0) + count)
    if (outcome.offences.length > 0) {
      totals.failed += 1
      say(`seed ${outcome.seed}: ${outcome.offences.join('\n  ')}`)
      say(
        `  npm run simulate -- --seed ${outcome.seed} --hours ${seeds.hours}${seeds.banks ? ' --banks' : ''}`,
      )
    }
    if (totals.seeds % 10 === 0) say(`${totals.seeds} of ${seeds.count} seeds`)
  }
  if (seeds.processes === 1) await playShare(seeds, hear)
  else
    await Promise.all(
      Array.from({ length: seeds.processes }, (_, number) =>
        playElsewhere({ ...seeds, share: { of: seeds.processes, number } }, hear),
      ),
    )
  const kinds = [...faults].sort(([a], [b]) => (a < b ? -1 : 1))
  say(`faults: ${kinds.map(([kind, count]) => `${kind} ${count}`).join(', ')}`)
  say(
    `${totals.seeds} seeds of ${seeds.hours} hours: ${totals.steps} steps, ` +
      `${totals.purchases} purchases (${totals.paid} paid), ${totals.refunds} refunds, ` +
      `${[...faults.values()].reduce((sum, count) => sum + count, 0)} faults, ` +
      `${totals.failed} seeds with violations`,
  )
  return totals.failed
}

/** A process that ends before its last seed has failed, whatever its exit code says. */
async function playElsewhere(seeds: Seeds, hear: (outcome: Outcome) => void): Promise<void> {
  const child = fork(new URL('./share.ts', import.meta.url), [JSON.stringify(seeds)])
  const wanted = seedsOf(seeds).length
  let played = 0
  child.on('message', (outcome) => {
    played += 1
    hear(outcome as Outcome)
  })
  // Its last words may come after its end.
  const [[code, signal]] = await Promise.all([once(child, 'exit'), once(child, 'disconnect')])
  if (played < wanted)
    throw new Error(`a simulation ended with ${code ?? signal} at ${played} of ${wanted} seeds`)
}

function seedsOf({ from, count, share }: Seeds): number[] {
  const all = Array.from({ length: count }, (_, n) => from + n)
  return all.filter((seed) => !share || seed % share.of === share.number)
}

/** Plays broken builds until a seed finds them out; answers those that none has found. */
export async function findMutants(
  mutants: Readonly<Record<string, Mutant>>,
  { from, count, hours, faults, banks }: Seeds,
  say: (line: string) => void,
): Promise<string[]> {
  const stage = await openStage()
  const foundBy = async (mutant: Mutant): Promise<[number, string] | undefined> => {
    for (let seed = from; seed < from + count; seed += 1) {
      const plan = planOf(seed, hours, { faults, banks, isRough: true })
      const [offence] = (await play(stage, plan, { mutant })).offences
      if (offence !== undefined) return [seed, offence]
    }
    return undefined
  }
  const missed: string[] = []
  try {
    for (const [name, mutant] of Object.entries(mutants)) {
      const found = await foundBy(mutant)
      if (!found) missed.push(name)
      const how =
        found && `by seed ${found[0]}, the ${found[0] - from + 1}. of ${count}: ${found[1]}`
      say(`${name}, which ${mutant.does}, was found ${how ?? `by none of ${count} seeds`}`)
    }
    return missed
  } finally {
    await stage.close()
  }
}
