/** When something is to happen. A port, so that a test can let hours pass without waiting. */
export interface Timing {
  /** Runs `task` once, `ms` from now; the answer takes it back. */
  after(ms: number, task: () => void): () => void
}

export const machineTiming: Timing = {
  after(ms, task) {
    const timer = setTimeout(task, ms)
    return () => clearTimeout(timer)
  },
}
