/** Figures of things that are done once and take seconds: how long, how much processor, how much memory. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { cpuSecondsOf } from './cpu.ts'
import { peakMbOf } from './memory.ts'
import { type Cpu, type Figure, figureOf } from './report.ts'
import type { Round } from './samples.ts'

export const built = join(import.meta.dirname, '../../server/dist/main.js')

export interface Timed {
  readonly seconds: number
  readonly cpuSeconds: Cpu
  readonly peakMb: Cpu
}

/** `count` is what one run goes through: the figure's speed and processor time are for one of them. */
export function figureOfRuns(
  what: { readonly name: string; readonly load: string; readonly count: number },
  runs: readonly Timed[],
): Figure {
  const rounds = runs.map(
    ({ seconds }): Round => ({
      perSecond: what.count / seconds,
      p50Ms: seconds * 1_000,
      p99Ms: seconds * 1_000,
    }),
  )
  const result = { rounds, served: what.count * runs.length, failures: [] }
  const after = sumOf(runs.map(({ cpuSeconds }) => cpuSeconds))
  const before = Object.fromEntries(Object.keys(after).map((part) => [part, 0]))
  const peakMb = runs.reduce<Cpu>(
    (most, run) => merge(most, run.peakMb, (a, b) => Math.max(a, b)),
    {},
  )
  return { ...figureOf({ ...what, result, cpu: { before, after } }), peakMb }
}

const sumOf = (all: readonly Cpu[]) =>
  all.reduce<Cpu>((sum, one) => merge(sum, one, (a, b) => a + b), {})

const merge = (a: Cpu, b: Cpu, join: (a: number, b: number) => number): Cpu =>
  Object.fromEntries(
    Object.entries({ ...a, ...b }).map(([part, value]) => [part, join(a[part] ?? 0, value ?? 0)]),
  )

const sampleMs = 50

/** Runs a command of the program as built, to its end or until `done`. Throws when it fails. */
export async function timeCommand(command: {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly databasePid?: number
  readonly done?: (child: ChildProcess) => Promise<void>
}): Promise<Timed> {
  const { args, env, databasePid, done } = command
  const databaseCpu = () => (databasePid === undefined ? null : cpuSecondsOf(databasePid))
  const before = databaseCpu()
  const begun = performance.now()
  const child = spawn(process.execPath, [built, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const killOnExit = () => child.kill('SIGKILL')
  process.once('exit', killOnExit)
  let said = ''
  child.stderr.on('data', (text: Buffer) => {
    said = (said + text.toString()).slice(-4_000)
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const seen = { mb: 0, cpu: 0 }
  const sample = () => {
    seen.mb = Math.max(seen.mb, peakMbOf(child.pid ?? 0) ?? 0)
    seen.cpu = Math.max(seen.cpu, cpuSecondsOf(child.pid ?? 0) ?? 0)
  }
  const timer = setInterval(sample, sampleMs)
  try {
    if (done) await Promise.race([done(child), ended.then(fail)])
    else if ((await ended) !== 0) fail()
    const seconds = (performance.now() - begun) / 1_000
    if (done) sample()
    const after = databaseCpu()
    const postgres = after === null || before === null ? {} : { postgres: after - before }
    return { seconds, cpuSeconds: { process: seen.cpu, ...postgres }, peakMb: { process: seen.mb } }
  } finally {
    clearInterval(timer)
    child.kill('SIGKILL')
    await ended
    process.off('exit', killOnExit)
  }

  function fail(): never {
    throw new Error(`${args.join(' ')} failed: ${said}`)
  }
}
