/**
 * One process of the deployment: the modules of the server, put together as the server does it, on
 * simulated links. It runs the real workers; it dies by its `Life`.
 */
import Fastify, { type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import type { Dispatcher } from 'undici'
import {
  checkoutRoutes,
  createAppOrders,
  createCheckouts,
} from '../../server/src/channels/checkout/index.ts'
import { createGuesses, keyGuesses } from '../../server/src/channels/http/index.ts'
import { problemHandler } from '../../server/src/channels/http/problem.ts'
import type { HttpClient } from '../../server/src/channels/http-client/index.ts'
import { merchantApiRoutes } from '../../server/src/channels/merchant-api/index.ts'
import {
  createInbound,
  createOutbound,
  createSmsLog,
  type SmppLink,
} from '../../server/src/channels/sms/index.ts'
import {
  createEventRecorder,
  createWebhookWorker,
} from '../../server/src/channels/webhooks/index.ts'
import { chargingFormat } from '../../server/src/composition/charging.ts'
import { createNotifier } from '../../server/src/composition/notifier.ts'
import { purses } from '../../server/src/composition/purses.ts'
import { openTextDesk } from '../../server/src/composition/text-desk.ts'
import {
  appendJobs,
  createTakers,
  type Database,
  type Log,
  type Tx,
} from '../../server/src/db/index.ts'
import {
  type Clock,
  createBusinessTime,
  createFieldCipher,
  type Ids,
  refuse,
  Secret,
} from '../../server/src/kernel/index.ts'
import { apiKeyVerifier, createCatalogue } from '../../server/src/merchants/index.ts'
import {
  createKnownNumbers,
  createPayments,
  type Payments,
} from '../../server/src/payments/index.ts'
import { createHttpCarrier } from '../../server/src/rails/carrier/index.ts'
import { createPolicy, type Policy } from '../../server/src/risk/index.ts'
import {
  armDayCloser,
  createChargingFiler,
  createDayCloser,
} from '../../server/src/settlement/index.ts'
import { createTopUpVouchers } from '../../server/src/top-up-vouchers/index.ts'
import { type App, openApp } from './app.ts'
import { type BankLinks, openSimulated } from './bank-links.ts'
import { gateway, type Inbound } from './message-centre.ts'
import type { Broken } from './mutants.ts'
import { openPurse, type Purse } from './purse.ts'

export interface ProcessOptions {
  readonly db: Database
  /** For work that touches real files: nothing may come in between. */
  readonly calmDb: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly zone: string
  readonly dispatcher: Dispatcher
  readonly link: Pick<SmppLink, 'submitParts' | 'state'>
  readonly client: HttpClient
  readonly log: Log
  readonly folder: string
  /** Without them nobody has a wallet or a card, nor an app. */
  readonly banks?: (BankLinks & { readonly toBillers: Dispatcher }) | undefined
  /** A broken build's. */
  readonly policy: Partial<Policy>
  readonly broken: Broken
}

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

export interface Process {
  readonly payments: Payments
  readonly inbound: Inbound
  readonly purse?: Purse
  readonly app?: App
  request(
    method: 'GET' | 'POST',
    url: string,
    given: {
      readonly key?: string
      readonly body?: unknown
      readonly headers?: Readonly<Record<string, string>>
    },
  ): Promise<Answer>
  /** Makes what carriers are told of a closed day: exclusive work, on real files. */
  fileCharges(): Promise<number>
  stop(): Promise<void>
}

export const fieldKey = new Secret('a field key of a simulation, 32 characters')
const origin = 'http://pay.example'

export async function openProcess(options: ProcessOptions): Promise<Process> {
  const { db, clock, ids, log, link, client, broken } = options
  const time = createBusinessTime(options.zone)
  const catalogue = await createCatalogue(db, clock)
  const live = await createPolicy(db, clock)
  const policy = () => ({ ...live.current(), ...options.policy })
  const rail = createHttpCarrier({
    baseUrl: 'http://carrier.example',
    token: new Secret('token'),
    now: clock.now,
    dispatcher: options.dispatcher,
  })
  const carrier = broken.carrier(rail)
  const recorder = await createEventRecorder(db, clock)
  const knowNumber = createKnownNumbers({ db, clock, carrier, release: async () => {}, log })
  const purse =
    options.banks &&
    (await openPurse(
      {
        ...{ db, clock, ids, time, log, policy: live, fieldKey, knowNumber },
        config: options.banks.config,
        payment: (id) => module.get(id),
      },
      openSimulated(options.banks),
    ))
  const module = createPayments({
    db,
    clock,
    ids,
    context: {
      ...{ time, catalogue, policy, purses },
      isTestNumber: () => false,
      isTold: (merchantId) => recorder.isHeard(merchantId, 'payment.charged'),
    },
    fundingFor: (payment) =>
      purse && payment.source === 'card' ? purse.cards.funding(payment) : carrier,
    refresh: () => Promise.all([catalogue.refresh(), live.refresh(), recorder.refresh()]),
    knowNumber,
    log,
  })
  const payments = broken.payments(module)
  const owned =
    purse &&
    options.banks &&
    openApp(purse.parts, {
      ...{ payments, cards: purse.cards, knowNumber, broken },
      ...{ signIns: purse.signIns, codes: purse.codes },
      toBillers: options.banks.toBillers,
    })
  const smsLog = createSmsLog(db, clock)
  const cipher = createFieldCipher(fieldKey, ids)
  const topUpVouchers = createTopUpVouchers({ db, clock, ids, time, cipher, policy })
  const desk =
    purse &&
    openTextDesk({
      ...{ db, clock, ids, catalogue, payments, policy: live, topUpVouchers },
      ...purse,
    })
  const inbound = createInbound({
    ...{ db, clock, ids, payments, smsLog, gateway, log },
    ...(desk && { desk }),
  })
  const onError = (error: unknown) => log.error({ err: error }, 'work failed')
  const tools = { db, clock, client, cipher, onError }
  await armDayCloser({ db, clock, time, log })

  // The server's own adds the pages of its documentation, which are files of the real disk.
  const app = Fastify({ trustProxy: true, genReqId: () => ids.next(0, clock.now()) })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(problemHandler(log))
  const checkouts = createCheckouts({
    ...{ db, clock, ids, payments, catalogue, policy, origin, fieldKey },
    acceptsCards: false,
    acceptsWallets: false,
    cardOf: async () => null,
  })
  const taken = broken.taken(payments)
  const orders = createAppOrders({ db, clock, payments: taken, checkouts })
  const verifyKey = apiKeyVerifier(catalogue, clock)
  const guesses = createGuesses(keyGuesses, clock)
  await merchantApiRoutes(app, {
    ...{ db, clock, time, payments, catalogue, checkouts, verifyKey, guesses },
    scans: owned?.scans ?? unscanned,
    origin,
    isTestNumber: () => false,
    cardOf: async () => null,
  })
  await checkoutRoutes(app, {
    ...{ checkouts, payments, catalogue, clock },
    questionOf: async () => null,
  })
  await app.ready()

  module.start()
  await purse?.start()
  await owned?.start()
  const onAccepted = async (paymentId: string) => {
    const payment = await payments.get(paymentId)
    if (payment) await payments.delivery({ paymentId, msisdn: payment.msisdn, result: 'delivered' })
  }
  const workers = [
    createOutbound({
      ...{ db, clock, link, smsLog, gateway, log },
      keys: purse?.keys ?? { open: nothingSealed },
      receipts: true,
      concurrency: 1,
      isTestNumber: () => false,
    }),
    createNotifier({ ...tools, payments, recorder, origin, onEvent: () => {} }),
    createWebhookWorker({ ...tools, onAccepted }),
    createDayCloser({ db, clock, time, log }),
  ]

  return {
    payments,
    inbound,
    ...(purse && { purse: purse.asked }),
    ...(owned && { app: { ...owned.asked, orders } }),
    request: (method, url, given) => inject(app, method, url, given),
    async fileCharges() {
      const filer = createChargingFiler({
        ...{ db: options.calmDb, clock, time, log, folder: options.folder },
        format: chargingFormat,
        isTold: () => true,
      })
      // One that outlives its seed would take the work of the seeds after it.
      try {
        return await filer.step()
      } finally {
        await filer.stop()
      }
    },
    async stop() {
      await Promise.all([...workers.map((worker) => worker.stop()), app.close()])
      await owned?.stop()
      await module.close()
      await purse?.stop()
      await smsLog.close()
    },
  }
}

const nothingSealed = () => {
  throw new Error('no text of the simulation is sealed')
}

/** Work that is not done by a worker of its own here, but by `fileCharges`. */
export const isExclusive = (topic: string) => topic === 'settlement.charging'

/** Rings the bells of a topic's workers in all processes, as a commit with a due job does. */
export function ringBells(topic: string): void {
  const tx = {
    write: () => undefined,
    afterCommit: (ring: () => void) => ring(),
    takers: createTakers(),
  }
  appendJobs(tx as unknown as Tx, [{ bucket: 0, topic, subject: '', dueAt: 0, payload: null }])
}

async function inject(
  app: FastifyInstance,
  method: 'GET' | 'POST',
  url: string,
  { key, body, headers }: Parameters<Process['request']>[2],
): Promise<Answer> {
  const answer = await app.inject({
    method,
    url,
    headers: {
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { payload: JSON.stringify(body) }),
  })
  const isJson = /json/.test(String(answer.headers['content-type']))
  return { status: answer.statusCode, body: isJson ? answer.json() : {} }
}

/** Where nobody has an app. */
const unscanned = {
  scan: async () => refuse('payment_code_refused'),
  get: async () => undefined,
  cancel: async () => refuse('cancel_period_over'),
} as const
