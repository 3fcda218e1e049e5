/** Rings for work that has fallen due: workers do not poll here, for polls of a day would be all that happens. */
import type { Database } from '../../server/src/db/index.ts'
import type { Clock } from '../../server/src/kernel/index.ts'
import type { Deployment } from './deployment.ts'
import { isExclusive, ringBells } from './process.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface DueWork {
  /** Rings for what is due, and sets an alarm for what will be. */
  look(): Promise<void>
  /** Work that is done on the real disk just now. */
  exclusive(): number
}

const pauseMs = 150
const day = 86_400_000
/** Files of banks are looked for every ten minutes for ever; here no oftener than this. */
const seldom: Readonly<Record<string, number>> = { 'bank.file': 3 * 3_600_000 }

export function createDueWork(options: {
  readonly time: VirtualTime
  readonly clock: Clock
  readonly db: Database
  readonly deployment: Deployment
  readonly commits: () => number
  readonly failed: (error: unknown) => void
}): DueWork {
  const { time, clock, db, deployment, commits } = options
  const alarms = new Map<string, { at: number; waitMs: number }>()
  let seen = -1
  let exclusive = 0

  function setAlarm(topic: string, dueAt: number) {
    const known = alarms.get(topic)
    const waitMs = Math.max(0, dueAt - clock.now())
    const least = known ? (seldom[topic] ?? 0) : 0
    const at = time.now() + Math.max(least, waitMs > 0 ? waitMs : (known?.waitMs ?? 0))
    if (known && known.at > time.now() && known.at <= at) return
    // What stays due though somebody looked is looked at less and less often.
    const next = waitMs > 0 ? 250 : Math.min((known?.waitMs ?? 125) * 2, 60_000)
    const alarm = { at: Math.min(at, time.now() + day), waitMs: next }
    alarms.set(topic, alarm)
    time.after(alarm.at - time.now(), () => ring(topic, alarm))
  }
  function ring(topic: string, alarm: object) {
    if (alarms.get(topic) !== alarm) return
    seen = -1
    if (!isExclusive(topic)) return ringBells(topic)
    const running = deployment.any()
    if (!running) return
    exclusive += 1
    running.process
      .fileCharges()
      .catch(options.failed)
      .finally(() => {
        exclusive -= 1
      })
  }

  return {
    exclusive: () => exclusive,
    async look() {
      // What is due at once rings by itself; looking can wait until there is a pause.
      const isPause = (time.nextAt() ?? Number.POSITIVE_INFINITY) - time.now() > pauseMs
      if (!isPause || commits() === seen) return
      seen = commits()
      const due = await db.query<{ topic: string; due_at: bigint }>(dueJobs)
      for (const { topic, due_at } of due) setAlarm(topic, Number(due_at))
    },
  }
}

const dueJobs = {
  name: 'simulation.due',
  text: 'select topic, min(due_at) as due_at from job group by topic order by topic',
}
