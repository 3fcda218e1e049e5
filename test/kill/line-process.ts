/**
 * A child process that is asked in lines of JSON and answers in lines of JSON, and that is there to be
 * killed: questions under way then fail, and nobody knows what became of them.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface LineProcess {
  /** Throws when the process refuses, has ended, or takes longer than `timeoutMs`. */
  ask<Value = unknown>(question: Record<string, unknown>, timeoutMs?: number): Promise<Value>
  /** Kill -9; resolves when the process is gone. */
  kill(): Promise<void>
}

interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** Starts a program of this repository; resolves when it has said that it is ready. */
export async function startLineProcess(
  file: string,
  args: readonly string[],
): Promise<LineProcess> {
  const loader = ['--conditions=source', '--import', import.meta.resolve('tsx')]
  const child = spawn(process.execPath, [...loader, file, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const waiting = new Map<number, Waiting>()
  let asked = 0
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000)
  })
  // Writing to a process that has just been killed is no error of ours.
  child.stdin.on('error', () => {})
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  void ended.then(() => {
    for (const { reject } of waiting.values()) reject(new Error(`the process has ended: ${said}`))
    waiting.clear()
  })
  const ready = new Promise<void>((resolve, reject) => {
    waiting.set(0, { resolve: () => resolve(), reject })
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, value, error } = JSON.parse(line, withBigints) as Answer
    const one = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) one?.resolve(value)
    else one?.reject(new Error(error))
  })
  await ready
  return {
    ask: <Value>(question: Record<string, unknown>, timeoutMs = 20_000) =>
      new Promise<Value>((resolve, reject) => {
        if (isOver(child)) return reject(new Error('the process has ended'))
        asked += 1
        const id = asked
        const timer = setTimeout(() => {
          waiting.delete(id)
          reject(new Error('no answer in time'))
        }, timeoutMs)
        const settle = (done: () => void) => {
          clearTimeout(timer)
          done()
        }
        waiting.set(id, {
          resolve: (value) => settle(() => resolve(value as Value)),
          reject: (error) => settle(() => reject(error)),
        })
        child.stdin.write(`${JSON.stringify({ ...question, id })}\n`)
      }),
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Whole numbers travel as `{"bigint": "12"}`. */
const withBigints = (_: string, value: unknown) => {
  const { bigint } = Object(value) as { bigint?: unknown }
  return typeof bigint === 'string' ? BigInt(bigint) : value
}

const isOver = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null
