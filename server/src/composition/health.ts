/** What /health, /ready and /metrics say: the database, the links, and how much work is due. */
import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Admission } from '../channels/http/index.ts'
import type { SmppLink } from '../channels/sms/index.ts'
import { type Database, type DiskRoom, jobCounts } from '../db/index.ts'
import type { BusinessTime, Clock, Secret } from '../kernel/index.ts'
import type { Carrier, PaymentsModule } from '../payments/index.ts'
import { countUnresolved, overdueBefore } from '../reconciliation/index.ts'
import { daysOf } from '../settlement/index.ts'
import type { Banks } from './banks.ts'
import type { OpenBillers } from './billers.ts'

export interface HealthOptions {
  readonly db: Database
  readonly clock: Clock
  readonly time: BusinessTime
  readonly admission: Admission
  readonly payments: Pick<PaymentsModule, 'waiting'>
  readonly version: string
  /** Absent in a process that keeps no link. */
  readonly link: SmppLink | undefined
  readonly carrier: Pick<Carrier, 'health'>
  readonly banks: Pick<Banks, 'health'>
  readonly billers: Pick<OpenBillers, 'health'>
  readonly disk: DiskRoom
  readonly metricsToken: Secret | null
}

const parties = ['bank', 'biller'] as const
type Party = (typeof parties)[number]

/** Work this late is worth a look; the page stays up, for it still takes orders. */
const lateMs = 60_000

export function createHealth(options: HealthOptions) {
  const { db, clock, time, link, carrier, banks, billers, admission, payments, disk } = options
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'telepurse_' })
  const events = new Counter({
    name: 'telepurse_payment_events_total',
    help: 'What happened to payments, by type',
    labelNames: ['type'],
    registers: [registry],
  })
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `telepurse_${name}`, help, labelNames, registers: [registry] })
  const due = gauge('jobs_due', 'Jobs whose time has come', ['topic'])
  const jobsOverdue = gauge('jobs_overdue_seconds', 'Age of the oldest due job', ['topic'])
  const bound = gauge('smsc_bound', 'Whether the link to the message centre is up')
  const waiting = gauge('commands_waiting', 'Payment commands that wait for the next batch')
  const inside = gauge('http_inside', 'Requests that hold a place', ['class'])
  const refused = new Counter({
    name: 'telepurse_http_refused_total',
    help: 'Requests refused at the door',
    labelNames: ['class', 'status'],
    registers: [registry],
  })
  const free = gauge('disk_free_bytes', 'Room on the disk of the database, where it can be seen')
  const bankUp = gauge('bank_up', 'Whether a bank takes requests', ['bank'])
  const billerUp = gauge('biller_up', 'Whether a biller answers', ['biller'])
  const differenceGauges = parties.map((party) => ({
    party,
    unresolved: gauge(`${party}_differences`, `Differences with ${party}s that are not resolved`),
    overdue: gauge(`${party}_differences_overdue`, 'Those older than two working days'),
  }))
  const unanswered = gauge('carrier_unanswered', 'Calls to the carrier without a final answer')

  const differences = (party: Party) => countUnresolved(db, party, overdueBefore(time, clock.now()))

  async function status() {
    const jobs = await jobCounts(db, clock.now())
    const days = await daysOf(db)
    const bankDifferences = await differences('bank')
    const billerDifferences = await differences('biller')
    const smsc = link?.state()
    const bankStates = banks.health()
    const billerStates = billers.health()
    const late = jobs.filter((job) => job.overdueMs > lateMs).map((job) => job.topic)
    const linksUp =
      smsc?.bound !== false &&
      carrier.health().up &&
      [...bankStates, ...billerStates].every(({ up }) => up)
    const isLate = late.length > 0 || bankDifferences.overdue > 0 || billerDifferences.overdue > 0
    const degraded = isLate || !linksUp || disk.state().low
    return {
      status: degraded ? 'degraded' : 'ok',
      version: options.version,
      database: { engine: db.engine, disk: disk.state() },
      ...(smsc && { smsc }),
      carrier: carrier.health(),
      ...(bankStates.length > 0 && { banks: bankStates, bankDifferences }),
      ...(billerStates.length > 0 && { billers: billerStates, billerDifferences }),
      jobs,
      late,
      businessDay: days,
    }
  }

  return {
    countEvent: (type: string) => events.inc({ type }),
    status,
    routes(app: FastifyInstance, ready: () => boolean): void {
      const always = { schema: { hide: true }, config: { admission: 'always' } } as const
      app.get('/health', always, async () => status())
      app.get('/ready', always, async (_request, reply) => {
        if (!ready()) return reply.status(503).send({ ready: false })
        await db.query('select 1 as one')
        return { ready: true }
      })
      app.get('/metrics', always, async (request, reply) => {
        const token = options.metricsToken?.reveal()
        if (token !== undefined && request.headers.authorization !== `Bearer ${token}`)
          return reply.status(401).send({ title: 'Send the metrics token' })
        due.reset()
        jobsOverdue.reset()
        for (const job of await jobCounts(db, clock.now())) {
          due.set({ topic: job.topic }, job.due)
          jobsOverdue.set({ topic: job.topic }, job.overdueMs / 1_000)
        }
        bound.set(link?.state().bound ? 1 : 0)
        waiting.set(payments.waiting)
        refused.reset()
        for (const [name, counts] of Object.entries(admission.counts())) {
          inside.set({ class: name }, counts.inside)
          refused.inc({ class: name, status: '429' }, counts.share)
          refused.inc({ class: name, status: '503' }, counts.full)
        }
        free.set(disk.state().freeBytes ?? Number.NaN)
        for (const { name, up } of banks.health()) bankUp.set({ bank: name }, up ? 1 : 0)
        for (const { name, up } of billers.health()) billerUp.set({ biller: name }, up ? 1 : 0)
        for (const { party, unresolved, overdue } of differenceGauges) {
          const found = await differences(party)
          unresolved.set(found.unresolved)
          overdue.set(found.overdue)
        }
        unanswered.set(carrier.health().unanswered)
        return reply.type(registry.contentType).send(await registry.metrics())
      })
    },
  }
}
