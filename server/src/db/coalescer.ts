/**
 * Gathers the commands of concurrent callers into batches. There is no timer: whatever came while the
 * last batch was committing is the next one, so an idle system answers at once and a busy one does
 * much work per commit. One batch is in flight; more would only wait for each other's locks.
 *
 * A command may have a deadline. It is looked at when the command is taken up, and again before its
 * commit is sent: a batch with a command that came too late is rolled back and run without it. So
 * whoever is told `DeadlinePassed` knows that nothing was done and nothing will be.
 *
 * Commands must be idempotent by an id of their own: after a commit whose outcome is unknown the batch
 * is run again, and whatever was done answers as it did.
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { isOutage, isTransient } from './errors.ts'
import { createTwoLanes } from './two-lanes.ts'
import { OutcomeUnknown } from './tx.ts'

/** Too many commands wait already: answer 503, the caller may try again. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded'
}

/** The command's time passed before its commit was sent; it was not and will not be done. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed'
}

export interface CoalescerOptions<Command, Result> {
  /**
   * One result per command, in order. All of it happens, or it throws and none of it does. To keep
   * deadlines, call `mustBeInTime` as the last thing before the commit, and let pass what it throws.
   */
  readonly run: (
    commands: readonly Command[],
    mustBeInTime: () => void,
  ) => Promise<readonly Result[]>
  readonly now: () => number
  readonly batchMax?: number
  readonly queueMax?: number
  /** The share of the queue that only urgent commands may take. */
  readonly reserved?: number
}

export interface Urgency {
  /** The last instant at which the command may still be committed. */
  readonly deadline?: number
  /** Taken before the others, and into the places reserved for it. */
  readonly urgent?: boolean
}

export interface Coalescer<Command, Result> {
  submit(command: Command, urgency?: Urgency): Promise<Result>
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
  const { now, batchMax = 500, queueMax = 10_000, reserved = 0 } = options
  const queue = createTwoLanes<Entry<Command, Result>>({ max: queueMax, reserved })
  let pumping: Promise<void> | undefined
  let closed = false

  async function pump(): Promise<void> {
    // Callers whose requests arrived in the same turn of the event loop travel together.
    await nextTurn()
    while (queue.length > 0) await execute(options, inTime(queue.take(batchMax), now()))
    pumping = undefined
  }

  return {
    submit(command, { deadline = Number.POSITIVE_INFINITY, urgent = false } = {}) {
      if (closed) return Promise.reject(new Overloaded('closing'))
      return new Promise((resolve, reject) => {
        if (!queue.push({ command, deadline, resolve, reject }, urgent))
          return reject(new Overloaded(`${queue.length} commands wait`))
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

/** Turns away those that cannot be done by their deadline, and gives the others. */
function inTime<Command, Result>(entries: readonly Entry<Command, Result>[], at: number) {
  for (const entry of entries)
    if (entry.deadline < at) entry.reject(new DeadlinePassed('the command waited too long'))
  return entries.filter((entry) => entry.deadline >= at)
}

/** A command of the batch came too late to be committed: it leaves, and the others are run again. */
class SomeAreLate extends Error {
  override readonly name = 'SomeAreLate'
}

/** Settles every entry; never throws. */
async function execute<Command, Result>(
  options: CoalescerOptions<Command, Result>,
  entries: readonly Entry<Command, Result>[],
): Promise<void> {
  if (entries.length === 0) return
  const { run, now } = options
  const begunAt = now()
  const mustBeInTime = () => {
    const at = now()
    if (entries.some(({ deadline }) => deadline < at)) throw new SomeAreLate('rolled back')
  }
  try {
    const commands = entries.map((entry) => entry.command)
    const results = await persist((isKnown) => run(commands, isKnown ? mustBeInTime : () => {}))
    if (results.length !== entries.length)
      throw new Error(`${results.length} results for ${entries.length} commands`)
    void tell(entries, results)
  } catch (error) {
    if (error instanceof SomeAreLate) {
      // The next run takes as long as this one did: whom that is too long for is told so now.
      const at = now()
      return execute(options, inTime(entries, Math.max(at, 2 * at - begunAt)))
    }
    if (entries.length === 1 || isOutage(error) || isTransient(error)) {
      for (const entry of entries) entry.reject(error)
      return
    }
    // Something in here is poison: halving finds it, and everyone else gets an answer.
    const middle = Math.ceil(entries.length / 2)
    await execute(options, entries.slice(0, middle))
    await execute(options, entries.slice(middle))
  }
}

/** Of a batch so many at a time. */
const toldAtOnce = 16

/**
 * Answers a few, and then lets the next batch go on: the database has it in hand while those are told, instead of
 * waiting until all of them are. The length was compared, so every entry has its result.
 */
async function tell<Command, Result>(
  entries: readonly Entry<Command, Result>[],
  results: readonly Result[],
): Promise<void> {
  for (const [index, entry] of entries.entries()) {
    if (index % toldAtOnce === 0) await nextTurn()
    entry.resolve(results[index] as Result)
  }
}

/**
 * Runs again what a deadlock ended, and what nobody knows the end of. The run after
 * the latter finds out what became of the commands, so it keeps no deadline.
 */
async function persist<Value>(run: (isKnown: boolean) => Promise<Value>): Promise<Value> {
  let unknown: OutcomeUnknown | undefined
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run(unknown === undefined)
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
