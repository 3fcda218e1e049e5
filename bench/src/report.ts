/** Figures as a table for people and as JSON for comparison, with the machine they were taken on. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import type { LoadResult } from './load.ts'
import { medianOf, type Round } from './samples.ts'

type Cpu = Readonly<Record<string, number | null>>

export interface Figure {
  readonly name: string
  readonly load: string
  readonly median: Round
  readonly rounds: readonly Round[]
  readonly served: number
  readonly failures: readonly string[]
  /** Processor microseconds for one that was served, by part. */
  readonly cpuUs: Cpu
  /** Paid according to the database: never fewer than were served. */
  readonly inDatabase?: number
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
  const cpuUs = Object.entries(cpu.after).map(([part, after]) => [part, used(part, after)])
  return {
    name,
    load,
    ...result,
    median: medianOf(result.rounds),
    cpuUs: Object.fromEntries(cpuUs),
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

export function report(
  name: string,
  figures: readonly Figure[],
  facts: { readonly before: Machine; readonly at: Date },
): void {
  const { before, at } = facts
  console.log(
    `${before.cores} × ${before.processor}, ${before.memoryGb} GB, Node ${before.node}, load average ${before.loadAverage.join(' ')} before, ${machine().loadAverage.join(' ')} after`,
  )
  console.table(figures.map(rowOf))
  for (const { name: what, failures } of figures)
    for (const failure of failures) console.log(`${what}: ${failure}`)
  const folder = join(import.meta.dirname, '../results')
  mkdirSync(folder, { recursive: true })
  const file = `${name}-${at.toISOString().slice(0, 19).replaceAll(':', '')}.json`
  const content = { at: at.toISOString(), before, after: machine(), figures }
  writeFileSync(join(folder, file), `${JSON.stringify(content, null, 2)}\n`)
  console.log(`bench/results/${file}`)
}

const rowOf = ({ name, load, median, served, inDatabase, cpuUs }: Figure) => ({
  figure: name,
  load,
  'per second': Math.round(median.perSecond),
  'p50 ms': Number(median.p50Ms.toFixed(1)),
  'p99 ms': Number(median.p99Ms.toFixed(1)),
  served,
  ...(inDatabase !== undefined && { 'in database': inDatabase }),
  'cpu µs each': Object.entries(cpuUs)
    .map(([part, us]) => `${part} ${us ?? '?'}`)
    .join(', '),
})
