/** A clock and timers that stand still until they are moved, so that a test never waits for time to pass. */
import { manualClock } from '../../src/kernel/index.ts'
import type { Timing } from '../../src/rails/bank/index.ts'

export function manualTiming(start: number) {
  const clock = manualClock(start)
  const waiting = new Set<{ readonly at: number; readonly task: () => void }>()
  const timing: Timing = {
    after(ms, task) {
      const entry = { at: clock.now() + ms, task }
      waiting.add(entry)
      return () => waiting.delete(entry)
    },
  }
  return {
    clock,
    timing,
    /** Lets time pass; what is due happens in its order. */
    advance(ms: number) {
      const until = clock.now() + ms
      for (;;) {
        const due = [...waiting]
          .filter(({ at }) => at <= until)
          .sort((left, right) => left.at - right.at)[0]
        if (!due) break
        waiting.delete(due)
        clock.set(Math.max(clock.now(), due.at))
        due.task()
      }
      clock.set(until)
    },
    get waiting() {
      return waiting.size
    },
  }
}
