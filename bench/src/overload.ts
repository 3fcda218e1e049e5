/**
 * Five times what the server can do. An open load finds the peak by steps: the most that was paid a
 * second. Then rounds of the peak's load and of five times as much take turns, so that a machine with
 * other work slows both alike; at last a little load shows how soon all is normal again. Orders have
 * consent `none`: paid is what the carrier has charged.
 */
import type { LoadAnswers, OpenRound } from './overload-contract.ts'
import { watchServer } from './overload-watch.ts'
import { type Program, startProgram } from './processes.ts'
import type { Figure } from './report.ts'
import { medianOf } from './samples.ts'
import { type Stage, withStage } from './stage.ts'

const firstStep = 100
const stepFactor = 1.3
const stepSeconds = 5
const stepsMax = 14
const roundSeconds = 10
const rounds = 3
const overloadFactor = 5
const afterSecondsMax = 15

type Cpu = ReturnType<Stage['cpu']>

interface Step extends OpenRound {
  readonly name: string
  readonly offeredPerSecond: number
  readonly cpu: { readonly before: Cpu; readonly after: Cpu }
}

export async function measureOverload(): Promise<readonly Figure[]> {
  return withStage(async (stage) => {
    const load = startProgram<LoadAnswers>('overload-load.ts')
    try {
      return await measure(stage, load)
    } finally {
      await load.end()
    }
  })
}

async function measure(stage: Stage, load: Program<LoadAnswers>): Promise<readonly Figure[]> {
  const offer = offering(stage, load)
  const steps = [await offer('warming up', firstStep * 2, stepSeconds)]
  for (let perSecond = firstStep; steps.length < stepsMax; perSecond *= stepFactor) {
    steps.push(await offer('step', Math.round(perSecond), stepSeconds))
    if (isPast(steps)) break
  }
  const best = steps.reduce((one, other) => (other.perSecond > one.perSecond ? other : one))
  const watch = watchServer(stage)
  const peaks: Step[] = []
  const floods: Step[] = []
  for (let round = 0; round < rounds; round += 1) {
    peaks.push(await offer('peak', best.perSecond, roundSeconds))
    floods.push(await offer('overload', best.perSecond * overloadFactor, roundSeconds))
  }
  const watched = await watch.stop()
  const usualP99Ms = medianOf(peaks).p99Ms
  const after: Step[] = []
  while (after.length < afterSecondsMax && !isNormal(after.at(-1), usualP99Ms))
    after.push(await offer('after', best.perSecond / 2, 1))
  const [row] = await stage.db.query<{ paid: bigint }>(
    'select count(*) as paid from payment where charged_at is not null',
  )
  tell({ peaks, floods, after, isBack: isNormal(after.at(-1), usualP99Ms) })
  console.table(watched)
  const all = [...steps, ...peaks.flatMap((peak, at) => [peak, floods[at] ?? peak]), ...after]
  const paid = Number(row?.paid ?? 0)
  return all.map((step, at) => figureOf(step, at === all.length - 1 ? paid : undefined, all))
}

const offering =
  (stage: Stage, load: Program<LoadAnswers>) =>
  async (name: string, rate: number, seconds: number): Promise<Step> => {
    const perSecond = Math.round(rate)
    const before = stage.cpu()
    const order = { url: stage.server.url, apiKey: stage.apiKey, perSecond, seconds }
    const round = await load.ask('round', order)
    return { ...round, name, offeredPerSecond: perSecond, cpu: { before, after: stage.cpu() } }
  }

/** Two steps in a row that brought no more than the best before them. */
function isPast(steps: readonly Step[]): boolean {
  const most = Math.max(0, ...steps.slice(0, -2).map((step) => step.perSecond))
  return steps.length > 4 && steps.slice(-2).every((step) => step.perSecond < most * 1.05)
}

const refusedOf = ({ statuses }: OpenRound) => (statuses[429] ?? 0) + (statuses[503] ?? 0)

const isNormal = (step: Step | undefined, usualP99Ms: number) =>
  step !== undefined && refusedOf(step) === 0 && step.p99Ms <= usualP99Ms

function tell(measured: {
  readonly peaks: readonly Step[]
  readonly floods: readonly Step[]
  readonly after: readonly Step[]
  readonly isBack: boolean
}): void {
  const { peaks, floods, after, isBack } = measured
  const [peak, flood] = [medianOf(peaks), medianOf(floods)]
  const goodput = ((flood.perSecond / peak.perSecond) * 100).toFixed(0)
  console.log(`peak ${peak.perSecond.toFixed(0)}/s, p99 ${peak.p99Ms.toFixed(0)} ms`)
  console.log(`overload: goodput ${goodput} % of the peak (aim: at least 90)`)
  console.log(`p99 of those paid: ${(flood.p99Ms / peak.p99Ms).toFixed(2)} × the peak's (aim: 2)`)
  console.log(`normal again after ${isBack ? '' : 'more than '}${after.length} s (aim: 10)`)
  for (const { statuses, unsent } of floods)
    console.log('answers under overload:', JSON.stringify(statuses), `unsent ${unsent}`)
}

function figureOf(step: Step, inDatabase: number | undefined, all: readonly Step[]): Figure {
  const { statuses, cpu, unanswered, perSecond, p50Ms, p99Ms } = step
  const paidIn = (one: Step) => one.statuses[201] ?? 0
  const answered = Object.values(statuses).reduce((sum, count) => sum + count, 0)
  const strange = Object.keys(statuses).filter((status) => !['201', '429', '503'].includes(status))
  const used = Object.entries(cpu.after).map(([part, after]) => {
    const before = cpu.before[part] ?? null
    const each = (seconds: number) => Math.round((seconds * 1e6) / Math.max(1, answered))
    return [part, after === null || before === null ? null : each(after - before)]
  })
  const others = all.filter((one) => one !== step).reduce((sum, one) => sum + paidIn(one), 0)
  return {
    name: `${step.name}, refused ${refusedOf(step)}`,
    load: `${step.offeredPerSecond}/s offered`,
    median: { perSecond, p50Ms, p99Ms },
    rounds: [{ perSecond, p50Ms, p99Ms }],
    served: paidIn(step),
    failures: [
      ...strange.map((status) => `${statuses[status]} answers ${status}`),
      ...(unanswered > 0 ? [`${unanswered} without an answer`] : []),
    ],
    cpuUs: Object.fromEntries(used),
    ...(inDatabase !== undefined && { inDatabase: inDatabase - others }),
  }
}
