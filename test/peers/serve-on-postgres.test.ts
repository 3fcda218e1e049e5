/**
 * The server as operators run it: two processes on one PostgreSQL database, against message centres that
 * others wrote. A purchase by text goes through; one process is killed in the middle, the other finishes.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import {
  createBusinessTime,
  manualClock,
  parseMsisdn,
  systemClock,
} from '../../server/src/kernel/index.ts'
import { closeDay, produceStatement } from '../../server/src/settlement/index.ts'
import { offencesIn } from '../books.ts'
import { testDatabase } from '../database.ts'
import { type Centre, openForeignCentre, openOwnCentre } from './centre.ts'
import { endLeases, openStage, type Stage, until } from './stage.ts'

const star = '1065800886021'
const alice = '8613900010001'
const crowd = Array.from({ length: 10 }, (_, i) => `86138000200${10 + i}`)
const patience = 60_000

const centres = [
  { name: 'our simulator', open: openOwnCentre },
  { name: 'a centre on the npm package smpp', open: openForeignCentre },
]

describe.each(centres)('two serve processes and $name', ({ open }) => {
  let centre: Centre
  let stage: Stage
  const closers: (() => Promise<unknown>)[] = []
  afterAll(async () => {
    for (const close of closers.reverse()) await close()
  })

  const textsOf = (handset: string) => centre.received(handset)
  const questionTo = (handset: string) =>
    until(() => textsOf(handset).find(({ text }) => text.includes('回复Y确认')))
  const receiptTo = (handset: string) =>
    until(() => textsOf(handset).find(({ text }) => text.startsWith('已付10.00元')))
  const committed = (handset: string) =>
    stage.boss.charges().filter((one) => one.msisdn === `+${handset}` && one.status === 'committed')

  test('text, price, yes, receipt; the carrier is charged once', {
    timeout: patience,
  }, async () => {
    centre = await open()
    closers.push(() => centre.close())
    const database = await testDatabase({ engine: 'postgres', poolMax: 1 })
    closers.push(() => database.close())
    const { url: databaseUrl = '' } = database
    stage = await openStage({ databaseUrl, smscUrl: centre.url, numbers: [alice, ...crowd] })
    closers.push(() => stage.close())
    await until(() => centre.bound() === 2 || undefined)

    await centre.send(alice, star, '100')
    const question = await questionTo(alice)
    expect(question.text).toContain('星游：点卡10元，10.00元')
    await centre.send(alice, question.from, 'Y')
    await receiptTo(alice)
    expect(textsOf(alice)).toHaveLength(2)
    expect(committed(alice)).toMatchObject([{ amount: 10_00n }])
  })

  test('one process dies in the middle, the other finishes', { timeout: patience }, async () => {
    const [doomed] = stage.servers
    await Promise.all(crowd.map((handset) => centre.send(handset, star, '100')))
    const questions = await Promise.all(crowd.map(questionTo))
    // The carrier works and keeps its answers back, so that the process dies on its way.
    await stage.boss.addFault({ kind: 'answers_late', verb: 'charge', lateMs: 3_000 })
    await Promise.all(
      crowd.map((handset, i) => centre.send(handset, questions[i]?.from ?? '', 'Y')),
    )
    await until(() => crowd.some((handset) => committed(handset).length > 0) || undefined)
    const served = crowd.filter((handset) => textsOf(handset).length > 1)
    expect(served.length).toBeLessThan(crowd.length)
    await doomed.kill()
    await stage.boss.clearFaults()
    await endLeases(stage.db)
    const ending = setInterval(() => void endLeases(stage.db).catch(() => undefined), 2_000)
    await Promise.all(crowd.map(receiptTo))
    clearInterval(ending)

    expect(crowd.map((handset) => committed(handset).length)).toEqual(crowd.map(() => 1))
    expect(await offencesIn(stage.db)).toEqual([])
  })

  test('the statement of the day holds each purchase once', async () => {
    const time = createBusinessTime()
    const date = time.dateOf(systemClock.now())
    const [days] = await stage.db.query<{ dates: bigint }>(
      'select count(distinct business_date) as dates from payment where business_date is not null',
    )
    const clock = manualClock(time.startOf(time.nextDate(date)) + 31 * 60_000)
    expect(await closeDay({ db: stage.db, clock, time }, date)).toMatchObject({ ok: true })
    const order = { merchantId: '6021', date, format: 'native', now: clock.now() } as const
    const { bytes, status } = await produceStatement(stage.db, time, order)
    const lines = Buffer.from(bytes).toString('utf8').split('\r\n').slice(1, -2)
    const numbers = lines.map((line) => `86${line.split(',')[2]}`)
    // Midnight may have passed since the first purchase; then the day before holds the others.
    const expected = days?.dates === 1n ? [alice, ...crowd].sort() : numbers.toSorted()
    expect(numbers.toSorted()).toEqual(expected)
    expect(parseMsisdn(numbers[0] ?? '').ok && status).toBe('closed')
  })
})

const driveSmpp = '/usr/lib/kannel/test/drive_smpp'
const privateNetwork = ['-n', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'] as const
const isMissing =
  !existsSync(driveSmpp) || spawnSync('unshare', [...privateNetwork, 'true']).status !== 0

test.skipIf(isMissing)(
  'two serve processes bind to Kannel’s drive_smpp, take its texts and submit a question',
  { timeout: patience },
  async () => {
    const program = join(import.meta.dirname, '../programs/serve-on-drive-smpp.ts')
    const node = [process.execPath, '--conditions=source', '--import', import.meta.resolve('tsx')]
    const child = spawn('unshare', [...privateNetwork, ...node, program, driveSmpp], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    onTestFinished(() => void child.kill())
    let printed = ''
    let complaints = ''
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      complaints += chunk.toString()
    })
    await new Promise((resolve) => child.once('close', resolve))
    expect(complaints).toBe('')
    expect(JSON.parse(printed)).toEqual({
      bound: [true, true],
      ordered: 201,
      sent: { state: 'accepted', gateway: 'foo@127.0.0.1:2775' },
      // Its texts come from a number that is no mobile's: each is acknowledged and bought for nobody.
      complaints: 20,
    })
  },
)
