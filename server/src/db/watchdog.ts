/**
 * Ends a process whose embedded database stopped answering. PGlite runs in this thread and knows no
 * statement_timeout: a statement that spins, as after a full disk, would stop every timer with it. So
 * another thread watches. It counts seconds without progress instead of reading a clock, and it kills,
 * because a stuck thread cannot be asked; a restart recovers from the files.
 */
import { Worker } from 'node:worker_threads'

export interface Watchdog {
  begin(): void
  end(): void
  stop(): Promise<void>
}

const program = `
const { workerData } = require('node:worker_threads')
const { writeSync } = require('node:fs')
const { state, seconds } = workerData
let last = -1
let still = 0
setInterval(() => {
  const [running, progress] = [Atomics.load(state, 0), Atomics.load(state, 1)]
  still = running > 0 && progress === last ? still + 1 : 0
  last = progress
  if (still < seconds) return
  writeSync(2, 'telepurse: the embedded database gave no answer for ' + seconds + ' s: ending, start again to recover\\n')
  process.kill(process.pid, 'SIGKILL')
}, 1000)
`

export function createWatchdog(deadlineMs: number): Watchdog {
  const state = new Int32Array(new SharedArrayBuffer(8))
  const worker = new Worker(program, {
    eval: true,
    execArgv: [],
    workerData: { state, seconds: Math.max(1, Math.ceil(deadlineMs / 1_000)) },
  })
  worker.unref()
  const step = (change: number) => {
    Atomics.add(state, 0, change)
    Atomics.add(state, 1, 1)
  }
  return {
    begin: () => step(1),
    end: () => step(-1),
    stop: async () => void (await worker.terminate()),
  }
}
