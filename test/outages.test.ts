/**
 * The message centre and then the carrier are away for an hour: the whole server, on PostgreSQL, over the
 * real protocols, with a clock that is moved. What was accepted waits in the database, is seen in
 * /health, and is done when the other side is back, once.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createBoss, createSmsc } from '@telepurse/simulators'
import { expect, onTestFinished, test } from 'vitest'
import { composeServer, type Parts } from '../server/src/compose.ts'
import { readConfig } from '../server/src/config/index.ts'
import { seedMerchants } from '../server/src/demo/seed.ts'
import { createIds } from '../server/src/kernel/index.ts'
import { offencesIn } from './books.ts'
import { testDatabase } from './database.ts'

const hour = 3_600_000
const numbers = Array.from({ length: 30 }, (_, i) => `+86138000300${10 + i}`)
const silent = { info: () => {}, warn: () => {}, error: () => {} }
const carrierToken = 'test-carrier'

interface Health {
  readonly status: string
  readonly late: readonly string[]
  readonly smsc: { readonly bound: boolean; readonly outstanding: number; readonly waiting: number }
  readonly carrier: { readonly up: boolean; readonly unanswered: number }
  readonly jobs: readonly { topic: string; waiting: number; due: number; overdueMs: number }[]
}

async function openServer() {
  let ahead = 0
  const clock = { now: () => Date.now() + ahead }
  const database = await testDatabase({ engine: 'postgres', poolMax: 2 })
  onTestFinished(() => database.close())
  const lines = numbers.map(
    (msisdn) => ({ msisdn, billing: 'postpaid', balance: 500_00n }) as const,
  )
  const boss = createBoss({ now: clock.now, token: carrierToken, lines })
  const smsc = createSmsc({ port: 0, systemId: 'test', password: 'test', now: clock.now })
  const [carrier, centre] = [await boss.listen(), await smsc.listen()]
  await seedMerchants(database.db, createIds(), clock.now())
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-outages-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const config = readConfig({
    TELEPURSE_DATA: folder,
    DATABASE_URL: database.url,
    SMSC_URL: `smpp://test:test@127.0.0.1:${centre.port}`,
    CARRIER_URL: carrier.url,
    CARRIER_TOKEN: carrierToken,
    FIELD_KEY: Buffer.alloc(32).toString('base64'),
    PORT: '0',
    UNSAFE_DATABASE: 'yes',
  })
  if (!config.ok) throw new Error(config.refusal.join())
  let parts: Parts | undefined
  const extend = async (_app: unknown, given: Parts) => {
    parts = given
  }
  const server = await composeServer(config.value, { clock, log: silent, extend })
  const { url } = await server.start()
  onTestFinished(async () => {
    await server.close()
    await smsc.stop()
    await boss.close()
  })
  if (!parts) throw new Error('the server has no parts')
  return {
    db: database.db,
    boss,
    smsc,
    payments: parts.payments,
    health: async () => (await (await fetch(`${url}/health`)).json()) as Health,
    /** In steps, so that whatever comes again in between has its turns. */
    async wait(ms: number) {
      for (let left = ms; left > 0; left -= hour / 6) {
        ahead += Math.min(left, hour / 6)
        parts?.kick()
        await sleep(100)
      }
    },
  }
}

type Server = Awaited<ReturnType<typeof openServer>>

/** Everyone buys once; the contract asks for no consent. */
const buyAll = ({ payments }: Server) =>
  Promise.all(
    numbers.map((msisdn) =>
      payments.order({
        msisdn,
        merchantId: '6021',
        what: { product: '100' },
        channel: 'api',
        consent: 'token',
        flow: 'charge',
      }),
    ),
  )

const receiptsOf = ({ smsc }: Server) =>
  numbers.map(
    (msisdn) => smsc.messages(msisdn).filter(({ text }) => text.startsWith('已付')).length,
  )
const chargedTimes = ({ boss }: Server) =>
  numbers.map(
    (msisdn) =>
      boss.charges().filter((one) => one.msisdn === msisdn && one.status === 'committed').length,
  )
const everyone = (times: number) => numbers.map(() => times)

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(25)
}
const waitingIn = (health: Health, topic: string) =>
  health.jobs.find((job) => job.topic === topic)?.waiting ?? 0

test('the message centre is away for an hour, then the carrier: nothing is lost or done twice', async () => {
  const server = await openServer()
  const { smsc, boss, health, wait } = server
  await until(async () => (await health()).status === 'ok')

  smsc.setFaults({ dropLink: true })
  await until(async () => !(await health()).smsc.bound)
  expect((await buyAll(server)).every((result) => result.ok)).toBe(true)
  await until(() => chargedTimes(server).every((times) => times === 1))
  await until(async () => waitingIn(await health(), 'sms.send') === numbers.length)
  await wait(hour)
  const withoutCentre = await health()
  expect(withoutCentre).toMatchObject({ status: 'degraded', late: ['sms.send'] })
  // All of it in the database, where it has room, and none in the memory of the link.
  expect(withoutCentre.smsc).toMatchObject({ bound: false, outstanding: 0, waiting: 0 })
  expect(withoutCentre.jobs).toContainEqual(
    expect.objectContaining({ topic: 'sms.send', due: numbers.length, waiting: numbers.length }),
  )
  expect(receiptsOf(server)).toEqual(everyone(0))
  smsc.setFaults({ dropLink: false })
  await until(() => receiptsOf(server).every((count) => count > 0))
  await until(async () => (await health()).status === 'ok')
  expect(receiptsOf(server)).toEqual(everyone(1))

  await boss.addFault({ kind: 'away' })
  expect((await buyAll(server)).every((result) => result.ok)).toBe(true)
  await until(async () => !(await health()).carrier.up)
  await wait(hour)
  const withoutCarrier = await health()
  expect(withoutCarrier).toMatchObject({ status: 'degraded', carrier: { up: false } })
  expect(withoutCarrier.late).toContain('payment.drive')
  expect(waitingIn(withoutCarrier, 'payment.drive')).toBe(numbers.length)
  expect(chargedTimes(server)).toEqual(everyone(1))
  await boss.clearFaults()
  await wait(hour / 12)
  await until(() => receiptsOf(server).every((count) => count === 2))
  await until(async () => (await health()).status === 'ok')
  expect(chargedTimes(server)).toEqual(everyone(2))
  expect(await offencesIn(server.db)).toEqual([])
})
