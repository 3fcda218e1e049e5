import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines, type TestDatabase, testDatabase } from '../../../../test/database.ts'
import {
  answering,
  type SimulatedMerchant,
  simulatedMerchant,
} from '../../../test/simulated-merchant.ts'
import type { Database, Worker } from '../../db/index.ts'
import { createFieldCipher, createIds, manualClock, Secret } from '../../kernel/index.ts'
import { createHttpClient, type HttpClient } from '../http-client/index.ts'
import { readNotice } from './notice-store.ts'
import { createNoticeWorker, type Notice, recordNotices } from './notices.ts'

const ids = createIds()
const cipher = createFieldCipher(new Secret('a-field-key-of-at-least-32-characters'), ids)
const soon = { timeout: 25_000, interval: 20 }

describe.each(engines)('notices on %s', (engine) => {
  let made: TestDatabase
  let db: Database
  let sink: SimulatedMerchant
  let client: HttpClient
  let worker: Worker
  const clock = manualClock(Date.UTC(2026, 10, 23, 4))
  const errors: unknown[] = []

  beforeAll(async () => {
    made = await testDatabase({ engine })
    db = made.db
    sink = await simulatedMerchant()
    client = createHttpClient({ allowPrivate: [sink.place] })
    const onError = (error: unknown) => void errors.push(error)
    worker = createNoticeWorker({ db, clock, client, cipher, onError, pollMs: 10 })
  })
  afterAll(async () => {
    await worker?.stop()
    await client?.close()
    await sink?.close()
    await made?.close()
    expect(errors).toEqual([])
  })

  let count = 0
  const notice = (changes: Partial<Notice> = {}): Notice => {
    count += 1
    return {
      bucket: 7,
      id: `notice-${count}`,
      url: `${sink.origin}/sink`,
      headers: {
        'content-type': 'application/cloudevents+json',
        authorization: new Secret('Bearer canary'),
      },
      body: '{"specversion":"1.0"}',
      ...changes,
    }
  }
  const record = (...notices: readonly Notice[]) =>
    db.transact(async (tx) => recordNotices(tx, notices, { cipher, now: clock.now() }))
  const stands = (of: Notice, expected: object) =>
    expect.poll(async () => await readNotice(db, of), soon).toMatchObject(expected)

  test('a notice arrives once with its headers, which are sealed at rest', async () => {
    const one = notice()
    await record(one)
    await record(one)
    await stands(one, { state: 'delivered', attempts: 1, lastStatus: 200 })
    expect(sink.told).toMatchObject([
      {
        path: '/sink',
        body: one.body,
        headers: { authorization: 'Bearer canary', 'content-type': 'application/cloudevents+json' },
      },
    ])
    const kept = await readNotice(db, one)
    expect(JSON.stringify(kept)).not.toContain('canary')
    await expect
      .poll(async () => await db.query(`select 1 from job where topic = 'notice.deliver'`), soon)
      .toEqual([])
  })

  test.each([
    [204, { state: 'delivered' }],
    [410, { state: 'dead', lastError: 'answered 410' }],
  ])('after %i it stands so: %o', async (status, expected) => {
    sink.script.push(answering(status))
    const one = notice()
    await record(one)
    await stands(one, { ...expected, attempts: 1 })
  })

  test('it is tried again until its token has expired, and then no more', async () => {
    sink.script.push(answering(500), answering(500))
    const one = notice({ goodUntil: clock.now() + 20_000 })
    await record(one)
    await stands(one, { state: 'pending', attempts: 1 })
    clock.advance(15_000)
    await stands(one, { state: 'pending', attempts: 2 })
    clock.advance(15_000)
    await stands(one, { state: 'dead', attempts: 2, lastError: 'token_expired' })
  })

  test('an address inside is never asked', async () => {
    const one = notice({ url: 'https://169.254.169.254/sink' })
    await record(one)
    await stands(one, { state: 'pending', lastError: 'address_refused', lastStatus: null })
  })
})
