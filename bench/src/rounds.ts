/**
 * Contestants of one run take turns, a round each, three or more times over: what the machine does
 * beside them falls on all alike, so that their ratios say something even when the figures do not.
 */
import { type Cpu, type Figure, figureOf } from './report.ts'
import { type Round, roundOf } from './samples.ts'

export interface Contestant {
  readonly name: string
  readonly load: string
  /** Works until `until` (ms of `performance.now()`) and notes what it has done. */
  run(until: number, note: Note): Promise<void>
  /** Processor seconds used so far by each part. */
  cpu(): Cpu | Promise<Cpu>
  /** Megabytes in use now by each part. */
  memory?(): Cpu | Promise<Cpu>
}

/** `count` operations were done together, in `ms`. */
export type Note = (ms: number, count: number) => void

export interface RoundsPlan {
  readonly warmMs: number
  readonly roundMs: number
  readonly rounds: number
}

interface Taken {
  readonly rounds: Round[]
  served: number
  readonly cpuSeconds: Record<string, number | null>
  readonly peakMb: Record<string, number | null>
}

const nothing = (): Taken => ({ rounds: [], served: 0, cpuSeconds: {}, peakMb: {} })

export async function inTurns(
  contestants: readonly Contestant[],
  plan: RoundsPlan,
): Promise<Figure[]> {
  for (const contestant of contestants) await turn(contestant, plan.warmMs, nothing())
  const taken = contestants.map(nothing)
  for (let round = 0; round < plan.rounds; round += 1)
    for (const [index, contestant] of contestants.entries())
      await turn(contestant, plan.roundMs, taken[index] ?? nothing())
  return contestants.map(({ name, load }, index) => {
    const { rounds, served, cpuSeconds, peakMb } = taken[index] ?? nothing()
    const before = Object.fromEntries(Object.keys(cpuSeconds).map((part) => [part, 0]))
    const result = { rounds, served, failures: [] }
    return { ...figureOf({ name, load, result, cpu: { before, after: cpuSeconds } }), peakMb }
  })
}

async function turn(contestant: Contestant, ms: number, taken: Taken): Promise<void> {
  const before = await contestant.cpu()
  const latencies: number[] = []
  let served = 0
  const begun = performance.now()
  await contestant.run(begun + ms, (took, count) => {
    latencies.push(took)
    served += count
  })
  const seconds = (performance.now() - begun) / 1_000
  taken.rounds.push({ ...roundOf(latencies, seconds), perSecond: served / seconds })
  taken.served += served
  for (const [part, after] of Object.entries(await contestant.cpu()))
    taken.cpuSeconds[part] = add(taken.cpuSeconds[part] ?? 0, after, before[part] ?? null)
  for (const [part, mb] of Object.entries((await contestant.memory?.()) ?? {}))
    taken.peakMb[part] = mb === null ? null : Math.max(mb, taken.peakMb[part] ?? 0)
}

const add = (sum: number, after: number | null, before: number | null) =>
  after === null || before === null ? null : sum + after - before
