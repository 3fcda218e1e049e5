/** Jobs that are born claimed: handed over once committed, and never lost when they are not. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bothEngines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { manualClock } from '../kernel/index.ts'
import { createInbox } from './inbox.ts'
import { appendJobs, armJobs, createWorker, type NewJob, type Worker } from './index.ts'

const leaseMs = 60_000
const newJob = (subject: string, dueAt: number): NewJob => ({
  ...{ bucket: 1, topic: 'test', subject, dueAt },
  payload: { subject },
})

describe('an inbox', () => {
  const clock = manualClock(1_000_000)
  let isReady = true
  const open = () => {
    const inbox = createInbox({
      ...{ clock, leaseMs, room: 3, pollMs: 1_000, batch: 2 },
      isReady: () => isReady,
      onTaken: () => {},
    })
    expect(inbox.next()).toEqual([])
    inbox.searched(false)
    return inbox
  }
  const claimed = (inbox: ReturnType<typeof open>, count: number) =>
    Array.from({ length: count }, (_, n) => inbox.claim(newJob(`${n}`, clock.now()))).flatMap(
      (job) => job ?? [],
    )
  const subjects = (jobs: readonly NewJob[]) => jobs.map(({ subject }) => subject)

  test('claims what is due, with a lease and as its first try', () => {
    const inbox = open()
    expect(inbox.claim(newJob('now', clock.now()))).toEqual({
      ...newJob('now', clock.now() + leaseMs),
      attempts: 1,
    })
    expect(inbox.claim(newJob('later', clock.now() + 1))).toBeUndefined()
  })

  test('hands out batches, in order', () => {
    const inbox = open()
    inbox.take(claimed(inbox, 3))
    expect(subjects(inbox.next())).toEqual(['0', '1'])
    expect(subjects(inbox.next())).toEqual(['2'])
    expect(inbox.isEmpty()).toBe(true)
  })

  test('leaves to the table what it has no room for, and everything while older jobs wait there', () => {
    const inbox = open()
    inbox.take(claimed(inbox, 3))
    expect(claimed(inbox, 1)).toEqual([])
    inbox.next()
    expect(claimed(inbox, 1)).toHaveLength(1)
    inbox.searched(true)
    expect(claimed(inbox, 1)).toEqual([])
  })

  test('leaves it to others while its worker is not ready', () => {
    const inbox = open()
    isReady = false
    expect(claimed(inbox, 1)).toEqual([])
    isReady = true
  })

  test('sends its worker to the table now and then, also when the clock was set back', () => {
    const inbox = open()
    inbox.take(claimed(inbox, 3))
    clock.advance(1_000)
    expect(inbox.next()).toEqual([])
    expect(inbox.next()).toHaveLength(2)
    clock.advance(-10_000)
    expect(inbox.next()).toEqual([])
    expect(inbox.next()).toHaveLength(1)
  })

  test('gives up what has waited so long that somebody else may soon have it', () => {
    const inbox = open()
    inbox.take(claimed(inbox, 2))
    clock.advance(leaseMs / 2 - 1)
    inbox.take(claimed(inbox, 1))
    expect(inbox.late()).toEqual([])
    clock.advance(1)
    expect(inbox.late()).toHaveLength(2)
    expect([...inbox.next(), ...inbox.next()]).toHaveLength(1)
  })
})

describe.each(bothEngines)('on %s', (engine) => {
  let made: TestDatabase
  let clock: ReturnType<typeof manualClock>
  let seen: string[]
  /** Holds the worker back while a promise is set. */
  let gate: Promise<void> | undefined
  beforeAll(async () => {
    made = await testDatabase({ engine })
  })
  beforeEach(async () => {
    clock = manualClock(1_000_000)
    seen = []
    gate = undefined
    await made.db.transact(async (tx) => tx.write('delete from job'))
  })
  afterAll(() => made?.close())

  const turn = () => new Promise(setImmediate)
  const left = () =>
    made.db.query<{ subject: string; attempts: number; due_at: bigint; first_due_at: bigint }>(
      'select subject, attempts, due_at, first_due_at from job order by subject',
    )
  /** A worker that has searched the table and found nothing. */
  async function running(): Promise<Worker> {
    const worker = createWorker({
      ...{ db: made.db, clock, topic: 'test', leaseMs, pollMs: 1_000_000, batch: 1 },
      async handler(jobs) {
        await gate
        seen.push(...jobs.map(({ subject }) => subject))
        return jobs.map(() => ({ kind: 'done' }))
      },
      onError: (error) => expect.unreachable(String(error)),
    })
    while (!made.db.takers.of('test')?.claim(newJob('probe', clock.now()))) await turn()
    return worker
  }
  const append = (...jobs: NewJob[]) => made.db.transact(async (tx) => appendJobs(tx, jobs))
  const until = async (isSo: () => Promise<boolean> | boolean) => {
    while (!(await isSo())) await turn()
  }
  const isGone = async () => (await left()).length === 0

  test('what is due is written as claimed, done and gone, without a search', async () => {
    const worker = await running()
    let release = () => {}
    gate = new Promise((resolve) => {
      release = resolve
    })
    await append(newJob('a', clock.now()))
    expect(await left()).toEqual([
      { subject: 'a', attempts: 1, due_at: 1_060_000n, first_due_at: 1_000_000n },
    ])
    release()
    await until(isGone)
    expect(seen).toEqual(['a'])
    await worker.stop()
  })

  test('a timer that is set to now is handed over like a message', async () => {
    const worker = await running()
    await append(newJob('a', clock.now() + 5_000))
    await made.db.transact(async (tx) => armJobs(tx, [newJob('a', clock.now())]))
    await until(isGone)
    expect(seen).toEqual(['a'])
    await worker.stop()
  })

  test('what is not committed is handed to nobody', async () => {
    const worker = await running()
    const failing = made.db.transact(async (tx) => {
      appendJobs(tx, [newJob('a', clock.now())])
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await append(newJob('b', clock.now()))
    await until(isGone)
    expect(seen).toEqual(['b'])
    await worker.stop()
  })

  test('a worker that stops gives back what it has not begun, due at once and never tried', async () => {
    const worker = await running()
    let release = () => {}
    gate = new Promise((resolve) => {
      release = resolve
    })
    await append(...['a', 'b', 'c'].map((subject) => newJob(subject, clock.now())))
    await turn()
    const stopped = worker.stop()
    release()
    await stopped
    expect(seen).toEqual(['a'])
    expect(await left()).toEqual(
      ['b', 'c'].map((subject) => ({
        ...{ subject, attempts: 0, due_at: 1_000_000n, first_due_at: 1_000_000n },
      })),
    )
  })

  test('a worker that is held up gives back what it cannot do in time', async () => {
    const worker = await running()
    let release = () => {}
    gate = new Promise((resolve) => {
      release = resolve
    })
    await append(...['a', 'b'].map((subject) => newJob(subject, clock.now())))
    await turn()
    clock.advance(leaseMs / 2)
    gate = undefined
    release()
    await until(isGone)
    expect(seen).toEqual(['a', 'b'])
    await worker.stop()
  })

  test('a process that dies gives its jobs back when their lease ends', async () => {
    const dead = { claim: (job: NewJob) => ({ ...job, dueAt: job.dueAt + leaseMs, attempts: 1 }) }
    const leave = made.db.takers.add('test', { ...dead, take: () => {} })
    await append(newJob('a', clock.now()))
    leave()
    const heir = createWorker({
      ...{ db: made.db, clock, topic: 'test', leaseMs, concurrency: 0 },
      handler: async (jobs) => jobs.map(() => ({ kind: 'done' })),
      onError: (error) => expect.unreachable(String(error)),
    })
    expect(await heir.step()).toBe(0)
    clock.advance(leaseMs)
    expect(await heir.step()).toBe(1)
    expect(await left()).toEqual([])
  })
})
