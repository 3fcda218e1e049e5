import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bothEngines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { manualClock } from '../kernel/index.ts'
import {
  appendJobs,
  armJobs,
  cancelJobs,
  createWorker,
  type Database,
  type Job,
  type JobOutcome,
  jobCounts,
  type NewJob,
  settleJobs,
  type Tx,
  type WorkerOptions,
} from './index.ts'

const done: JobOutcome = { kind: 'done' }

describe.each(bothEngines)('on %s', (engine) => {
  let made: TestDatabase
  let db: Database
  let clock: ReturnType<typeof manualClock>
  beforeAll(async () => {
    made = await testDatabase({ engine })
    db = made.db
  })
  beforeEach(async () => {
    clock = manualClock(1_000_000)
    await db.transact(async (tx) => tx.write('delete from job'))
  })
  afterAll(() => made?.close())

  const job = (subject: string, changes: Partial<NewJob> = {}): NewJob => ({
    ...{ bucket: 1, topic: 'test', subject, dueAt: clock.now(), payload: { subject } },
    ...changes,
  })
  const write = (work: (tx: Tx) => void) => db.transact(async (tx) => work(tx))
  const left = async () => {
    const rows = await db.query<{ subject: string; attempts: number; due_at: bigint }>(
      'select subject, attempts, due_at from job order by subject',
    )
    return rows.map((row) => [row.subject, row.attempts, Number(row.due_at) - 1_000_000])
  }

  /** A worker that moves only when told, and remembers what it was handed. */
  function worker(handler: WorkerOptions['handler'], options: Partial<WorkerOptions> = {}) {
    const errors: unknown[] = []
    const made = createWorker({
      ...{ db, clock, topic: 'test', handler, onError: (error) => errors.push(error) },
      ...{ concurrency: 0, leaseMs: 60_000, backoffMs: (attempts) => attempts * 1_000 },
      ...options,
    })
    return { ...made, errors }
  }
  const all =
    (outcome: JobOutcome, seen: Job[] = []): WorkerOptions['handler'] =>
    async (jobs) => {
      seen.push(...jobs)
      return jobs.map(() => outcome)
    }

  test('a job is handed over when it is due, with its payload, and is gone when done', async () => {
    const seen: Job[] = []
    const { step } = worker(all(done, seen))
    await write((tx) => appendJobs(tx, [job('later', { dueAt: clock.now() + 1 }), job('now')]))
    expect(await step()).toBe(1)
    expect(await step()).toBe(0)
    clock.advance(1)
    expect(await step()).toBe(1)
    expect(seen).toEqual(
      ['now', 'later'].map((subject, index) => ({
        ...{ bucket: 1, topic: 'test', subject, payload: { subject }, attempts: 1 },
        dueAt: 1_060_000 + index,
      })),
    )
    expect(await left()).toEqual([])
  })

  test('a worker sees its own topic only, the longest due first, at most a batch', async () => {
    const seen: Job[] = []
    const { step } = worker(all(done, seen), { batch: 2 })
    const [a, b, c] = [3, 2, 1].map((ago) => job(`due ${ago}`, { dueAt: clock.now() - ago }))
    await write((tx) => appendJobs(tx, [b, c, a, job('other', { topic: 'other' })] as NewJob[]))
    expect([await step(), await step(), await step()]).toEqual([2, 1, 0])
    expect(new Set(seen.slice(0, 2).map((one) => one.subject))).toEqual(new Set(['due 3', 'due 2']))
    expect(await left()).toEqual([['other', 0, 0]])
  })

  test('jobs of a transaction that failed are not there', async () => {
    const work = db.transact(async (tx) => {
      appendJobs(tx, [job('ghost')])
      throw new Error('no')
    })
    await expect(work).rejects.toThrow('no')
    expect(await left()).toEqual([])
  })

  test('a message under a used id fails the transaction', async () => {
    await write((tx) => appendJobs(tx, [job('a')]))
    await expect(write((tx) => appendJobs(tx, [job('a')]))).rejects.toMatchObject({ code: '23505' })
  })

  test('arming moves a timer, starts it anew, and takes the last word', async () => {
    const { step } = worker(all({ kind: 'again', dueAt: 0 }))
    await write((tx) => armJobs(tx, [job('a'), job('b')]))
    await step()
    expect(await left()).toEqual([
      ['a', 1, -1_000_000],
      ['b', 1, -1_000_000],
    ])
    await write((tx) => armJobs(tx, [job('a', { dueAt: 5 }), job('a', { dueAt: 1_000_009 })]))
    expect(await left()).toEqual([
      ['a', 0, 9],
      ['b', 1, -1_000_000],
    ])
  })

  test('cancelling takes back what is there', async () => {
    await write((tx) => appendJobs(tx, [job('a'), job('b'), job('c', { bucket: 2 })]))
    await write((tx) => cancelJobs(tx, [job('a'), job('c'), job('never')]))
    expect(await left()).toEqual([
      ['b', 0, 0],
      ['c', 0, 0],
    ])
  })

  test('again comes back at its time, with another attempt', async () => {
    const seen: Job[] = []
    const { step } = worker(all({ kind: 'again', dueAt: clock.now() + 5_000 }, seen))
    await write((tx) => appendJobs(tx, [job('a')]))
    await step()
    expect(await left()).toEqual([['a', 1, 5_000]])
    clock.advance(5_000)
    await step()
    expect(seen.map((one) => one.attempts)).toEqual([1, 2])
  })

  test('settled is the handler’s own: it ends or re-arms the job with its effect', async () => {
    const { step } = worker(async (jobs) => {
      await db.transact(async (tx) => {
        settleJobs(
          tx,
          jobs.filter((one) => one.subject === 'ends'),
        )
        armJobs(tx, [job('continues', { dueAt: clock.now() + 7 })])
      })
      return jobs.map(() => ({ kind: 'settled' }))
    })
    await write((tx) => appendJobs(tx, [job('ends'), job('continues')]))
    await step()
    expect(await left()).toEqual([['continues', 0, 7]])
  })

  test('a lease that ran out gives the job to another, and the first can no longer end it', async () => {
    const { step: second } = worker(all({ kind: 'again', dueAt: clock.now() + 300_000 }))
    const { step: first } = worker(async (jobs) => {
      clock.advance(60_001)
      await second()
      return jobs.map(() => done)
    })
    await write((tx) => appendJobs(tx, [job('a')]))
    await first()
    expect(await left()).toEqual([['a', 2, 300_000]])
  })

  test('a timer that was armed anew while its handler ran stays', async () => {
    const { step } = worker(async (jobs) => {
      await write((tx) => armJobs(tx, [job('a', { dueAt: clock.now() + 9 })]))
      return jobs.map(() => done)
    })
    await write((tx) => appendJobs(tx, [job('a')]))
    await step()
    expect(await left()).toEqual([['a', 0, 9]])
  })

  test('a worker that dies between claim and outcome loses nothing', async () => {
    let crash = () => {}
    const died = new Promise<readonly JobOutcome[]>((_, reject) => {
      crash = () => reject(new Error('late'))
    })
    const dying = worker(() => died)
    await write((tx) => appendJobs(tx, [job('a')]))
    const never = dying.step()
    const seen: Job[] = []
    const { step } = worker(all(done, seen))
    while ((await left())[0]?.[1] !== 1) await new Promise(setImmediate)
    expect(await step()).toBe(0)
    clock.advance(60_000)
    expect(await step()).toBe(1)
    expect(seen).toMatchObject([{ subject: 'a', attempts: 2 }])
    crash()
    await never
    expect(await left()).toEqual([])
  })

  test('a poison job is told of and postponed, its neighbours are done', async () => {
    const { step, errors } = worker(async (jobs) => {
      if (jobs.some((one) => one.subject === 'poison')) throw new Error('poison')
      return jobs.map(() => done)
    })
    await write((tx) => appendJobs(tx, [job('a'), job('poison'), job('z')]))
    await step()
    expect(await left()).toEqual([['poison', 1, 1_000]])
    expect(errors).toEqual([new Error('poison'), new Error('poison')])
  })

  test('an outage postpones all at once, and so do outcomes that do not match', async () => {
    let calls = 0
    const away = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
    const { step } = worker(async () => {
      calls += 1
      throw away
    })
    await write((tx) => appendJobs(tx, [job('a'), job('b')]))
    await step()
    expect(calls).toBe(1)
    clock.advance(1_000)
    const { step: other, errors } = worker(async () => [])
    await other()
    expect(await left()).toEqual([
      ['a', 2, 3_000],
      ['b', 2, 3_000],
    ])
    expect(errors).toHaveLength(3)
  })

  test('counts say what waits, what is late, since when, and what was tried most', async () => {
    await write((tx) =>
      appendJobs(tx, [job('a'), job('b'), job('tomorrow', { dueAt: clock.now() + 86_400_000 })]),
    )
    await worker(all({ kind: 'again', dueAt: clock.now() + 60_000 }), { batch: 1 }).step()
    clock.advance(30_000)
    expect(await jobCounts(db, clock.now())).toEqual([
      { topic: 'test', waiting: 3, due: 2, overdueMs: 30_000, attemptsMax: 1 },
    ])
  })

  test('a round that is finished is not late, and counts its tries anew', async () => {
    await write((tx) => appendJobs(tx, [job('daily')]))
    clock.advance(60_000)
    await worker(all({ kind: 'next', dueAt: clock.now() + 3_600_000 })).step()
    clock.advance(3_600_000)
    expect(await jobCounts(db, clock.now())).toEqual([
      { topic: 'test', waiting: 1, due: 1, overdueMs: 0, attemptsMax: 0 },
    ])
  })

  test('a running worker takes up a local job without waiting for its poll, and stops when told', async () => {
    let taken = () => {}
    const both = new Promise<void>((resolve) => {
      taken = resolve
    })
    const seen: string[] = []
    const running = createWorker({
      ...{ db, clock, topic: 'test', pollMs: 1_000_000, concurrency: 2 },
      onError: (error) => expect.unreachable(String(error)),
      async handler(jobs) {
        seen.push(...jobs.map((one) => one.subject))
        if (seen.length === 2) taken()
        return jobs.map(() => done)
      },
    })
    await write((tx) => appendJobs(tx, [job('first')]))
    while (seen.length === 0) await new Promise(setImmediate)
    await write((tx) => armJobs(tx, [job('second')]))
    await both
    await running.stop()
    await write((tx) => appendJobs(tx, [job('third')]))
    expect(await left()).toEqual([['third', 0, 0]])
  })

  test('workers side by side lose and double nothing', async () => {
    const subjects = Array.from({ length: 400 }, (_, index) => `job ${index}`)
    await write((tx) =>
      appendJobs(
        tx,
        subjects.map((subject) => job(subject)),
      ),
    )
    const seen: string[] = []
    const lanes = Array.from({ length: 8 }, async () => {
      const { step } = worker(
        async (jobs) => {
          seen.push(...jobs.map((one) => one.subject))
          return jobs.map(() => done)
        },
        { batch: 7 },
      )
      while ((await step()) > 0 || (await left()).length > 0) await new Promise(setImmediate)
    })
    await Promise.all(lanes)
    expect(seen.toSorted()).toEqual(subjects.toSorted())
  })
})
