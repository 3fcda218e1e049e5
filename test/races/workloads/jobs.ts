/**
 * Two processes at one job table. While a lease stands nobody else has the job; a lease that ran out
 * under a worker gives the job to another, and the late one changes nothing; what was left to do is
 * done, and its effect is there once.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  appendJobs,
  createWorker,
  type Job,
  type JobOutcome,
  type NewJob,
} from '../../../server/src/db/index.ts'
import { invariant } from '../../../server/src/ledger/index.ts'
import { instead, noNumberLock } from '../broken.ts'
import type { Stage } from '../stage.ts'
import type { Workload } from '../workload.ts'
import { orderOf, prepare, stateOf } from './purchase.ts'

const topic = 'race.job'
const leaseMs = 45_000
const each = 10

const oneCharge = invariant(
  'race_one_receipt',
  'Whatever was charged was charged once, and its customer was told once.',
  `select format('payment %s was charged %s times', payment_id, count(*)) as example
    from payment_event where type = 'charged' group by payment_id having count(*) > 1
   union all
   select format('%s receipts of payment %s', count(*), payload->>'paymentId')
    from job where topic = 'sms.send' and payload->'notice'->>'id' = 'T2'
    group by payload->>'paymentId' having count(*) > 1`,
)
const noneLost = invariant(
  'race_jobs_are_done',
  'No job is left: neither forgotten nor given up.',
  `select format('%s of %s is left', topic, subject) as example from job where topic = '${topic}'`,
)

type Handler = (job: Job, worker: number) => Promise<JobOutcome>

/** Four workers of two processes, each taking up one batch. */
const stepAll = (stage: Stage, handle: Handler, workers = 4) =>
  Promise.all(
    Array.from({ length: workers }, async (_, n) => {
      const worker = createWorker({
        db: stage.caller(n),
        clock: stage.clock,
        topic,
        leaseMs,
        batch: 4,
        concurrency: 0,
        handler: (jobs) => Promise.all(jobs.map((job) => handle(job, n))),
        onError: (error) => stage.complain(`a worker failed: ${error}`),
      })
      const taken = await worker.step()
      await worker.stop()
      return taken
    }),
  )

async function append(stage: Stage, round: number): Promise<readonly string[]> {
  const jobs = Array.from({ length: each }, (_, i): NewJob => {
    const dueAt = stage.clock.now()
    return { bucket: i, topic, subject: `${round}-${i}`, dueAt, payload: null }
  })
  await stage.db.transact(async (tx) => appendJobs(tx, jobs))
  return jobs.map(({ subject }) => subject)
}

/** Every job is done once while its lease stands. */
async function sideBySide(stage: Stage, round: number): Promise<number> {
  const subjects = await append(stage, round)
  const runs = new Map<string, number>()
  const handle: Handler = async ({ subject }) => {
    runs.set(subject, (runs.get(subject) ?? 0) + 1)
    await sleep(stage.random.below(4))
    return { kind: 'done' }
  }
  let attempts = 0
  for (let step = 0; step < 10; step += 1) {
    const taken = (await stepAll(stage, handle)).reduce((sum, count) => sum + count, 0)
    attempts += taken
    if (taken === 0) break
  }
  for (const subject of subjects)
    if (runs.get(subject) !== 1) stage.complain(`job ${subject} ran ${runs.get(subject)} times`)
  return attempts
}

/** A worker hangs; its lease runs out; who has the job then puts it off; the late one says "done". */
async function overtaken(stage: Stage, round: number): Promise<number> {
  const subjects = await append(stage, round)
  const gate = createGate()
  let hanging = 0
  const late = stepAll(stage, async () => {
    hanging += 1
    await gate.opened
    return { kind: 'done' }
  })
  await until(() => hanging >= each)
  stage.clock.advance(leaseMs + 1)
  const dueAt = stage.clock.now() + 3_600_000
  const putOff = new Set<string>()
  await stepAll(stage, async ({ subject }) => {
    putOff.add(subject)
    return { kind: 'again', dueAt }
  })
  gate.open()
  await late
  stage.clock.set(dueAt)
  const done = new Set<string>()
  await stepAll(stage, async ({ subject }) => {
    done.add(subject)
    return { kind: 'done' }
  })
  for (const subject of subjects)
    if (!putOff.has(subject) || !done.has(subject))
      stage.complain(`job ${subject} was ended by a worker whose lease had run out`)
  return 3 * each
}

/**
 * Two trips to the carrier for one payment, because the first took longer than its lease. One payment
 * at a time: a batch of several that failed would be run again in halves, and be right.
 */
async function twoTrips(stage: Stage): Promise<number> {
  const order = orderOf(await stage.newNumber())
  await prepare(stage, order)
  const gate = createGate()
  let waiting = 0
  stage.pace.wait = () => {
    waiting += 1
    return gate.opened
  }
  const left = stage.left.payments.work()
  await until(() => waiting === 1)
  stage.clock.advance(leaseMs + 1)
  const right = stage.right.payments.work()
  await until(() => waiting === 2)
  delete stage.pace.wait
  gate.open()
  await Promise.all([left, right])
  await stage.settle()
  for (const error of stage.errors.splice(0)) stage.complain(`a job failed: ${error}`)
  const { paymentId } = order.order
  stage.acknowledged.add({ kind: 'payment', id: paymentId })
  const { state } = await stateOf(stage, paymentId)
  if (state !== 'delivering') stage.complain(`a payment is ${state} after its trips`)
  return 2
}

function createGate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

async function until(isSo: () => boolean): Promise<void> {
  for (let wait = 0; wait < 2_000 && !isSo(); wait += 1) await sleep(5)
  if (!isSo()) throw new Error('nobody begins')
}

/** Whatever the names of the tables in it: the conditions that make a claim one's own. */
const claimGuard =
  / and job\.attempts = (done|again)\.attempts and job\.due_at = (done|again)\.due_at/g

export const jobs: Workload = {
  name: 'jobs',
  proves: 'a job is one worker’s while its lease stands, is never lost, and has its effect once',
  callers: 8,
  attempts: 4_000,
  mutants: [
    {
      name: 'no-lease',
      lacks: 'the lease: a claim does not move the due time',
      spoil: instead(
        'job.claim',
        'set due_at = $3::int8',
        'set due_at = job.due_at + 0 * $3::int8',
      ),
    },
    {
      name: 'no-skip-locked',
      lacks: 'the lock of the rows that are being claimed',
      spoil: instead('job.claim', 'for update skip locked', ''),
    },
    {
      name: 'no-claim-guard',
      lacks: 'the question whether the job is still one’s own',
      spoil: ({ text }) =>
        text.replace(/\s+and job\.attempts/, ' and job.attempts').replace(claimGuard, ''),
    },
    noNumberLock,
  ],
  open: async (stage) => ({
    rules: [oneCharge, noneLost],
    round: (n) =>
      n % 3 === 0 ? twoTrips(stage) : n % 3 === 1 ? sideBySide(stage, n) : overtaken(stage, n),
  }),
}
