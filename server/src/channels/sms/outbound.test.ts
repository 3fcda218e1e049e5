/** Texts on their way out: what a gateway's answer does to the text, its record and its job. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { engines } from '../../../../test/database.ts'
import { createWorld, type World } from '../../../../test/world.ts'
import { appendJobs, type Log, type Worker } from '../../db/index.ts'
import { bucketOf } from '../../kernel/index.ts'
import { type Notice, type Outgoing, topics } from '../../payments/index.ts'
import { createOutbound } from './outbound.ts'
import type { OutgoingMessage, SubmitOutcome, SubmitResult } from './smpp/index.ts'
import { createSmsLog } from './sms-log.ts'
import { messagesOf } from './sms-store.ts'

const games = '1065800886021'
const hour = 3_600_000
const question: Notice = { id: 'T3', orderNo: '2609121' }

describe.each(engines)('on %s', (engine) => {
  let world: World
  let worker: Worker
  let me = ''
  let numbers = 0
  /** What the gateway says next; it takes everything when nothing is scripted. */
  let script: SubmitOutcome[]
  let sent: OutgoingMessage[]
  let warnings: string[]

  beforeAll(async () => {
    world = await createWorld({ engine })
    const { db, clock } = world
    const log: Log = {
      info: () => {},
      warn: (_details: object, text: string) => void warnings.push(text),
      error: (...all: unknown[]) => console.error(...all),
    }
    const answer = async (message: OutgoingMessage): Promise<SubmitResult> => {
      sent.push(message)
      const outcome = script.shift() ?? { outcome: 'done', messageId: 'b' }
      const messageIds = outcome.outcome === 'done' ? [`${me}-a`, `${me}-b`] : []
      return { outcome, messageIds, parts: 2 }
    }
    worker = createOutbound({
      db,
      clock,
      link: {
        submitParts: answer,
        state: () => ({
          bound: true,
          phase: 'bound',
          since: 0,
          outstanding: 0,
          waiting: 0,
          delivering: 0,
          throttled: false,
        }),
      },
      smsLog: createSmsLog(db, clock),
      keys: { open: () => expect.fail('nothing here is sealed') },
      gateway: 'g',
      receipts: true,
      concurrency: 0,
      isTestNumber: (msisdn) => msisdn.startsWith('+86170'),
      log,
    })
  })
  beforeEach(() => {
    script = []
    sent = []
    warnings = []
    numbers += 1
    me = `+86139001${String(numbers).padStart(5, '0')}`
  })
  afterAll(async () => {
    await worker.stop()
    await world.close()
  })

  async function send(notice: Notice = question, to = me): Promise<string> {
    const bucket = bucketOf(to)
    const subject = world.ids.next(bucket, world.clock.now())
    const payload: Outgoing = { to, from: games, language: 'zh', notice, paymentId: null }
    const dueAt = world.clock.now()
    await world.db.transact(async (tx) =>
      appendJobs(tx, [{ bucket, topic: topics.sms, subject, dueAt, payload }]),
    )
    return subject
  }
  const jobs = () =>
    world.db.query<{ subject: string; due_at: bigint; attempts: number }>(
      'select subject, due_at, attempts from job where topic = $1',
      [topics.sms],
    )
  const records = (of = me) => messagesOf(world.db, of, 10)

  test('a text that was taken is recorded with the ids of its parts, and its job is gone', async () => {
    const id = await send()
    await worker.step()
    expect(sent).toMatchObject([
      {
        source: { number: games, ton: 3 },
        destination: { number: me.slice(1), ton: 1, npi: 1 },
        text: '支付处理中，单号2609121，结果将短信通知，请勿重复购买。',
        receipt: true,
        reference: Number.parseInt(id.slice(-4), 16),
      },
    ])
    expect(await records()).toMatchObject([{ id, direction: 'out', state: 'accepted', parts: 2 }])
    const parts = await world.db.query<{ message_id: string }>(
      'select message_id from sms_part_sent where sms_id = $1 order by message_id',
      [id],
    )
    expect(parts.map((part) => part.message_id)).toEqual([`${me}-a`, `${me}-b`])
    expect(await jobs()).toEqual([])
  })

  test.each<[string, SubmitOutcome, number]>([
    ['never left', { outcome: 'unsent', detail: 'not bound' }, 2_000],
    ['nobody knows of', { outcome: 'unknown', detail: 'time-out' }, 2_000],
    ['came too fast', { outcome: 'throttled' }, 500],
    ['met a full queue', { outcome: 'refused', status: 20, name: 'ESME_RMSGQFUL' }, 2_000],
    ['met a system error', { outcome: 'refused', status: 8, name: 'ESME_RSYSERR' }, 2_000],
    ['failed for now', { outcome: 'refused', status: 69, name: 'ESME_RSUBMITFAIL' }, 2_000],
  ])('a text that %s stays, and is sent again as the same', async (_what, outcome, waitMs) => {
    script = [outcome]
    await send()
    await worker.step()
    expect(await records()).toEqual([])
    expect(await jobs()).toMatchObject([
      { attempts: 1, due_at: BigInt(world.clock.now() + waitMs) },
    ])
    expect(await worker.step()).toBe(0)
    world.clock.advance(waitMs)
    await worker.step()
    expect(sent).toHaveLength(2)
    expect(sent[1]).toEqual(sent[0])
    expect(await records()).toMatchObject([{ state: 'accepted' }])
    expect(await jobs()).toEqual([])
    expect(warnings).toEqual([])
  })

  test('a text the gateway refuses for good is recorded as refused and not sent again', async () => {
    script = [{ outcome: 'refused', status: 11, name: 'ESME_RINVDSTADR' }]
    await send()
    await worker.step()
    expect(await records()).toMatchObject([{ state: 'refused' }])
    expect(await jobs()).toEqual([])
    expect(warnings).toEqual(['the gateway refused a text'])
  })

  test('a gateway away for hours loses nothing; after two days the text is given up', async () => {
    script = Array.from({ length: 60 }, () => ({ outcome: 'unsent', detail: 'not bound' }))
    await send()
    for (let hours = 0; hours < 47; hours += 1) {
      await worker.step()
      expect(await jobs()).toHaveLength(1)
      world.clock.advance(hour)
    }
    world.clock.advance(2 * hour)
    await worker.step()
    expect(await records()).toMatchObject([{ state: 'given_up' }])
    expect(await jobs()).toEqual([])
  })

  test('a code is sent and never kept', async () => {
    await send({
      id: 'T1c',
      merchant: { zh: '星游', en: 'Star Games' },
      goods: { zh: '点卡', en: 'Card' },
      amount: '1000',
      code: '135790',
      minutes: 10,
      tel: '400',
    })
    await worker.step()
    expect(sent[0]?.text).toContain('135790')
    const [record] = await records()
    expect(record?.text).not.toContain('135790')
    expect(record?.text).toContain('••••••')
  })

  test('a number of the sandbox is sent nothing, and its texts can be read whole', async () => {
    const number = '+8617000000001'
    await send(
      { id: 'sign_in_code', merchant: { zh: '星', en: 'S' }, code: '24680', minutes: 5 },
      number,
    )
    await worker.step()
    expect(sent).toEqual([])
    expect((await records(number))[0]?.text).toContain('24680')
  })
})
