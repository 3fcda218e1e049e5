/** The workers of the wallet: they go to the bank for what is due. */
import {
  createWorker,
  type Database,
  eachJob,
  type Job,
  type JobOutcome,
  type Log,
  type Worker,
} from '../db/index.ts'
import type { Clock, Secret } from '../kernel/index.ts'
import { queryDelay } from '../payments/index.ts'
import type { Answered, BankOutcome } from './decide/answer.ts'
import { tripFor, tripToUndo } from './drive.ts'
import type { WalletOperations } from './ports.ts'
import type { KeptMovement } from './rows.ts'
import { movementsByIds } from './store.ts'
import { topics } from './topics.ts'

export interface WorkersOptions {
  readonly db: Database
  readonly clock: Clock
  readonly operations: WalletOperations
  readonly log: Log
}

export interface Lane {
  /** What the bank said is written down, as long as it takes. */
  readonly answered: (answer: {
    readonly movement: KeptMovement
    readonly outcome: BankOutcome
    readonly attempt: number
  }) => Promise<Answered | null>
  readonly openPin: (movement: KeptMovement) => Secret | undefined
  readonly openPayee: (movement: KeptMovement) => Secret | undefined
}

/**
 * A trip is one card operation, which may be two messages with a reversal between them: the lease is longer.
 * Two trips at once do no harm, for the operation is one.
 */
const leaseMs = 120_000
/** A batch waits for its slowest trip; while one bank is slow, other lanes serve the rest. */
const lanes = { batch: 32, concurrency: 4 }

export function createWorkers(options: WorkersOptions, lane: Lane, running = true): Worker[] {
  const { db, clock, operations, log } = options
  const worker = (topic: string, handle: (job: Job) => Promise<JobOutcome>) => {
    const onError = (error: unknown) => log.error({ err: error, topic }, 'a wallet job failed')
    const handler = eachJob({ clock, handle, onError })
    const concurrency = running ? lanes.concurrency : 0
    return createWorker({
      ...{ db, clock, topic, leaseMs, onError, handler, batch: lanes.batch, concurrency },
    })
  }
  const movementOf = async ({ subject }: Job) => (await movementsByIds(db, [subject]))[0]
  return [
    worker(topics.drive, async (job) => {
      const movement = await movementOf(job)
      if (!movement) return { kind: 'done' }
      const secrets = { pin: lane.openPin(movement), payee: lane.openPayee(movement) }
      const outcome = await tripFor(operations, movement, secrets)
      if (outcome === null) return { kind: 'done' }
      const answer = await lane.answered({ movement, outcome, attempt: job.attempts })
      if (answer?.isContradiction)
        log.error({ movement: movement.id, outcome: outcome.kind }, 'a bank contradicts itself')
      const dueAt = answer?.askAgainAt ?? null
      return dueAt === null ? { kind: 'settled' } : { kind: 'again', dueAt }
    }),
    worker(topics.undo, async (job) => {
      if (await tripToUndo(operations, job.subject)) return { kind: 'done' }
      return { kind: 'again', dueAt: clock.now() + queryDelay(job.attempts) }
    }),
  ]
}
