/** People with wallets and a biller for tests of bills: a clock by hand, a biller that does as it is told. */

import type { Answered, Command } from '../../server/src/billers/command.ts'
import { runBatch } from '../../server/src/billers/commands.ts'
import { compareDay } from '../../server/src/billers/day.ts'
import {
  type BillersOptions,
  type BillOutgoing,
  billedWallets,
  type Connected,
  createBillers,
} from '../../server/src/billers/index.ts'
import type { Lane } from '../../server/src/billers/lane.ts'
import type { Database, Job, Log } from '../../server/src/db/index.ts'
import {
  bucketOf,
  createBusinessTime,
  createIds,
  manualClock,
} from '../../server/src/kernel/index.ts'
import type { Watch } from '../../server/src/payments/index.ts'
import { defaultPolicy, type Policy } from '../../server/src/risk/index.ts'
import { type Engine, testDatabase } from '../database.ts'
import { createStage as createWalletStage, type People } from '../wallet/stage.ts'
import { tenOClock } from '../world.ts'
import { createScriptedBiller, type ScriptedBiller } from './scripted-biller.ts'

/** Alarms are what some tests are about. */
const silent: Log = {
  ...{ info: () => {}, warn: () => {} },
  error: (what, ...all) => 'alarm' in what || console.error(what, ...all),
}

export interface StageOptions {
  readonly engine?: Engine
  readonly db?: Database
  readonly clock?: ReturnType<typeof manualClock>
  readonly policy?: Partial<Policy>
  readonly log?: Log
  /** Who waits for ends. */
  readonly watch?: Watch
  readonly people?: People
  /** Another process at the same biller. */
  readonly power?: ScriptedBiller
  /** Instead of the scripted one. */
  readonly billers?: readonly Connected[]
}

export const accountNo = '0012345678'

export async function createStage(options: StageOptions = {}) {
  const clock = options.clock ?? manualClock(tenOClock)
  const opened = options.db ? undefined : await testDatabase({ ...options })
  const db = options.db ?? opened?.db
  if (!db) throw new Error('no database')
  const log = options.log ?? silent
  const time = createBusinessTime()
  const policy: Policy = { ...defaultPolicy, ...options.policy }
  const power = options.power ?? createScriptedBiller(clock, time.dateOf)
  const parts: BillersOptions = {
    ...{ db, clock, log, refresh: async () => {} },
    context: {
      ...{ ids: createIds(), time, policy: () => policy },
      ...(options.watch && { watch: options.watch }),
    },
    billers: options.billers ?? [power.biller],
  }
  const billers = createBillers(parts)
  const wallets = await createWalletStage({
    ...{ db, clock, log, policy },
    ...(options.people && { people: options.people }),
    followers: { tied: billedWallets, opened: async () => {}, ended: () => {} },
  })
  let keys = 0
  const settle = async () => {
    for (let round = 0; round < 100; round += 1) if ((await billers.work()) === 0) return
    throw new Error('there is always something due')
  }
  return {
    ...{ db, clock, time, power, billers, wallets, policy, settle, options: parts },
    wallet: wallets.wallet,
    customer: wallets.customer,
    available: wallets.available,
    key: () => {
      keys += 1
      return `bill:${keys}`
    },
    async inquired(msisdn: string, account = accountNo) {
      const asked = await billers.inquire({ msisdn, biller: 'power', accountNo: account })
      if (!asked.ok) throw new Error(asked.refusal)
      return asked.value
    },
    /** Asked for and paid, not yet taken to the biller. */
    async paid(msisdn: string, key: string, account = accountNo) {
      const bill = await this.inquired(msisdn, account)
      const done = await billers.pay({ msisdn, billId: bill.id, key, channel: 'web' })
      if (!done.ok) throw new Error(done.refusal)
      return done.value.bill
    },
    /** What a biller has said, straight into a batch. */
    async answer(said: Omit<Extract<Command, { kind: 'answered' }>, 'kind'>) {
      const commands = [{ kind: 'answered', ...said }] as const
      const { context } = parts
      const { results } = await runBatch({ db, context, commands, now: clock.now() })
      return results[0] as Answered | null
    },
    /** A job that a worker holds, in parallel with others that believe they hold it. */
    compare(job: Job) {
      const connected = new Map(parts.billers.map((one) => [one.facts.code, one]))
      const lane = { db, clock, log, context: parts.context, billers: connected }
      return compareDay({ ...lane, run: unused } as Lane, job)
    },
    stateOf: async (id: string) => (await billers.bill(id))?.state,
    /** The lines of a bill: `reason amount`. */
    async lines(id: string) {
      const rows = await db.query<{ reason: string; amount: bigint }>(
        'select reason, amount from transfer where subject = $1 order by created_at, reason',
        [id],
      )
      return rows.map(({ reason, amount }) => `${reason} ${amount}`)
    },
    /** Texts about bills on their way to a number, oldest first. */
    async told(to: string) {
      const rows = await db.query<{ payload: BillOutgoing }>(
        `select payload from job where topic = 'sms.send' and bucket = $1 and payload->>'to' = $2
          and payload->'notice'->>'id' like 'bill_%' order by subject`,
        [bucketOf(to), to],
      )
      return rows.map(({ payload }) => payload.notice)
    },
    async close() {
      await billers.stop()
      await wallets.close()
      await opened?.close()
    },
  }
}

const unused = async () => {
  throw new Error('nothing is open here')
}

export type Stage = Awaited<ReturnType<typeof createStage>>
