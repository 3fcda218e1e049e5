/**
 * `npm run races -- [NAME|all] [--attempts N] [--mutant NAME] [--seed N]`: races on a PostgreSQL of its
 * own; exits 1 when something is found. `npm run races -- mutants` runs each race without each of its
 * guards and exits 1 when one of them is not missed.
 */
import { parseArgs } from 'node:util'
import type { Mutant } from './broken.ts'
import { type Place, startPlace } from './place.ts'
import { type Report, runWorkload } from './run.ts'
import type { Workload } from './workload.ts'
import { workloads } from './workloads/index.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    attempts: { type: 'string' },
    mutant: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})
const [wanted = 'all', other] = positionals
/** A mutant that survives this many attempts has survived. */
const mutantAttempts = 4_000

const isMutants = wanted === 'mutants'
const name = isMutants ? (other ?? 'all') : wanted
const chosen = workloads.filter((one) => name === 'all' || one.name === name)
if (chosen.length === 0) {
  console.error(`no race is called ${name}: ${workloads.map((one) => one.name).join(', ')}`)
  process.exit(2)
}

const place = await startPlace()
console.log(`races on ${place.version}`)
try {
  process.exitCode = (await (isMutants || values.mutant ? runMutants() : runRaces())) ? 0 : 1
} finally {
  await place.close()
}

function run(on: Place, workload: Workload, attempts: number, mutant?: Mutant): Promise<Report> {
  const seed = Number(values.seed)
  return on.fresh((url) =>
    runWorkload(workload, { url, seed, attempts, ...(mutant ? { mutant } : {}) }),
  )
}

async function runRaces(): Promise<boolean> {
  let found = 0
  for (const workload of chosen) {
    console.log(`${workload.name}: ${workload.proves}`)
    const report = await run(place, workload, Number(values.attempts ?? workload.attempts))
    for (const line of report.found) console.log(`  ${line}`)
    found += report.found.length
    console.log(`  ${figures(report)}; ${report.found.length} found`)
  }
  console.log(`${chosen.length} races, ${found} found`)
  return found === 0
}

async function runMutants(): Promise<boolean> {
  const pairs = chosen
    .flatMap((workload) => workload.mutants.map((mutant) => ({ workload, mutant })))
    .filter(({ mutant }) => values.mutant === undefined || mutant.name === values.mutant)
  let survived = 0
  for (const { workload, mutant } of pairs) {
    const report = await run(place, workload, Number(values.attempts ?? mutantAttempts), mutant)
    const [first] = report.found
    if (first === undefined) survived += 1
    const verdict = first === undefined ? 'SURVIVED' : 'found'
    console.log(`${row(workload.name, mutant.name, verdict, report.attempts)}  ${first ?? ''}`)
  }
  console.log(`${pairs.length} mutants, ${pairs.length - survived} found, ${survived} survived`)
  return pairs.length > 0 && survived === 0
}

function figures({ attempts, acknowledged, rules, looks, ms }: Report): string {
  const rate = Math.round((attempts * 1_000) / ms)
  const watched =
    looks > 0 ? `, watched ${looks} times (${((looks * 1_000) / ms).toFixed(1)}/s)` : ''
  const seconds = (ms / 1_000).toFixed(0)
  return `${attempts} attempts in ${seconds} s (${rate}/s), ${acknowledged} acknowledged, ${rules} rules${watched}`
}

function row(race: string, mutant: string, verdict: string, attempts: number): string {
  return `${race.padEnd(15)} ${mutant.padEnd(24)} ${verdict.padEnd(9)} ${String(attempts).padStart(6)}`
}
