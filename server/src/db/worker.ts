/**
 * Takes up jobs of one topic as they fall due. Claiming is a transaction of its own that moves the due
 * time past the lease; then the handler runs, outside of any transaction; then the outcome is written.
 * A process that dies in between gives its jobs back by doing nothing. What is due is decided by the
 * injected clock, when to look by a real timer and by every local commit that added a due job. Jobs
 * that this process writes and that are due at once need no claiming (`takers.ts`, `inbox.ts`).
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../kernel/index.ts'
import { booleans, int8s } from './array.ts'
import { isOutage } from './errors.ts'
import { createInbox } from './inbox.ts'
import type { Job, JobOutcome } from './job.ts'
import { claimsOf, keysOf, onAppended, settleJobs } from './jobs.ts'
import type { Database } from './tx.ts'

export interface WorkerOptions {
  readonly db: Database
  readonly clock: Clock
  readonly topic: string
  /** One outcome per job, in order. Runs at least once per job: effects must be guarded. */
  readonly handler: (jobs: readonly Job[]) => Promise<readonly JobOutcome[]>
  /** Told of everything that went wrong; the jobs are tried again. */
  readonly onError: (error: unknown, jobs: readonly Job[]) => void
  /** How many jobs are handed over at once. */
  readonly batch?: number
  /** How many batches are worked on at once. */
  readonly concurrency?: number
  /** Must be longer than a batch takes: after it the jobs are given to somebody else. */
  readonly leaseMs?: number
  /** How long to wait after the given failed attempt, counted from 1. */
  readonly backoffMs?: (attempts: number) => number
  readonly pollMs?: number
  /** While false nothing is taken up: jobs that could not be done now are left to who can do them. */
  readonly isReady?: () => boolean
}

export interface Worker {
  /** Looks now instead of at the next poll. */
  kick(): void
  /** Takes up one batch if any is due, and answers how many jobs it was. */
  step(): Promise<number>
  /** Finishes what is begun and takes up nothing more. */
  stop(): Promise<void>
}

const defaultLeaseMs = 60_000

/** 1 s, 2 s, 4 s … at most 5 minutes. */
export const doubling = (attempts: number): number =>
  Math.min(1_000 * 2 ** (Math.min(attempts, 20) - 1), 300_000)

export function createWorker(options: WorkerOptions): Worker {
  const { clock, topic, onError, batch = 100, concurrency = 1, pollMs = 1_000 } = options
  const { leaseMs = defaultLeaseMs } = options
  const bell = createBell()
  const room = 2 * batch * concurrency
  const inbox = createInbox({ ...options, leaseMs, batch, pollMs, room, onTaken: bell.ring })
  let stopping = false

  const work = async (jobs: readonly Job[]) => {
    if (jobs.length > 0) await finish(options, jobs, await handle(options, jobs, () => stopping))
    return jobs.length
  }
  const step = async () => {
    if (options.isReady?.() === false) return 0
    const jobs = await claim(options, batch)
    inbox.searched(jobs.length === batch)
    return work(jobs)
  }
  /** Back to the table as if it had never been handed over. */
  const giveBack = (jobs: readonly Job[]) =>
    finish(
      options,
      jobs,
      jobs.map(() => ({ kind: 'next', dueAt: clock.now() })),
    )
  /** What was handed over; and now and then, or when there is nothing, what waits in the table. */
  const round = async () => {
    await giveBack(inbox.late())
    const handed = inbox.next()
    if (!inbox.isEmpty()) bell.ring()
    return handed.length > 0 ? work(handed) : step()
  }
  const lane = async () => {
    while (!stopping) {
      const taken = await round().catch((error: unknown) => {
        onError(error, [])
        return 0
      })
      // A full batch is a sign of more: then another lane is worth waking.
      if (taken === batch) bell.ring()
      else if (!stopping && inbox.isEmpty()) await bell.wait(pollMs)
    }
  }
  const forget = onAppended(topic, (dueAt) => {
    if (dueAt <= clock.now()) bell.ring()
  })
  const lanes = Array.from({ length: concurrency }, lane)
  const leave = concurrency > 0 ? options.db.takers.add(topic, inbox) : undefined
  return {
    kick: () => bell.ring(),
    step,
    async stop() {
      stopping = true
      leave?.()
      forget()
      bell.ringAll()
      await Promise.all(lanes)
      await giveBack(inbox.rest())
    },
  }
}

