/**
 * The processes of the deployment on one database. One that dies is started again a little later;
 * callers reach whichever is up.
 */

import type { Database, Log } from '../../server/src/db/index.ts'
import { isOutage, isTransient } from '../../server/src/db/index.ts'
import { type Clock, createIds } from '../../server/src/kernel/index.ts'
import { createDice, type Dice } from './dice.ts'
import { openProcess, type Process, type ProcessOptions } from './process.ts'
import { Died, type Life, type Storm } from './storm.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface Running {
  readonly life: Life
  readonly process: Process
}

export interface Deployment {
  /** One of those that are up, by chance; undefined while none is. */
  any(): Running | undefined
  all(): readonly Running[]
  /** Begins to start all that are to be there. */
  start(): void
  stop(): Promise<void>
}

type Parts = Omit<
  ProcessOptions,
  'db' | 'calmDb' | 'ids' | 'dispatcher' | 'link' | 'client' | 'banks' | 'log'
>
export interface DeploymentOptions extends Parts {
  readonly seed: number
  readonly count: number
  readonly time: VirtualTime
  readonly dice: Dice
  readonly clock: Clock
  readonly storm: Storm
  readonly linksFor: (
    life: Life,
  ) => Pick<ProcessOptions, 'dispatcher' | 'link' | 'client' | 'banks'>
  readonly note: (line: string) => void
  /** An error that no injected fault explains. */
  readonly unexplained: (error: unknown) => void
  /** Somebody is to look: no error, but what another said or did. */
  readonly alarm: (facts: object) => void
}

export function createDeployment(options: DeploymentOptions): Deployment {
  const { time, dice, storm, note, unexplained } = options
  const running = new Map<number, Running>()
  const ended: Promise<unknown>[] = []
  let isStopping = false
  let lives = 0
  const report = (error: unknown) => {
    if (!isExplained(error)) unexplained(error)
  }
  const log: Log = {
    info: () => {},
    warn: () => {},
    error(details) {
      const { err, ...facts } = details as { readonly err?: unknown }
      if (err === undefined) return options.alarm(facts)
      report(err)
    },
  }

  function createLife(place: number): Life {
    let isOver = false
    const endings: (() => void)[] = []
    return {
      isOver: () => isOver,
      onEnd: (action) => void endings.push(action),
      end() {
        if (isOver) return
        isOver = true
        note(`process ${place} dies`)
        for (const action of endings) action()
        const process = running.get(place)?.process
        running.delete(place)
        if (process) ended.push(process.stop().catch(() => undefined))
        if (!isStopping) time.after(dice.between(500, 30_000), () => void open(place))
      },
    }
  }

  async function open(place: number): Promise<void> {
    const life = createLife(place)
    lives += 1
    const ids = createIds(createDice('ids', options.seed, lives).fill)
    const [db, calmDb]: readonly Database[] = [storm.through(life), storm.calm(life)]
    if (!db || !calmDb) return
    try {
      const links = options.linksFor(life)
      const process = await openProcess({ ...options, ...links, db, calmDb, ids, log })
      if (life.isOver()) return void process.stop().catch(() => undefined)
      running.set(place, { life, process })
      note(`process ${place} is up`)
    } catch (error) {
      report(error)
      life.end()
    }
  }

  return {
    all: () => [...running.values()],
    any: () => (running.size === 0 ? undefined : dice.pick([...running.values()])),
    start() {
      for (let place = 1; place <= options.count; place += 1) void open(place)
    },
    async stop() {
      isStopping = true
      await Promise.all([...running.values()].map(({ process }) => process.stop()))
      await Promise.all(ended)
    },
  }
}

/** Errors that come of what was done to the process and its database. */
export function isExplained(error: unknown): boolean {
  if (error instanceof Died || isOutage(error) || isTransient(error)) return true
  const { cause, code, name } = Object(error) as Record<string, unknown>
  // Too late for its caller: the clock was set ahead, or the database was away.
  if (code === '57014' || name === 'Overloaded' || name === 'DeadlinePassed') return true
  return cause !== undefined && isExplained(cause)
}
