/** The payments of a small operator for tests: demo merchants, a clock by hand, a scriptable carrier. */

import { read, textOf } from '../server/src/channels/sms/index.ts'
import { purses } from '../server/src/composition/purses.ts'
import type { Database, Log } from '../server/src/db/index.ts'
import { seedMerchants } from '../server/src/demo/seed.ts'
import { bucketOf, createBusinessTime, createIds, manualClock } from '../server/src/kernel/index.ts'
import { createCatalogue } from '../server/src/merchants/index.ts'
import {
  createKnownNumbers,
  createPayments,
  type Funding,
  type Outgoing,
  type Source,
  type Watch,
} from '../server/src/payments/index.ts'
import { createPolicy, type Policy } from '../server/src/risk/index.ts'
import { createTestCarrier, type TestCarrier } from './carrier.ts'
import { type Engine, testDatabase } from './database.ts'

/** 10:00 on a Saturday in Shanghai. */
export const tenOClock = Date.UTC(2026, 8, 12, 2)
export const alice = '+8613900010001'
export const bob = '+8613900010009'

const silent: Log = { info: () => {}, warn: () => {}, error: (...all) => console.error(...all) }

export interface WorldOptions {
  readonly engine?: Engine
  readonly policy?: Partial<Policy>
  readonly carrier?: TestCarrier
  /** Who pays what a card pays; the carrier without it. */
  readonly bank?: Funding
  /** Another process on the same database. */
  readonly db?: Database
  readonly clock?: ReturnType<typeof manualClock>
  /** Where errors go that a test expects; to the console without it. */
  readonly log?: Log
  readonly lanes?: number
  /** What earns points; nothing without it. */
  readonly earns?: (source: Source) => boolean
  /** Who waits for ends. */
  readonly watch?: Watch
}

export async function createWorld(options: WorldOptions = {}) {
  const clock = options.clock ?? manualClock(tenOClock)
  const ids = createIds()
  const log = options.log ?? silent
  const opened = options.db
    ? undefined
    : await testDatabase(options.engine ? { engine: options.engine } : {})
  const db = options.db ?? opened?.db
  if (!db) throw new Error('no database')
  await seedMerchants(db, ids, clock.now())
  const catalogue = await createCatalogue(db, clock)
  const live = await createPolicy(db, clock)
  const policy = () => ({ ...live.current(), ...options.policy })
  const carrier = options.carrier ?? createTestCarrier()
  const time = createBusinessTime()
  const knowNumber = createKnownNumbers({ db, clock, carrier, release: async () => {}, log })
  const payments = createPayments({
    db,
    clock,
    ids,
    context: {
      ...{ time, catalogue, policy, isTestNumber: () => false, isTold: () => true, purses },
      ...(options.earns && { earns: options.earns }),
      ...(options.watch && { watch: options.watch }),
    },
    fundingFor: ({ source }) => (source === 'card' ? (options.bank ?? carrier) : carrier),
    refresh: () => Promise.all([catalogue.refresh(), live.refresh()]),
    knowNumber,
    log,
    ...(options.lanes !== undefined && { lanes: options.lanes }),
  })
  let messages = 0
  const nextId = () => {
    messages += 1
    return `m${messages}`
  }
  return {
    db,
    clock,
    ids,
    time,
    catalogue,
    policy,
    carrier,
    payments,
    knowNumber,
    /** A text from a handset; `id` is the gateway's, new unless given. */
    text: (
      from: string,
      to: string,
      words: string,
      given: { id?: string | null; at?: number } = {},
    ) =>
      payments.text({
        from,
        to,
        reading: read(words),
        receivedAt: given.at ?? clock.now(),
        gateway: 'test',
        messageId: given.id === undefined ? nextId() : given.id,
      }),
    /** Texts on their way to a number, oldest first. */
    async texts(to: string) {
      const rows = await db.query<{ payload: Outgoing }>(
        `select payload from job where topic = 'sms.send' and bucket = $1 and payload->>'to' = $2
          order by subject`,
        [bucketOf(to), to],
      )
      return rows.map(({ payload }) => ({
        from: payload.from,
        id: payload.notice.id,
        text: textOf(payload.notice, payload.language),
        notice: payload.notice,
      }))
    },
    /** Works off what is due until nothing is left to do now. */
    async settle() {
      for (let round = 0; round < 100; round += 1) {
        const worked = await payments.work()
        if (worked === 0) return
      }
      throw new Error('there is always something due')
    },
    async close() {
      await payments.close()
      await opened?.close()
    },
  }
}

export type World = Awaited<ReturnType<typeof createWorld>>
