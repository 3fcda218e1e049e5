/** Operations with their workers, and what banks tell by themselves. */
import { createWorker, eachJob, type Job, type JobOutcome, type Worker } from '../../db/index.ts'
import type { LateAnswer } from '../late-answer.ts'
import type { BankTotals, CutOver } from '../totals.ts'
import { createOperations } from './card-operations.ts'
import { createDayFiles } from './day-file.ts'
import { armFiles, fileTopic, operationTopic } from './jobs.ts'
import { createLateAnswers } from './late-answers.ts'
import type { CardOperations } from './operation.ts'
import type { OperationTools } from './tools.ts'

export interface CardOperationsModule extends CardOperations {
  /** What a bank's link hands on; the first two confirm to the bank when they end well. */
  onCutOver(bank: string, cutOver: CutOver): Promise<void>
  onTotals(bank: string, totals: BankTotals): Promise<void>
  onLate(bank: string, late: LateAnswer): Promise<void>
  start(banks: readonly string[]): Promise<void>
  /** Takes up one batch of each kind of what is due, and answers how much it was: for tests. */
  work(): Promise<number>
  kick(): void
  close(): Promise<void>
}

const filesEveryMs = 10 * 60_000
/** Until the message is on its way; from then on its own time counts. */
const leaseMs = 60_000

export function createCardOperations(tools: OperationTools): CardOperationsModule {
  const { db, clock, log } = tools
  const { carryOn, ...operations } = createOperations(tools)
  const files = createDayFiles(tools)
  const onLate = createLateAnswers(tools)
  let workers: Worker[] = []

  function createWorkers(running: boolean): Worker[] {
    const worker = (
      topic: string,
      handle: (job: Job) => Promise<JobOutcome>,
      { batch, concurrency }: { readonly batch: number; readonly concurrency: number },
    ) => {
      const onError = (error: unknown) => log.error({ err: error, topic }, 'a bank job failed')
      return createWorker({
        ...{ db, clock, topic, leaseMs, onError, batch, concurrency: running ? concurrency : 0 },
        handler: eachJob({ clock, handle, onError }),
      })
    }
    return [
      worker(
        operationTopic,
        async ({ subject }) => {
          // It arms or cancels the job itself, with what it writes.
          await carryOn(subject)
          return { kind: 'settled' }
        },
        // A batch waits for its slowest message; while one bank is silent, other lanes serve the rest.
        { batch: 16, concurrency: 4 },
      ),
      worker(
        fileTopic,
        async ({ subject }) => {
          await files.catchUp(subject)
          return { kind: 'next', dueAt: clock.now() + filesEveryMs }
        },
        { batch: 1, concurrency: 1 },
      ),
    ]
  }

  return {
    ...operations,
    onLate,
    onCutOver: files.onCutOver,
    onTotals: files.onTotals,
    async start(banks) {
      for (const bank of banks) await db.transact(async (tx) => armFiles(tx, bank, clock.now()))
      workers = createWorkers(true)
    },
    async work() {
      let worked = 0
      for (const worker of createWorkers(false)) worked += await worker.step()
      return worked
    },
    kick() {
      for (const worker of workers) worker.kick()
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.stop()))
    },
  }
}
