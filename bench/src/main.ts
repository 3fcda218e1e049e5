/**
 * `npm run bench -- NAME` or `all`: figures with the machine they were taken on, and which targets they
 * reach. `--quick` tries it in a fraction of the time, `--large` adds what takes long. `report` makes
 * the charts of docs/reference/performance.md from the latest results.
 */
import { spawnSync } from 'node:child_process'
import { drawCharts } from './charts.ts'
import { type Figure, machine, report } from './report.ts'

export interface BenchOptions {
  readonly isQuick: boolean
  readonly isLarge: boolean
}

type Measure = (options: BenchOptions) => Promise<readonly Figure[]>

const benchmarks: Readonly<Record<string, Measure>> = {
  ledger: async (options) => (await import('./ledger/measure.ts')).measureLedger(options),
  payments: async () => (await import('./payments.ts')).measurePayments(),
  wallet: async (options) => (await import('./wallet.ts')).measureWallet(options),
  transfers: async (options) => (await import('./transfers.ts')).measureTransfers(options),
  sms: async () => (await import('./sms.ts')).measureSms(),
  bank: async (options) => (await import('./bank.ts')).measureBank(options),
  overload: async () => (await import('./overload.ts')).measureOverload(),
  statement: async (options) => (await import('./statement.ts')).measureStatement(options),
  verify: async (options) => (await import('./verify.ts')).measureVerify(options),
  start: async (options) => (await import('./start.ts')).measureStart(options),
  app: async (options) => (await import('./app.ts')).measureApp(options),
  growth: async (options) => (await import('./growth.ts')).measureGrowth(options),
}

const words = process.argv.slice(2)
const flags = words.filter((word) => word.startsWith('--'))
const name = words.find((word) => !word.startsWith('--')) ?? ''
const options = { isQuick: flags.includes('--quick'), isLarge: flags.includes('--large') }
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

async function measureOne(measure: Measure): Promise<number> {
  const before = machine()
  const at = new Date()
  const figures = await measure(options)
  report(name, figures, { before, at, isQuick: options.isQuick })
  // A figure of payments that the database does not have is worth nothing.
  const isShort = figures.some(({ inDatabase, served }) => (inDatabase ?? served) < served)
  if (isShort) console.error('the database holds fewer payments than were acknowledged')
  return isShort || figures.some(({ failures }) => failures.length > 0) ? 1 : 0
}

/** Each in a process of its own: none pays for what another has left in memory. */
function measureAll(): number {
  const codes = Object.keys(benchmarks).map((one) => {
    console.log(`\n${one}`)
    const args = [...process.execArgv, import.meta.filename, one, ...flags]
    return spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1
  })
  drawCharts()
  return Math.max(...codes)
}

function refuse(): number {
  const known = [...Object.keys(benchmarks), 'all', 'report'].join('|')
  console.error(`npm run bench -- ${known} [--quick] [--large]`)
  return 2
}

const measure = benchmarks[name]
const run = async () => {
  if (name === 'all') return measureAll()
  if (name === 'report') return drawCharts()
  return measure ? measureOne(measure) : refuse()
}
process.exit(await run())
