/**
 * The disk of the database fills up. Before it is full new orders are refused, and what is owed goes on;
 * when it does get full, the process ends, and everything it had acknowledged is there.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createBoss } from '@telepurse/simulators'
import { describe, expect, onTestFinished, test } from 'vitest'
import { composeServer, type Parts } from '../../server/src/compose.ts'
import { readConfig } from '../../server/src/config/index.ts'
import { type Database, openDatabase } from '../../server/src/db/index.ts'
import { seedMerchants } from '../../server/src/demo/seed.ts'
import { createIds, systemClock } from '../../server/src/kernel/index.ts'
import { offencesIn } from '../books.ts'
import { startChild } from '../child.ts'
import { type PostgresServer, startPostgres } from '../postgres.ts'
import { newClient } from '../shop.ts'
import { canMount, createSmallDisk, type SmallDisk } from './disk.ts'

const megabyte = 1024 * 1024
const log = { info: () => {}, warn: () => {}, error: () => {} }
const small = { min_wal_size: '32MB', max_wal_size: '64MB' }
const places = ['postgres', 'pglite'] as const
type Place = (typeof places)[number]

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(50)
}

function openDisk(megabytes: number): SmallDisk {
  const disk = createSmallDisk(megabytes)
  onTestFinished(() => disk.unmount())
  return disk
}

async function openPostgres(disk: SmallDisk): Promise<PostgresServer> {
  const server = await startPostgres({ fsync: true, folder: disk.folder, settings: small })
  onTestFinished(() => server.stop())
  return server
}

/** The whole server with its database on this disk. */
async function openServer(place: Place, disk: SmallDisk) {
  const lines = [{ msisdn: '+8613900010001', billing: 'postpaid', balance: 500_00n } as const]
  const boss = createBoss({ now: Date.now, token: 'full', lines })
  const { url: carrierUrl } = await boss.listen()
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-full-disk-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const config = readConfig({
    ...(place === 'postgres'
      ? {
          ...{ DATABASE_URL: (await openPostgres(disk)).url, ROLES: 'api,workers' },
          TELEPURSE_DATA: folder,
        }
      : { TELEPURSE_DATA: disk.folder }),
    DISK_FREE_MIN: '60',
    SMSC_URL: 'smpp://u:p@127.0.0.1:1',
    CARRIER_URL: carrierUrl,
    CARRIER_TOKEN: 'full',
    FIELD_KEY: Buffer.alloc(32).toString('base64'),
    PORT: '0',
  })
  if (!config.ok) throw new Error(config.refusal.join())
  let parts: Parts | undefined
  const extend = async (_: unknown, given: Parts) => {
    parts = given
  }
  const server = await composeServer(config.value, { clock: systemClock, log, extend })
  const { url } = await server.start()
  onTestFinished(async () => {
    await server.close()
    await boss.close()
  })
  if (!parts) throw new Error('the server has no parts')
  await seedMerchants(parts.db, createIds(), Date.now())
  const { key } = await newClient(parts as never, '6021')
  const call = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const request = { method, headers, ...(body && { body: JSON.stringify(body) }) }
    const answer = await fetch(`${url}${path}`, request)
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as never }
  }
  return { parts, boss, call }
}

describe.runIf(canMount())('a disk that fills up', () => {
  test.each(places)('under %s: orders wait in time, and come back by themselves', async (place) => {
    const disk = openDisk(300)
    const { parts, boss, call } = await openServer(place, disk)
    const { payments, db } = parts
    const order = {
      msisdn: '+8613900010001',
      merchantId: '6021',
      what: { product: '100' },
      channel: 'api',
      consent: 'token',
      flow: 'charge',
    } as const
    const placed = await payments.order(order)
    if (!placed.ok) throw new Error(placed.refusal)
    const { id: paymentId, msisdn } = placed.value.payment
    await payments.settled(paymentId, 30_000)

    disk.fill(40 * megabyte)
    await until(() => parts.disk.state().low)
    const refused = await call('POST', '/v1/payments', {
      msisdn,
      product: '100',
      orderId: 'full-1',
    })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, expect.anything()])
    expect((await call('GET', `/v1/payments/${paymentId}`)).status).toBe(200)
    expect((await call('GET', '/health')).body).toMatchObject({ status: 'degraded' })
    const refund = await payments.refund({ paymentId, msisdn, amount: 4_00n, reason: 'full' })
    if (!refund.ok) throw new Error(refund.refusal)
    expect(await payments.refundSettled(refund.value.id, 30_000)).toMatchObject({
      state: 'succeeded',
    })
    expect(await payments.list({ order: 'asc', offset: 0, limit: 9 })).toMatchObject({ total: 1 })

    disk.empty()
    const roomAt = performance.now()
    await until(() => !parts.disk.state().low)
    console.log(`${place}: orders again ${Math.round(performance.now() - roomAt)} ms after room`)
    await expect(payments.order(order)).resolves.toBeDefined()
    expect(boss.charges().length).toBeGreaterThan(0)
    expect(await offencesIn(db)).toEqual([])
  })

  test.each(places)('under %s until it is full: nothing acknowledged is lost', async (place) => {
    const disk = openDisk(place === 'postgres' ? 130 : 160)
    let server = place === 'postgres' ? await openPostgres(disk) : undefined
    const writer = startChild('disk-filler.ts', [server?.url ?? disk.folder])
    await writer.printed(2)
    disk.fill(8 * megabyte)
    const { code, signal } = await writer.ended
    expect([70, 1, null]).toContain(code)
    expect(signal === null || signal === 'SIGKILL').toBe(true)
    expect(disk.freeBytes()).toBeLessThan(8 * megabyte)
    disk.empty()

    if (server) {
      const { dataDir } = server
      await server.kill()
      server = await startPostgres({ fsync: true, dataDir, settings: small })
      onTestFinished(() => server?.stop())
    }
    const db: Database = await openDatabase(server ? { url: server.url } : { dataDir: disk.folder })
    onTestFinished(() => db.close())
    const there = new Set(
      (await db.query<{ id: bigint }>('select id from wide')).map(({ id }) => id),
    )
    const acknowledged = writer.lines.slice(1).map(BigInt)
    console.log(`${place}: ${acknowledged.length} acknowledged, ${there.size} there, ended ${code}`)
    expect(acknowledged.length).toBeGreaterThan(100)
    expect(acknowledged.filter((id) => !there.has(id))).toEqual([])
    expect(there.size - acknowledged.length).toBeLessThanOrEqual(1)
    await db.transact(async (tx) => tx.write(`insert into wide values (0, 'goes on')`))
  })
})
