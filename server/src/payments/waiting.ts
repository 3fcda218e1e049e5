/** Lets callers wait for a payment to move: woken by this process's own commits, and by looking. */

const lookEveryMs = 250

export function createWaiting() {
  const listeners = new Set<(paymentId: string) => void>()
  const wakers = new Map<string, Set<() => void>>()

  const woken = (id: string, ms: number) =>
    new Promise<void>((resolve) => {
      const all = wakers.get(id) ?? new Set()
      wakers.set(id, all)
      const wake = () => {
        clearTimeout(timer)
        all.delete(wake)
        if (all.size === 0) wakers.delete(id)
        resolve()
      }
      const timer = setTimeout(wake, ms)
      all.add(wake)
    })

  return {
    changed(paymentIds: readonly string[]) {
      for (const id of paymentIds) {
        for (const wake of [...(wakers.get(id) ?? [])]) wake()
        for (const listener of listeners) listener(id)
      }
    },
    onChange(listener: (paymentId: string) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    /** Reads until `enough`, at most `timeoutMs`; answers with the last reading either way. */
    async until<Value>(
      id: string,
      timeoutMs: number,
      read: (id: string) => Promise<Value | undefined>,
      enough: (value: Value) => boolean,
    ): Promise<Value | undefined> {
      const rounds = Math.max(1, Math.ceil(timeoutMs / lookEveryMs))
      for (let round = 0; ; round += 1) {
        const wake = woken(id, lookEveryMs)
        const value = await read(id)
        if (value === undefined || enough(value) || round >= rounds) return value
        await wake
      }
    },
  }
}