async function claim(options: WorkerOptions, batch: number) {
  const { db, clock, topic, leaseMs = defaultLeaseMs } = options
  const now = clock.now()
  const rows = await db.transact((tx) =>
    tx.query<Record<'due_at', bigint> & Job>(statements.claim, [topic, now, now + leaseMs, batch]),
  )
  return rows.map(
    ({ bucket, subject, due_at, attempts, payload }): Job => ({
      bucket,
      topic,
      subject,
      dueAt: Number(due_at),
      attempts,
      payload,
    }),
  )
}

/** When a batch throws, its jobs are tried one by one, so that the one to blame keeps nobody waiting. */
async function handle(
  options: WorkerOptions,
  jobs: readonly Job[],
  isStopping: () => boolean,
): Promise<readonly JobOutcome[]> {
  const again = (job: Job): JobOutcome => ({
    kind: 'again',
    dueAt: options.clock.now() + (options.backoffMs ?? doubling)(job.attempts),
  })
  try {
    const outcomes = await options.handler(jobs)
    if (outcomes.length !== jobs.length)
      throw new Error(`${options.topic}: ${outcomes.length} outcomes for ${jobs.length} jobs`)
    return outcomes
  } catch (error) {
    options.onError(error, jobs)
    if (jobs.length === 1 || isOutage(error)) return jobs.map(again)
  }
  const outcomes: JobOutcome[] = []
  for (const job of jobs)
    outcomes.push(...(isStopping() ? [again(job)] : await handle(options, [job], isStopping)))
  return outcomes
}

/** Jobs whose outcome cannot be written come back when their lease ends. */
async function finish(
  { db, onError }: WorkerOptions,
  jobs: readonly Job[],
  outcomes: readonly JobOutcome[],
): Promise<void> {
  const done = jobs.filter((_, index) => outcomes[index]?.kind === 'done')
  const later = jobs.flatMap((job, index) => {
    const outcome = outcomes[index]
    if (outcome?.kind !== 'again' && outcome?.kind !== 'next') return []
    return [{ job, dueAt: outcome.dueAt, isNext: outcome.kind === 'next' }]
  })
  if (done.length + later.length === 0) return
  const postponed = later.map(({ job }) => job)
  try {
    await db.transact(async (tx) => {
      settleJobs(tx, done)
      if (later.length > 0)
        tx.write(statements.postpone, [
          ...keysOf(postponed),
          ...claimsOf(postponed),
          int8s(later.map(({ dueAt }) => dueAt)),
          booleans(later.map(({ isNext }) => isNext)),
        ])
    })
  } catch (error) {
    onError(error, jobs)
  }
}

/**
 * Wakes one of those who wait, or lets the next one pass: what one claim can take needs no other lanes
 * that claim in vain.
 */
function createBell() {
  const waiting = new Set<AbortController>()
  let rung = false
  return {
    ring() {
      const [next] = waiting
      if (!next) {
        rung = true
        return
      }
      waiting.delete(next)
      next.abort()
    },
    ringAll() {
      for (const one of waiting) one.abort()
      rung = true
    },
    async wait(ms: number): Promise<void> {
      if (rung) {
        rung = false
        return
      }
      const end = new AbortController()
      waiting.add(end)
      await sleep(ms, undefined, { signal: end.signal }).catch(() => undefined)
      waiting.delete(end)
    },
  }
}

const statements = {
  // The rows are chosen in a materialized step: as a subquery the planner may choose them twice.
  claim: {
    name: 'job.claim',
    text: `with chosen as materialized (
        select bucket, topic, subject from job
        where topic = $1 and due_at <= $2::int8
        order by due_at limit $4::int
        for update skip locked
      )
      update job set due_at = $3::int8, attempts = attempts + 1
      from chosen
      where job.bucket = chosen.bucket and job.topic = chosen.topic and job.subject = chosen.subject
      returning job.bucket, job.subject, job.due_at, job.attempts, job.payload`,
  },
  postpone: {
    name: 'job.postpone',
    text: `update job set due_at = again.next_at,
        first_due_at = case when again.is_next then again.next_at else job.first_due_at end,
        attempts = case when again.is_next then 0 else job.attempts end
      from unnest($1::int2[], $2::text[], $3::text[], $4::int4[], $5::int8[], $6::int8[], $7::bool[])
        as again (bucket, topic, subject, attempts, due_at, next_at, is_next)
      where job.bucket = again.bucket and job.topic = again.topic and job.subject = again.subject
        and job.attempts = again.attempts and job.due_at = again.due_at`,
  },
}
