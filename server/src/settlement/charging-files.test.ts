/** What carriers are told of a day, on PostgreSQL, from purchases made through the real lane. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { alice, bob, createWorld, type World } from '../../../test/world.ts'
import { chargingFormat } from '../composition/charging.ts'
import { closeDay } from './close-day.ts'
import { createChargingFiler, produceChargingFiles } from './index.ts'

const carol = '+8613900010002'
const dave = '+8613900010003'
const star = '1065800886021'
const minute = 60_000
const hour = 60 * minute
const [saturday, sunday] = ['2026-09-12', '2026-09-13']

let world: World
beforeEach(async () => {
  world = await createWorld({ engine: 'postgres' })
})
afterEach(() => world.close())

async function buy(from: string): Promise<void> {
  await world.text(from, star, '100')
  await world.text(from, star, 'Y')
  await world.settle()
}

/** The clock is moved in steps, so that questions to the carrier are asked when they are due. */
async function wait(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 30 * minute) {
    world.clock.advance(Math.min(left, 30 * minute))
    await world.settle()
  }
}

const filesOf = async (date: string, rowMax = chargingFormat.rowMax) => {
  const options = { db: world.db, time: world.time, format: { ...chargingFormat, rowMax } }
  const made = await produceChargingFiles(
    options,
    { carrier: 'CMCC', date },
    world.time.startOf(world.time.nextDate(date)) + 65 * minute,
  )
  if (!made.ok) return made.refusal
  return made.value.map((file) => ({ ...file, text: Buffer.from(file.bytes).toString('utf8') }))
}

const rowsIn = (files: Awaited<ReturnType<typeof filesOf>>) =>
  typeof files === 'string'
    ? files
    : files
        .flatMap(({ text }) => text.split('\n'))
        .filter((line) => line.startsWith('D|'))
        .map((line) => line.split('|'))
        .map((fields) => ({ number: fields[4], amount: fields[9], state: fields.at(-1) }))

const close = async (date: string) =>
  expect(
    await closeDay({ db: world.db, clock: world.clock, time: world.time }, date),
  ).toMatchObject({ ok: true })

test('charged, returned the same day and unknown charges of post-paid lines; prepaid ones are left out', async () => {
  world.carrier.lines.set(bob, { billing: 'prepaid' })
  await buy(alice)
  await buy(bob)
  await buy(carol)
  const [bought] = (await world.payments.list({ msisdn: carol, order: 'asc', offset: 0, limit: 1 }))
    .items
  const order = { paymentId: bought?.id ?? '', msisdn: carol, reason: 'test' }
  expect(await world.payments.refund(order)).toMatchObject({ ok: true })
  await world.settle()
  world.carrier.script('charge', { kind: 'lose_answer' })
  world.carrier.script('query', { kind: 'lose_request' }, 100)
  await buy(dave)
  expect(await filesOf(saturday)).toBe('not_closed')
  await wait(15 * hour)
  await close(saturday)

  const files = await filesOf(saturday)
  expect(rowsIn(files)).toEqual([
    { number: '13900010001', amount: '1000', state: '1' },
    { number: '13900010002', amount: '1000', state: '2' },
    { number: '13900010003', amount: '1000', state: '9' },
  ])
  const [file] = typeof files === 'string' ? [] : files
  expect(file?.name).toBe('CHG_CMCC_20260912_001.txt')
  expect(file?.text).toMatch(/^H\|CHG\|CMCC\|20260912\|001\|1\.0\|20260913010500\n/)
  expect(file?.text).toMatch(/\nT\|3\|3000\|0\|[0-9a-f]{64}\n$/)

  // Decided meanwhile: the closed day's file stays as it was, the next one tells what became of it.
  world.carrier.clearScripts()
  await wait(10 * hour)
  expect(await filesOf(saturday)).toEqual(files)
  await wait(15 * hour)
  await close(sunday)
  expect(rowsIn(await filesOf(sunday))).toEqual([
    { number: '13900010003', amount: '1000', state: '1' },
  ])
  expect(await filesOf(saturday)).toEqual(files)
})

test('an unknown charge stands in each file until it is decided', async () => {
  world.carrier.script('charge', { kind: 'lose_request' }, 1_000)
  world.carrier.script('query', { kind: 'lose_request' }, 1_000)
  world.carrier.script('reverse', { kind: 'lose_request' }, 1_000)
  await buy(alice)
  await wait(40 * hour)
  await close(saturday)
  await close(sunday)
  for (const date of [saturday, sunday])
    expect(rowsIn(await filesOf(date))).toEqual([
      { number: '13900010001', amount: '1000', state: '9' },
    ])
})

test('more rows than a file may hold make a second file', async () => {
  for (const from of [alice, carol, dave]) await buy(from)
  await wait(15 * hour)
  await close(saturday)
  const files = await filesOf(saturday, 2)
  expect(typeof files === 'string' ? [] : files.map(({ name, rows }) => ({ name, rows }))).toEqual([
    { name: 'CHG_CMCC_20260912_001.txt', rows: 2 },
    { name: 'CHG_CMCC_20260912_002.txt', rows: 1 },
  ])
  const kept = await world.db.query(
    'select number, rows, amount from charging_file order by number',
  )
  expect(kept).toEqual([
    { number: 1, rows: 2n, amount: 20_00n },
    { number: 2, rows: 1n, amount: 10_00n },
  ])
})

test('at five past one the files of the closed day are put in the folder, whole', async () => {
  const { db, clock, time } = world
  const folder = join(mkdtempSync(join(tmpdir(), 'telepurse-files-')), 'charging')
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  await buy(alice)
  await wait(15 * hour)
  clock.set(time.startOf(sunday) + 31 * minute)
  await close(saturday)
  const isTold = (carrier: string) => carrier === 'CMCC'
  const options = { db, clock, time, log, folder, isTold, format: chargingFormat }
  const filer = createChargingFiler(options)
  try {
    expect(await filer.step()).toBe(0)
    expect(existsSync(folder)).toBe(false)
    clock.set(time.startOf(sunday) + 65 * minute)
    filer.kick()
    while (!existsSync(join(folder, 'CHG_CMCC_20260912_001.txt'))) await sleep(10)
    await filer.stop()
    expect(readdirSync(folder)).toEqual(['CHG_CMCC_20260912_001.txt'])
    const made = await filesOf(saturday)
    expect([readFileSync(join(folder, 'CHG_CMCC_20260912_001.txt'), 'utf8')]).toEqual(
      typeof made === 'string' ? [] : made.map(({ text }) => text),
    )
  } finally {
    await filer.stop()
    rmSync(join(folder, '..'), { recursive: true, force: true })
  }
})
