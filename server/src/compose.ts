/**
 * Puts the whole server together from its settings: database, modules, links, workers, HTTP. Nothing
 * below knows who else there is; this folder does, and nothing else.
 */
import type { FastifyInstance } from 'fastify'
import { createResealWorker } from './card-vault/index.ts'
import { createAdmission, createHttpServer, withOrdersMax } from './channels/http/index.ts'
import { createHttpClient } from './channels/http-client/index.ts'
import { createOauth, openIdScheme } from './channels/oauth/index.ts'
import { createNoticeWorker, createWebhookWorker } from './channels/webhooks/index.ts'
import { apiRoutes } from './composition/api.ts'
import { cardWorkers } from './composition/card-workers.ts'
import { chargingWorker } from './composition/charging.ts'
import { type Core, composeCore } from './composition/core.ts'
import { createHealth } from './composition/health.ts'
import { armMaintenance, maintenanceWorkers } from './composition/maintenance.ts'
import { mobileMoneyWorker } from './composition/mobile-money.ts'
import { createNotifier } from './composition/notifier.ts'
import { pageRoutes } from './composition/pages.ts'
import { choosePort } from './composition/port.ts'
import { codeWorker, sendSignInCode } from './composition/sign-ins.ts'
import { openSms } from './composition/sms.ts'
import { isTestNumber } from './composition/test-numbers.ts'
import { type Config, version } from './config/index.ts'
import type { Log, Worker } from './db/index.ts'
import { createIdentityResealWorker } from './identities/index.ts'
import type { Clock } from './kernel/index.ts'
import { armExpiry } from './points/index.ts'
import { armDayCloser, createDayCloser } from './settlement/index.ts'

export interface Surroundings {
  readonly clock: Clock
  readonly log: Log
  /** Routes of the demo, hung on the same server. */
  readonly extend?: (app: FastifyInstance, parts: Parts) => Promise<void>
}

/** What the demo may look at and move. */
export interface Parts extends Core {
  readonly origin: string
  /** Sees changed webhook endpoints at once. */
  readonly reloadEndpoints: () => Promise<void>
  readonly smsc: () => { readonly bound: boolean; readonly waiting: number } | undefined
  /** Wakes everything that waits for a time: the clock was moved. */
  readonly kick: () => void
}

export async function composeServer(config: Config, surroundings: Surroundings) {
  const { clock, log } = surroundings
  const port = await choosePort(config.host, config.port)
  const origin = config.publicUrl ?? `http://${config.host}:${port}`
  const core = await composeCore(config, surroundings)
  const { db, ids, payments, cipher, recorder, keys } = core
  const client = createHttpClient({ allowPrivate: config.allowPrivateWebhooks })
  const { banks, wallet } = core.cards
  const { transfers, billers, points } = core
  const sms = config.roles.includes('channels') ? openSms(core) : undefined
  const oauth = createOauth({
    ...core,
    origin,
    behindProxy: config.behindProxy,
    isTestNumber,
    sendCode: (code) => sendSignInCode(core, code),
  })
  const admission = createAdmission(withOrdersMax(config.ordersMax))
  const health = createHealth({
    db,
    admission,
    payments,
    clock,
    time: core.time,
    version: version(),
    link: sms?.link,
    carrier: core.carrier.live,
    banks,
    billers,
    disk: core.disk,
    metricsToken: config.metricsToken,
  })
  const http = await createHttpServer({
    log,
    admission,
    behindProxy: config.behindProxy,
    https: origin.startsWith('https:'),
    version: version(),
    requestId: () => ids.next(0, clock.now()),
    securitySchemes: openIdScheme(origin),
  })
  let ready = false
  let workers: Worker[] = []

  function createWorkers(): Worker[] {
    const onError = (error: unknown) => log.error({ err: error }, 'work failed and comes again')
    const tools = { db, clock, client, cipher, onError }
    const onEvent = health.countEvent
    const closer = createDayCloser({ db, clock, time: core.time, log })
    const onAccepted = async (paymentId: string) => {
      const payment = await payments.get(paymentId)
      if (!payment) return
      await payments.delivery({ paymentId, msisdn: payment.msisdn, result: 'delivered' })
    }
    return [
      createNotifier({ ...tools, payments, recorder, origin, onEvent }),
      createWebhookWorker({ ...tools, onAccepted }),
      createNoticeWorker(tools),
      closer,
      chargingWorker(core),
      createResealWorker({ db, keys, clock, onError }),
      codeWorker(core),
      mobileMoneyWorker(core),
      ...cardWorkers(core),
      core.scanWorker(),
      createIdentityResealWorker({ db, keys, clock, onError }),
      ...maintenanceWorkers(core, oauth.purge),
    ]
  }

  function kick(): void {
    payments.kick()
    sms?.kick()
    banks.kick()
    wallet.kick()
    transfers.kick()
    billers.kick()
    points.kick()
    for (const worker of workers) worker.kick()
  }

  return {
    async start() {
      health.routes(http, () => ready)
      if (config.roles.includes('api'))
        await apiRoutes(http, core, { oauth, recorder, client, origin })
      await pageRoutes(http, { origin, demo: surroundings.extend !== undefined })
      const reloadEndpoints = () => recorder.reload()
      const smsc = () => sms?.link.state()
      await surroundings.extend?.(http, { ...core, origin, reloadEndpoints, smsc, kick })
      await http.listen({ host: config.host, port })
      sms?.start()
      banks.start()
      if (config.roles.includes('workers')) {
        await armMaintenance(core)
        await armDayCloser(core)
        await armExpiry(core)
        payments.start()
        await banks.work()
        wallet.start()
        transfers.start()
        await billers.start()
        points.start()
        workers = createWorkers()
      }
      ready = true
      return { url: origin }
    },
    async close() {
      ready = false
      await http.close()
      await sms?.close()
      await Promise.all(workers.map((worker) => worker.stop()))
      await payments.close()
      await wallet.stop()
      await transfers.stop()
      await billers.stop()
      await points.stop()
      await banks.close()
      await client.close()
      await core.carrier.live.close()
      core.disk.stop()
      keys.close()
      await db.close()
    },
  }
}
