/**
 * Lets a fixed number of calls in at once, and a fixed number wait in turn. Without the second bound
 * whoever is silent behind it would fill the memory with calls that nobody waits for any more.
 */
export interface Gate {
  /** Gives the function that leaves the gate, or why there is no way in. */
  enter(waitMs: number): Promise<(() => void) | 'queue_full' | 'waited_too_long'>
  readonly inside: number
  readonly waiting: number
}

export function createGate({
  insideMax,
  waitingMax,
}: {
  readonly insideMax: number
  readonly waitingMax: number
}): Gate {
  let inside = 0
  // A set keeps the order of arrival and forgets a member in its middle at no cost.
  const waiting = new Set<() => void>()
  const pass = () => {
    let left = false
    return () => {
      if (left) return
      left = true
      const [next] = waiting
      // The place is handed over, so that nobody can slip in between.
      if (next) next()
      else inside -= 1
    }
  }
  return {
    get inside() {
      return inside
    },
    get waiting() {
      return waiting.size
    },
    async enter(waitMs) {
      if (inside < insideMax) {
        inside += 1
        return pass()
      }
      if (waiting.size >= waitingMax) return 'queue_full'
      return new Promise((resolve) => {
        const admit = () => {
          clearTimeout(timer)
          waiting.delete(admit)
          resolve(pass())
        }
        const timer = setTimeout(() => {
          waiting.delete(admit)
          resolve('waited_too_long')
        }, waitMs)
        waiting.add(admit)
      })
    },
  }
}
