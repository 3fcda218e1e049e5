/** Figures as a table for people and as JSON for comparison, with the machine they were taken on. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import type { LoadResult } from './load.ts'
import { medianOf, type Round } from './samples.ts'
import { type Outcome, outcomesOf } from './targets.ts'

/** Of each part of what was measured. */
export type Cpu = Readonly<Record<string, number | null>>

export interface Figure {
  readonly name: string
  readonly load: string
  readonly median: Round
  readonly rounds: readonly Round[]
  readonly served: number
  readonly failures: readonly string[]
  /** Processor microseconds for one that was served, by part. */
  readonly cpuUs: Cpu
  /** What of it the server uses, in hundredths; absent where there is none. */
  readonly serverPercent?: number
  /** Paid according to the database: never fewer than were served. */
  readonly inDatabase?: number
  /** The most memory in use, in megabytes, by part. */
  readonly peakMb?: Cpu
  /** What a page of it had loaded, in thousands of octets on the line. */
  readonly loadedKb?: number
}

export function figureOf(measured: {
  readonly name: string
  readonly load: string
  readonly result: LoadResult
  readonly cpu: { readonly before: Cpu; readonly after: Cpu }
}): Figure {
  const { name, load, result, cpu } = measured
  const used = (part: string, after: number | null) => {
    const before = cpu.before[part] ?? null
    return after === null || before === null
      ? null
      : Math.round(((after - before) * 1e6) / Math.max(1, result.served))
  }
  const cpuUs: Cpu = Object.fromEntries(
    Object.entries(cpu.after).map(([part, after]) => [part, used(part, after)]),
  )
  const all = Object.values(cpuUs).reduce<number>((sum, us) => sum + (us ?? 0), 0)
  return {
    name,
    load,
    ...result,
    median: medianOf(result.rounds),
    cpuUs,
    ...(cpuUs.server && { serverPercent: Math.round((cpuUs.server * 100) / all) }),
  }
}

export const machine = () => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  loadAverage: loadavg().map((load) => load.toFixed(1)),
})

export type Machine = ReturnType<typeof machine>

export interface Facts {
  readonly before: Machine
  readonly at: Date
  readonly isQuick: boolean
}

export interface Report {
  readonly at: string
  /** A quick run tries the benchmark; its figures say little. */
  readonly isQuick: boolean
  readonly before: Machine
  readonly after: Machine
  readonly figures: readonly Figure[]
  readonly targets: readonly Outcome[]
}

export const resultsFolder = join(import.meta.dirname, '../results')

export function report(name: string, figures: readonly Figure[], facts: Facts): void {
  const { before, at, isQuick } = facts
  const after = machine()
  const targets = outcomesOf(name, figures)
  console.log(
    `${before.cores} × ${before.processor}, ${before.memoryGb} GB, Node ${before.node}, load average ${before.loadAverage.join(' ')} before, ${after.loadAverage.join(' ')} after`,
  )
  console.table(figures.map(rowOf))
  for (const { name: what, failures } of figures)
    for (const failure of failures) console.log(`${what}: ${failure}`)
  for (const { what, wanted, figure, isMet } of targets)
    console.log(`${isMet ? 'met   ' : 'missed'}  ${what}: ${figure} (target ${wanted})`)
  mkdirSync(resultsFolder, { recursive: true })
  const file = `${name}-${at.toISOString().slice(0, 19).replaceAll(':', '')}.json`
  const content: Report = { at: at.toISOString(), isQuick, before, after, figures, targets }
  writeFileSync(join(resultsFolder, file), `${JSON.stringify(content, null, 2)}\n`)
  console.log(`bench/results/${file}`)
}

const rowOf = ({ name, load, median, served, inDatabase, cpuUs, ...rest }: Figure) => ({
  figure: name,
  load,
  'per second': Math.round(median.perSecond),
  'p50 ms': Number(median.p50Ms.toFixed(1)),
  'p99 ms': Number(median.p99Ms.toFixed(1)),
  served,
  ...(inDatabase !== undefined && { 'in database': inDatabase }),
  'cpu µs each': partsOf(cpuUs),
  ...(rest.serverPercent !== undefined && { 'server %': rest.serverPercent }),
  ...(rest.loadedKb !== undefined && { 'loaded kB': rest.loadedKb }),
  ...(rest.peakMb && { 'peak MB': partsOf(rest.peakMb) }),
})

const partsOf = (parts: Cpu) =>
  Object.entries(parts)
    .map(([part, value]) => `${part} ${value ?? '?'}`)
    .join(', ')
