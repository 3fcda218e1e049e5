/** Keeps the times: what falls due goes into the lane, which ends or moves its timer itself. */
import {
  createWorker,
  type Database,
  eachJob,
  type Job,
  type Log,
  type Worker,
} from '../db/index.ts'
import type { Clock } from '../kernel/index.ts'
import type { Lane } from './lane.ts'
import { keptIn } from './sharing.ts'
import { type Noun, type Timer, topics } from './topics.ts'
import type { Transfers } from './transfers.ts'

export interface WorkersOptions {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
}

const leaseMs = 60_000
/** Those of one moment share a batch of the lane. */
const batch = 200

export function createWorkers(
  { db, clock, log }: WorkersOptions,
  { run, split }: Pick<Lane, 'run'> & Pick<Transfers, 'split'>,
  running: boolean,
): Worker[] {
  return (Object.keys(topics) as Noun[]).map((noun) => {
    const topic = topics[noun]
    const onError = (error: unknown) => log.error({ err: error, topic }, 'a timer failed')
    async function handle({ subject, payload }: Job) {
      const { numbers, walletIds } = payload as Timer
      const whole = noun === 'split' ? await split(subject) : undefined
      const { payments = [], kept = null } = whole ? keptIn(whole) : {}
      const needs = { numbers, walletIds, rows: { [noun]: [subject] }, payments }
      const looked = await run({ kind: 'due', needs, noun, id: subject, kept })
      return { kind: looked === 'gone' ? 'done' : 'settled' } as const
    }
    const handler = eachJob({ clock, handle, onError })
    const concurrency = running ? 1 : 0
    return createWorker({ db, clock, topic, leaseMs, onError, handler, batch, concurrency })
  })
}
