/**
 * Cards as `serve` composes them, on PostgreSQL and over TCP with simulated banks, worked by hand on a clock
 * that is moved by hand: texts go in where the gateway brings them, and come out where it takes them.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInbound, createOutbound, createSmsLog } from '../../server/src/channels/sms/index.ts'
import { cardWorkers } from '../../server/src/composition/card-workers.ts'
import { composeOn } from '../../server/src/composition/core.ts'
import { openTextDesk } from '../../server/src/composition/text-desk.ts'
import { createLog, readConfig } from '../../server/src/config/index.ts'
import type { Database } from '../../server/src/db/index.ts'
import { seedMerchants } from '../../server/src/demo/seed.ts'
import { createIds } from '../../server/src/kernel/index.ts'
import { cardNumber } from '../../server/src/payments/index.ts'
import { manualTiming } from '../../server/test/bank/manual-timing.ts'
import { enterMaster } from '../../server/test/bank/operations-stage.ts'
import { testDatabase } from '../database.ts'
import { tenOClock } from '../world.ts'
import { bankNames, masterKeyOf, openBanks } from './banks.ts'

export interface Text {
  readonly to: string
  readonly from: string
  readonly text: string
}

/** Who takes texts. */
interface Reached {
  readonly inbound: Pick<ReturnType<typeof createInbound>, 'onMessage'>
}

export type Place = Awaited<ReturnType<typeof openPlace>>
export type Life = Awaited<ReturnType<Place['live']>>

/** `answerMs`: how long the server waits for a bank, in real time. */
export async function openPlace({ answerMs }: { readonly answerMs: number }) {
  const made = await testDatabase({ engine: 'postgres', poolMax: 10 })
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-cards-'))
  const time = manualTiming(tenOClock)
  const { clock } = time
  const banks = await openBanks({ folder, time, answerMs })
  const config = readConfig({
    ...{
      TELEPURSE_DATA: folder,
      DATABASE_URL: made.url,
      FIELD_KEY: randomBytes(32).toString('base64'),
    },
    ...{ CARRIER_URL: 'http://127.0.0.1:9/', CARRIER_TOKEN: randomBytes(16).toString('hex') },
    ...banks.settings,
  })
  if (!config.ok) throw new Error(config.refusal.join('\n'))
  /** What was logged, and what handsets were sent, by all lives together. */
  const lines: string[] = []
  const texts: Text[] = []
  const log = createLog({ logLevel: 'info' }, { write: (line: string) => void lines.push(line) })
  const lives = new Set<{ close(): Promise<void> }>()
  let messages = 0

  /** A process of its own on the same database, linked to the banks. */
  async function live(db: Database = made.db) {
    const core = await composeOn(db, config.ok ? config.value : never(), { clock, log })
    for (const bank of bankNames)
      if (core.keys.readable(`bank:${bank}:zmk`).length === 0)
        await enterMaster(core.keys, `bank:${bank}:zmk`, masterKeyOf(bank))
    const { payments, cards, ids, keys } = core
    const smsLog = createSmsLog(db, clock)
    const common = { db, clock, log, smsLog, gateway: 'test' }
    const inbound = createInbound({ ...common, ids, payments, desk: openTextDesk(core) })
    const outbound = createOutbound({
      ...{ ...common, keys, receipts: false, concurrency: 0, isTestNumber: () => false },
      link: {
        async submitParts({ source, destination, text }) {
          texts.push({ to: `+${destination.number}`, from: source.number, text })
          return { outcome: { outcome: 'done', messageId: '' }, messageIds: [], parts: 1 }
        },
        state: () => ({ bound: true, waiting: 0 }) as never,
      },
    })
    cards.banks.start()
    const { wallet, banks: linked } = cards
    const cardWork = cardWorkers(core)
    await Promise.all(cardWork.map((worker) => worker.stop()))
    /** By the first word of what they take from the table of jobs. */
    const workers: Readonly<Record<string, () => Promise<number>>> = {
      ...{ payment: payments.work, wallet: wallet.work },
      ...{ bank: linked.operations.work, sms: outbound.step },
      async bank_card() {
        const done = await Promise.all(cardWork.map((worker) => worker.step()))
        return done.reduce((sum, jobs) => sum + jobs, 0)
      },
    }
    const ready = async () => {
      while (cards.banks.health().some(({ up }) => !up))
        await new Promise((resolve) => setTimeout(resolve, 2))
    }
    await ready()
    /** One round of everything that is due now; answers how much that was. */
    async function step(): Promise<number> {
      const due = await made.db.query<{ lane: string }>(
        `select distinct split_part(topic, '.', 1) as lane from job
          where due_at <= $1 and topic <> 'payment.event'`,
        [clock.now()],
      )
      const worked = due.map(({ lane }) => workers[lane]?.() ?? 0)
      return (await Promise.all(worked)).reduce((sum, jobs) => sum + jobs, 0)
    }
    async function settle(): Promise<void> {
      for (let round = 0; round < 200; round += 1) if ((await step()) === 0) return
      throw new Error('there is always something due')
    }
    const life = {
      ...{ core, ready, step, settle, inbound, sendTexts: outbound.step },
      /** Time goes by, from one thing that falls due to the next. */
      async pass(ms: number, each: () => Promise<unknown> = settle): Promise<void> {
        const until = clock.now() + ms
        for (;;) {
          await each()
          const [next] = await made.db.query<{ due: bigint | null }>(
            `select min(due_at) as due from job where topic similar to '(payment|wallet|sms).%'
               and topic <> 'payment.event' or topic = 'bank.operation'`,
          )
          const due = next?.due === null || next?.due === undefined ? until : Number(next.due)
          if (due >= until) break
          time.advance(Math.max(0, due - clock.now()))
        }
        time.advance(until - clock.now())
        await each()
      },
      async close() {
        lives.delete(life)
        await payments.close()
        await cards.wallet.stop()
        await cards.banks.close()
        await outbound.stop()
        await smsLog.close()
        keys.close()
      },
    }
    lives.add(life)
    return life
  }

  /** A text of the customer, as the gateway brings it: the same id is the same text. */
  async function say(
    { inbound }: Reached,
    from: string,
    text: string,
    given: { readonly to?: string; readonly id?: string } = {},
  ): Promise<void> {
    messages += 1
    const message = {
      ...{ source: { number: from.slice(1) }, destination: { number: given.to ?? cardNumber } },
      ...{ dataCoding: 8, content: new Uint8Array(), elements: [], text },
      providerMessageId: given.id ?? `m${messages}`,
      ...{ providerMessageIdFrom: 'receipted_message_id', receivedAt: clock.now() },
    }
    await inbound.onMessage(message as never)
  }
  /** To the number that has asked for the PIN of a purchase, as people answer. */
  const reply = (
    life: Reached,
    from: string,
    text: string,
    given: { readonly id?: string } = {},
  ) => {
    const asked = texts.findLast((one) => one.to === from && one.from !== cardNumber)
    return say(life, from, text, { ...given, to: asked?.from ?? cardNumber })
  }

  await seedMerchants(made.db, createIds(), clock.now())
  return {
    ...{ db: made.db, banks, clock, time, lines, texts, live },
    ...{ say, reply },
    sentTo: (msisdn: string) => texts.filter(({ to }) => to === msisdn).map(({ text }) => text),
    async close() {
      for (const life of [...lives]) await life.close()
      await banks.close()
      await made.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const never = (): never => {
  throw new Error('the settings were read')
}
