/**
 * Gathers the commands of concurrent callers into batches. There is no timer: whatever came while the
 * last batch was committing is the next one, so an idle system answers at once and a busy one does
 * much work per commit. One batch is in flight; more would only wait for each other's locks.
 *
 * Commands must be idempotent by an id of their own: after a commit whose outcome is unknown the batch
 * is run again, and whatever was done answers as it did.
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { isOutage, isTransient } from './errors.ts'
import { OutcomeUnknown } from './tx.ts'

/** Too many commands wait already: answer 503, the caller may try again. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded'
}

/** The command's time passed while it waited; it was not and will not be run. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed'
}

export interface CoalescerOptions<Command, Result> {
  /** One result per command, in order. All of it happens, or it throws and none of it does. */
  readonly run: (commands: readonly Command[]) => Promise<readonly Result[]>
  readonly now: () => number
  readonly batchMax?: number
  readonly queueMax?: number
}

export interface Coalescer<Command, Result> {
  /** `deadline` is the last instant at which the command may still be taken up. */
  submit(command: Command, deadline?: number): Promise<Result>
  /** How many commands wait to be taken up. */
  readonly waiting: number
  /** Refuses new commands and finishes the others. */
  close(): Promise<void>
}

interface Entry<Command, Result> {
  readonly command: Command
  readonly deadline: number
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/** A batch that met a deadlock or a lock time-out is run again this often. */
const retries = 3

export function createCoalescer<Command, Result>(
  options: CoalescerOptions<Command, Result>,
): Coalescer<Command, Result> {
  const { now, batchMax = 500, queueMax = 10_000 } = options
  const queue: Entry<Command, Result>[] = []
  let pumping: Promise<void> | undefined
  let closed = false

  async function pump(): Promise<void> {
    // Callers whose requests arrived in the same turn of the event loop travel together.
    await nextTurn()
    while (queue.length > 0) {
      const at = now()
      const entries = queue.splice(0, batchMax)
      for (const entry of entries)
        if (entry.deadline < at) entry.reject(new DeadlinePassed('the command waited too long'))
      await execute(
        options.run,
        entries.filter((entry) => entry.deadline >= at),
      )
    }
    pumping = undefined
  }

  return {
    submit(command, deadline = Number.POSITIVE_INFINITY) {
      if (closed || queue.length >= queueMax)
        return Promise.reject(new Overloaded(closed ? 'closing' : `${queue.length} commands wait`))
      return new Promise((resolve, reject) => {
        queue.push({ command, deadline, resolve, reject })
        pumping ??= pump()
      })
    },
    get waiting() {
      return queue.length
    },
    async close() {
      closed = true
      await pumping
    },
  }
}

/** Settles every entry; never throws. */
async function execute<Command, Result>(
  run: CoalescerOptions<Command, Result>['run'],
  entries: readonly Entry<Command, Result>[],
): Promise<void> {
  if (entries.length === 0) return
  try {
    const results = await persist(() => run(entries.map((entry) => entry.command)))
    if (results.length !== entries.length)
      throw new Error(`${results.length} results for ${entries.length} commands`)
    // The length was just compared, so every entry has its result.
    for (const [index, entry] of entries.entries()) entry.resolve(results[index] as Result)
  } catch (error) {
    if (entries.length === 1 || isOutage(error) || isTransient(error)) {
      for (const entry of entries) entry.reject(error)
      return
    }
    // Something in here is poison: halving finds it, and everyone else gets an answer.
    const middle = Math.ceil(entries.length / 2)
    await execute(run, entries.slice(0, middle))
    await execute(run, entries.slice(middle))
  }
}

async function persist<Value>(run: () => Promise<Value>): Promise<Value> {
  let unknown: OutcomeUnknown | undefined
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run()
    } catch (error) {
      // The second answer tells what became of the first; without one it stays unknown, whatever else.
      if (unknown && !isTransient(error)) throw unknown
      if (error instanceof OutcomeUnknown) unknown = error
      else if (!isTransient(error)) throw error
      if (attempt > retries) throw unknown ?? error
      await sleep(attempt * 10)
    }
  }
}
