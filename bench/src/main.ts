/** `npm run bench -- sms`, `payments` or `overload`: figures with the machine they were taken on. */
import { type Figure, machine, report } from './report.ts'

const benchmarks: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  sms: async () => (await import('./sms.ts')).measureSms(),
  overload: async () => (await import('./overload.ts')).measureOverload(),
  payments: async () => (await import('./payments.ts')).measurePayments(),
}

const name = process.argv[2] ?? ''
const measure = benchmarks[name]
if (!measure) {
  console.error(`npm run bench -- ${Object.keys(benchmarks).join('|')}`)
  process.exit(2)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
const before = machine()
const at = new Date()
const figures = await measure()
report(name, figures, { before, at })
// A figure of payments that the database does not have is worth nothing.
const isShort = figures.some(({ inDatabase, served }) => (inDatabase ?? served) < served)
if (isShort) console.error('the database holds fewer payments than were acknowledged')
process.exit(isShort || figures.some(({ failures }) => failures.length > 0) ? 1 : 0)
