/**
 * One lane for each receiver, so that a slow or dead one holds up nobody else. A lane runs a few
 * tasks at once and keeps only as many waiting as it can run soon; the others are turned away and
 * come again later. A lane whose last task failed narrows to one until a task succeeds.
 */
export interface Lanes {
  /**
   * Takes a task into a lane and answers 0, or answers how many milliseconds later to come again.
   * A task answers whether it succeeded; it must not throw.
   */
  enter(name: string, task: () => Promise<boolean>): number
  /** Resolves when no task runs or waits. */
  idle(): Promise<void>
}

interface Lane {
  width: number
  running: number
  readonly waiting: (() => Promise<boolean>)[]
  turnedAway: number
  averageMs: number
}

const widthMax = 4
const runningMax = 512
const waitingMax = 500
/** A task that would wait longer than this is turned away. */
const waitMaxMs = 20_000
const comeAgainMinMs = 1_000
const comeAgainMaxMs = 60_000
/** Receivers remembered beyond those at work: their speed is a better guess than none. */
const lanesKept = 10_000

export function createLanes(): Lanes {
  const lanes = new Map<string, Lane>()
  let running = 0
  let waiting = 0
  let whenIdle: (() => void)[] = []

  function run(name: string, lane: Lane, task: () => Promise<boolean>) {
    lane.running += 1
    running += 1
    const begun = performance.now()
    void task().then((succeeded) => {
      lane.running -= 1
      running -= 1
      lane.averageMs = lane.averageMs * 0.8 + (performance.now() - begun) * 0.2
      lane.width = succeeded ? widthMax : 1
      while (lane.running < lane.width) {
        const next = lane.waiting.shift()
        if (!next) break
        waiting -= 1
        run(name, lane, next)
      }
      if (lane.waiting.length === 0) lane.turnedAway = 0
      if (lane.running === 0 && lanes.size > lanesKept) lanes.delete(name)
      if (running === 0 && waiting === 0) {
        for (const resolve of whenIdle) resolve()
        whenIdle = []
      }
    })
  }

  return {
    enter(name, task) {
      const lane = lanes.get(name) ?? {
        width: widthMax,
        running: 0,
        waiting: [],
        turnedAway: 0,
        averageMs: 100,
      }
      lanes.set(name, lane)
      if (lane.running < lane.width && running < runningMax) {
        run(name, lane, task)
        return 0
      }
      const waits = (lane.averageMs * lane.waiting.length) / lane.width
      // A lane without a running task has nobody to take its waiting ones up.
      if (lane.running > 0 && waits < waitMaxMs && lane.waiting.length < waitingMax) {
        waiting += 1
        lane.waiting.push(task)
        return 0
      }
      lane.turnedAway += 1
      const turns = (lane.averageMs * lane.turnedAway) / lane.width
      return Math.min(comeAgainMinMs + turns, comeAgainMaxMs)
    },
    idle: () =>
      running + waiting === 0
        ? Promise.resolve()
        : new Promise((resolve) => whenIdle.push(resolve)),
  }
}
