/**
 * The server spread out: two processes for HTTP, two for the message centre, two for the work, on one
 * PostgreSQL. One of each is killed in the middle of purchases by text and over HTTP; nothing is lost.
 * `npm run roles` runs it, for six processes are too many for every run of the tests.
 */
import { randomBytes } from 'node:crypto'
import { createBoss } from '@telepurse/simulators'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../server/src/db/index.ts'
import { seedMerchants } from '../../server/src/demo/seed.ts'
import { createIds } from '../../server/src/kernel/index.ts'
import { offencesIn } from '../books.ts'
import { testDatabase } from '../database.ts'
import { openOwnCentre } from '../peers/centre.ts'
import { apiKeyOf, endLeases, until } from '../peers/stage.ts'
import { type Served, startServe } from '../serve.ts'

const star = '1065800886021'
const carrierToken = 'test-carrier'
const texters = Array.from({ length: 8 }, (_, i) => `86138000300${10 + i}`)
const shoppers = Array.from({ length: 8 }, (_, i) => `86138000400${10 + i}`)

async function spreadOut() {
  const closers: (() => Promise<unknown>)[] = []
  onTestFinished(async () => {
    for (const close of closers.reverse()) await close()
  })
  const centre = await openOwnCentre()
  closers.push(() => centre.close())
  const database = await testDatabase({ engine: 'postgres', poolMax: 1 })
  closers.push(() => database.close())
  const databaseUrl = database.url ?? ''
  const db = await openDatabase({ url: databaseUrl, poolMax: 2 })
  closers.push(() => db.close())
  const boss = createBoss({
    now: Date.now,
    token: carrierToken,
    lines: [...texters, ...shoppers].map((msisdn) => ({
      msisdn,
      billing: 'postpaid',
      balance: 500_00n,
    })),
  })
  const { url: carrierUrl } = await boss.listen()
  closers.push(() => boss.close())
  const ids = createIds()
  await seedMerchants(db, ids, Date.now())
  const apiKey = await apiKeyOf(db, ids)
  const shared = {
    UNSAFE_DATABASE: 'yes',
    FIELD_KEY: randomBytes(32).toString('base64'),
    POOL_MAX: '5',
  }
  const start = (role: string) =>
    startServe({
      databaseUrl,
      smscUrl: centre.url,
      carrierUrl,
      carrierToken,
      settings: { ...shared, ROLES: role },
    })
  const pair = async (role: string): Promise<readonly [Served, Served]> => {
    const [one, other] = await Promise.all([start(role), start(role)])
    closers.push(() => Promise.all([one.kill(), other.kill()]))
    return [one, other]
  }
  const [api, channels, workers] = [
    await pair('api'),
    await pair('channels'),
    await pair('workers'),
  ]
  return { centre, boss, db, apiKey, api, channels, workers }
}

type Spread = Awaited<ReturnType<typeof spreadOut>>

/** Asks one process, and the other when the first does not answer; under one order number. */
async function buyOverHttp({ api, apiKey }: Spread, msisdn: string, first: number) {
  const body = JSON.stringify({ msisdn, product: '100', orderId: `o-${msisdn}`, consent: 'none' })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` }
  for (let n = first; ; n += 1) {
    const url = `${(api[n % 2] as Served).url}/v1/payments`
    const answer = await fetch(url, { method: 'POST', headers, body }).catch(() => undefined)
    if (answer?.ok) return (await answer.json()) as { readonly id: string }
    if (n > first + 3) throw new Error(`no process takes the order: ${answer?.status}`)
  }
}

describe.runIf(process.env.TELEPURSE_ROLES === 'yes')('six processes by roles', () => {
  test('one of each is killed in the middle, and every purchase happens once', {
    timeout: 300_000,
  }, async () => {
    const spread = await spreadOut()
    const { centre, boss, db, api, channels, workers } = spread
    await until(() => centre.bound() === 2 || undefined)
    const committed = (handset: string) =>
      boss.charges().filter((one) => one.msisdn === `+${handset}` && one.status === 'committed')

    await Promise.all(texters.map((handset) => centre.send(handset, star, '100')))
    const questions = await Promise.all(
      texters.map((handset) =>
        until(() => centre.received(handset).find(({ text }) => text.includes('回复Y确认'))),
      ),
    )
    // The carrier works and keeps its answers back, so that the processes die on their way.
    await boss.addFault({ kind: 'answers_late', verb: 'commit', lateMs: 3_000 })
    const shopping = Promise.all(shoppers.map((msisdn, n) => buyOverHttp(spread, msisdn, n)))
    await Promise.all(
      texters.map((handset, i) => centre.send(handset, questions[i]?.from ?? '', 'Y')),
    )
    const everybody = [...texters, ...shoppers]
    await until(() => everybody.some((handset) => committed(handset).length > 0) || undefined)
    await Promise.all([api[0].kill(), channels[0].kill(), workers[0].kill()])
    await boss.clearFaults()
    const ending = setInterval(() => void endLeases(db).catch(() => undefined), 2_000)
    onTestFinished(() => clearInterval(ending))

    const placed = await shopping
    await until(async () => {
      const [open] = await db.query<{ count: bigint }>(
        'select count(*) from payment where charged_at is null',
      )
      return open?.count === 0n || undefined
    })
    for (const handset of texters)
      await until(() => centre.received(handset).find(({ text }) => text.startsWith('已付10.00元')))

    expect(new Set(placed.map(({ id }) => id)).size).toBe(shoppers.length)
    expect(everybody.map((handset) => committed(handset).length)).toEqual(everybody.map(() => 1))
    const [paid] = await db.query<{ count: bigint; sum: bigint }>(
      'select count(*), sum(amount)::int8 from payment',
    )
    expect(paid).toEqual({
      count: BigInt(everybody.length),
      sum: BigInt(everybody.length) * 10_00n,
    })
    expect(await offencesIn(db)).toEqual([])
    // Each does its own work only: a link in the channels, HTTP for merchants in the api.
    expect((await fetch(`${channels[1].url}/v1/payments`, { method: 'POST' })).status).toBe(404)
    expect(centre.bound()).toBe(1)
  })
})
