/**
 * Writes jobs, always inside the transaction that makes them necessary. All of these send and do not
 * wait: they travel with the commit, which fails when they fail. What is due at once may be born
 * claimed (`takers.ts`).
 */
import { int8s, texts } from './array.ts'
import type { Job, NewJob } from './job.ts'
import type { Reader, Statement, Tx } from './tx.ts'

/** What names a job. */
export type JobKey = Pick<NewJob, 'bucket' | 'topic' | 'subject'>

/** Adds jobs that must not be there yet: messages, each under an id of its own. */
export function appendJobs(tx: Tx, jobs: readonly NewJob[]): void {
  if (jobs.length > 0) write(tx, statements.append, jobs)
}

/** Sets timers: a job that is there moves to its new time and payload and starts counting anew. */
export function armJobs(tx: Tx, jobs: readonly NewJob[]): void {
  if (jobs.length === 0) return
  // One statement may touch a row once: the last word on a job counts. Sorted, so that two batches
  // that arm the same jobs queue up instead of meeting in a deadlock.
  const latest = new Map(jobs.map((job) => [nameOf(job), job]))
  const sorted = [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, job]) => job)
  write(tx, statements.arm, sorted)
}

/** Takes jobs back, claimed or not; those that are not there are no mistake. */
export function cancelJobs(tx: Tx, keys: readonly JobKey[]): void {
  if (keys.length > 0) tx.write(statements.cancel, keysOf(keys))
}

/**
 * Ends claimed jobs in a transaction of the handler's own (outcome `settled`), so that effect and end
 * are one. A job whose lease ran out and that someone else has by now is left alone.
 */
export function settleJobs(tx: Tx, jobs: readonly Job[]): void {
  if (jobs.length > 0) tx.write(statements.settle, [...keysOf(jobs), ...claimsOf(jobs)])
}

export interface JobCount {
  readonly topic: string
  /** All that wait, the timers of later days too. */
  readonly waiting: number
  /** Those that should have been taken up by now. */
  readonly due: number
  /** How long the oldest of those has been due for the first time. */
  readonly overdueMs: number
  /** The most often tried one: high when something is stuck. */
  readonly attemptsMax: number
}

/** For health and metrics. A job that is being retried stays overdue since its first time. */
export async function jobCounts(reader: Reader, now: number): Promise<JobCount[]> {
  const rows = await reader.query<Record<'waiting' | 'due' | 'overdue', bigint> & JobCountRow>(
    statements.counts,
    [now],
  )
  return rows.map(({ topic, waiting, due, overdue, attempts_max }) => ({
    topic,
    waiting: Number(waiting),
    due: Number(due),
    overdueMs: Number(overdue),
    attemptsMax: attempts_max,
  }))
}

interface JobCountRow {
  readonly topic: string
  readonly attempts_max: number
}

type Listener = (dueAt: number) => void
const listeners = new Map<string, Set<Listener>>()

/** Calls back after this process committed a job of the topic; returns a function that stops it. */
export function onAppended(topic: string, listener: Listener): () => void {
  const ofTopic = listeners.get(topic) ?? new Set()
  listeners.set(topic, ofTopic.add(listener))
  return () => void ofTopic.delete(listener)
}

function write(tx: Tx, statement: Statement, jobs: readonly NewJob[]): void {
  const claims = jobs.map((job) => tx.takers.of(job.topic)?.claim(job))
  tx.write(statement, [
    ...keysOf(jobs),
    int8s(jobs.map((job, index) => claims[index]?.dueAt ?? job.dueAt)),
    int8s(jobs.map((job) => job.dueAt)),
    int8s(claims.map((claim) => claim?.attempts ?? 0)),
    JSON.stringify(jobs.map((job) => job.payload ?? null)),
  ])
  announce(tx, jobs, claims)
}

function announce(tx: Tx, jobs: readonly NewJob[], claims: readonly (Job | undefined)[]): void {
  const earliest = new Map<string, number>()
  const claimed = new Map<string, Job[]>()
  for (const [index, { topic, dueAt }] of jobs.entries()) {
    const claim = claims[index]
    if (!claim) earliest.set(topic, Math.min(dueAt, earliest.get(topic) ?? dueAt))
    else if (!claimed.get(topic)?.push(claim)) claimed.set(topic, [claim])
  }
  const takers = [...claimed].map(([topic, mine]) => ({ mine, taker: tx.takers.of(topic) }))
  tx.afterCommit(() => {
    for (const { mine, taker } of takers) taker?.take(mine)
    for (const [topic, dueAt] of earliest)
      for (const listener of listeners.get(topic) ?? []) listener(dueAt)
  })
}

const nameOf = ({ bucket, topic, subject }: JobKey) => JSON.stringify([bucket, topic, subject])

export const keysOf = (keys: readonly JobKey[]): string[] => [
  int8s(keys.map((key) => key.bucket)),
  texts(keys.map((key) => key.topic)),
  texts(keys.map((key) => key.subject)),
]

/** The lease is the claim: nobody else can have the same attempt until the same time. */
export const claimsOf = (jobs: readonly Job[]): string[] => [
  int8s(jobs.map((job) => job.attempts)),
  int8s(jobs.map((job) => job.dueAt)),
]

// One document for all payloads: as elements of an array each would have its quotes escaped, and be parsed alone.
const insert = `insert into job (bucket, topic, subject, due_at, first_due_at, attempts, payload)
  select * from rows from (
    unnest($1::int2[], $2::text[], $3::text[], $4::int8[], $5::int8[], $6::int4[]),
    jsonb_array_elements($7::jsonb)
  ) as u (bucket, topic, subject, due_at, first_due_at, attempts, payload)`

const statements = {
  append: { name: 'job.append', text: insert },
  arm: {
    name: 'job.arm',
    text: `${insert} on conflict (bucket, topic, subject) do update
      set due_at = excluded.due_at, first_due_at = excluded.first_due_at,
        attempts = excluded.attempts, payload = excluded.payload`,
  },
  cancel: {
    name: 'job.cancel',
    text: `delete from job using unnest($1::int2[], $2::text[], $3::text[]) as gone (bucket, topic, subject)
      where job.bucket = gone.bucket and job.topic = gone.topic and job.subject = gone.subject`,
  },
  settle: {
    name: 'job.settle',
    text: `delete from job
      using unnest($1::int2[], $2::text[], $3::text[], $4::int4[], $5::int8[])
        as done (bucket, topic, subject, attempts, due_at)
      where job.bucket = done.bucket and job.topic = done.topic and job.subject = done.subject
        and job.attempts = done.attempts and job.due_at = done.due_at`,
  },
  counts: {
    name: 'job.counts',
    text: `select topic, count(*) as waiting,
        count(*) filter (where first_due_at <= $1::int8) as due,
        coalesce($1::int8 - min(first_due_at) filter (where first_due_at <= $1::int8), 0) as overdue,
        max(attempts) as attempts_max
      from job group by topic order by topic`,
  },
}
