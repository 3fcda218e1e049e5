/** What /health, /ready and /metrics say: the database, the links, and how much work is due. */
import type { FastifyInstance } from 'fastify'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { SmppLink } from '../channels/sms/index.ts'
import { type Database, jobCounts } from '../db/index.ts'
import type { Clock, Secret } from '../kernel/index.ts'
import type { Carrier } from '../payments/index.ts'
import { daysOf } from '../settlement/index.ts'

export interface HealthOptions {
  readonly db: Database
  readonly clock: Clock
  readonly version: string
  /** Absent in a process that keeps no link. */
  readonly link: SmppLink | undefined
  readonly carrier: Pick<Carrier, 'health'>
  readonly metricsToken: Secret | null
}

/** Work this late is worth a look; the page stays up, for it still takes orders. */
const lateMs = 60_000

export function createHealth(options: HealthOptions) {
  const { db, clock, link, carrier } = options
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
  const overdue = gauge('jobs_overdue_seconds', 'Age of the oldest due job', ['topic'])
  const bound = gauge('smsc_bound', 'Whether the link to the message centre is up')
  const unanswered = gauge('carrier_unanswered', 'Calls to the carrier without a final answer')

  async function status() {
    const jobs = await jobCounts(db, clock.now())
    const days = await daysOf(db)
    const smsc = link?.state()
    const late = jobs.filter((job) => job.overdueMs > lateMs).map((job) => job.topic)
    const degraded = late.length > 0 || smsc?.bound === false || !carrier.health().up
    return {
      status: degraded ? 'degraded' : 'ok',
      version: options.version,
      database: { engine: db.engine },
      ...(smsc && { smsc }),
      carrier: carrier.health(),
      jobs,
      late,
      businessDay: days,
    }
  }

  return {
    countEvent: (type: string) => events.inc({ type }),
    status,
    routes(app: FastifyInstance, ready: () => boolean): void {
      const schema = { hide: true }
      app.get('/health', { schema }, async () => status())
      app.get('/ready', { schema }, async (_request, reply) => {
        if (!ready()) return reply.status(503).send({ ready: false })
        await db.query('select 1 as one')
        return { ready: true }
      })
      app.get('/metrics', { schema }, async (request, reply) => {
        const token = options.metricsToken?.reveal()
        if (token !== undefined && request.headers.authorization !== `Bearer ${token}`)
          return reply.status(401).send({ title: 'Send the metrics token' })
        due.reset()
        overdue.reset()
        for (const job of await jobCounts(db, clock.now())) {
          due.set({ topic: job.topic }, job.due)
          overdue.set({ topic: job.topic }, job.overdueMs / 1_000)
        }
        bound.set(link?.state().bound ? 1 : 0)
        unanswered.set(carrier.health().unanswered)
        return reply.type(registry.contentType).send(await registry.metrics())
      })
    },
  }
}
