/**
 * Time that passes only when the simulation says so. While it is installed every timer, every reading
 * of a clock and every random number of the process, those of libraries too, comes from here: what
 * was forgotten behind a port could otherwise bring real time back in. The turns of the event loop
 * (`setImmediate`) stay: their order depends on nothing but the program.
 *
 * A worker's wait for its next poll (a sleep that a bell may end) has no end here: polls of a day
 * would be all that happens. The simulation looks what falls due and rings the bells itself.
 */
import { syncBuiltinESMExports } from 'node:module'
import timersPromises from 'node:timers/promises'
import type { Dice } from './dice.ts'
import { installWebCrypto } from './web-crypto.ts'

export interface VirtualTime {
  now(): number
  /** Runs `action` after `ms`; the function that is given back takes it back. */
  after(ms: number, action: () => void): () => void
  sleep(ms: number): Promise<void>
  /** When the next action is due; undefined when nothing waits. */
  nextAt(): number | undefined
  /** Moves to the next action and runs it. */
  step(): void
  /** Gives real time back. */
  remove(): void
}

interface Entry {
  readonly at: number
  readonly number: number
  readonly action: () => void
  gone: boolean
}

export function installVirtualTime(start: number, dice: Dice): VirtualTime {
  let now = start
  let count = 0
  const queue: Entry[] = []
  const isBefore = (a: Entry, b: Entry) => a.at < b.at || (a.at === b.at && a.number < b.number)
  const after = (ms: number, action: () => void) => {
    count += 1
    const entry = { at: now + Math.max(0, Math.trunc(ms) || 0), number: count, action, gone: false }
    let index = queue.length
    for (; index > 0; index -= 1) {
      const later = queue[index - 1]
      if (!later || isBefore(later, entry)) break
    }
    queue.splice(index, 0, entry)
    return () => {
      entry.gone = true
    }
  }
  const first = () => {
    while (queue[0]?.gone) queue.shift()
    return queue[0]
  }
  const real = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    setInterval: globalThis.setInterval,
    clearInterval: globalThis.clearInterval,
    Date: globalThis.Date,
    random: Math.random,
    sleep: timersPromises.setTimeout,
  }
  // The database engine wakes itself to write down statistics: nobody waits for that.
  const isEngines = (action: object) => String(action).includes('__emscripten_timeout')
  const timer =
    (every: boolean) =>
    (action: (...all: unknown[]) => void, ms = 0, ...all: []) => {
      if (isEngines(action)) return undefined
      const run = () => {
        if (every) cancel = after(Math.max(1, ms), run)
        action(...all)
      }
      let cancel = after(ms, run)
      const handle = {
        cancel: () => cancel(),
        ref: () => handle,
        unref: () => handle,
        hasRef: () => true,
        refresh() {
          cancel()
          cancel = after(ms, run)
          return handle
        },
      }
      return handle
    }
  const clear = (handle: unknown) => (handle as { cancel?: () => void } | undefined)?.cancel?.()
  const sleep = <Value>(ms = 0, value?: Value, options?: { signal?: AbortSignal }) =>
    new Promise<Value | undefined>((resolve, reject) => {
      const { signal } = options ?? {}
      if (signal === undefined) after(ms, () => resolve(value))
      else if (signal.aborted) reject(signal.reason)
      else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })

  class VirtualDate extends real.Date {
    constructor(...given: [] | [number | string | Date]) {
      if (given.length === 0) super(now)
      else super(...(given as [number]))
    }
    static override now = () => now
  }
  Object.assign(globalThis, {
    setTimeout: timer(false),
    clearTimeout: clear,
    setInterval: timer(true),
    clearInterval: clear,
    Date: VirtualDate,
  })
  Math.random = dice.next
  Object.defineProperty(performance, 'now', { configurable: true, value: () => now - start })
  timersPromises.setTimeout = sleep as typeof timersPromises.setTimeout
  syncBuiltinESMExports()
  const removeWebCrypto = installWebCrypto()

  return {
    now: () => now,
    after,
    sleep: (ms) => new Promise((resolve) => void after(ms, resolve)),
    nextAt: () => first()?.at,
    step() {
      const entry = first()
      if (!entry) return
      queue.shift()
      now = Math.max(now, entry.at)
      entry.action()
    },
    remove() {
      const { random, sleep: realSleep, ...globals } = real
      removeWebCrypto()
      Object.assign(globalThis, globals)
      Math.random = random
      Reflect.deleteProperty(performance, 'now')
      timersPromises.setTimeout = realSleep
      syncBuiltinESMExports()
    },
  }
}
