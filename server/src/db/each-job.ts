/** Handles the jobs of a batch side by side; one that throws is tried again without its neighbours. */
import type { Clock } from '../kernel/index.ts'
import type { Job, JobOutcome } from './job.ts'
import { doubling, type WorkerOptions } from './worker.ts'

export function eachJob(options: {
  readonly clock: Clock
  readonly handle: (job: Job) => Promise<JobOutcome>
  readonly onError: WorkerOptions['onError']
}): WorkerOptions['handler'] {
  const { clock, handle, onError } = options
  const one = async (job: Job): Promise<JobOutcome> => {
    try {
      return await handle(job)
    } catch (error) {
      onError(error, [job])
      return { kind: 'again', dueAt: clock.now() + doubling(job.attempts) }
    }
  }
  return (jobs) => Promise.all(jobs.map(one))
}
