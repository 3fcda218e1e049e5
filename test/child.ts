/** A TypeScript program in a process of its own, for tests that kill it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface Child {
  readonly process: ChildProcess
  /** Everything it has printed so far, by line. */
  readonly lines: readonly string[]
  /** What it wrote to standard error. */
  complaints(): string
  /** Waits until it has printed this many lines, or has ended. */
  printed(count: number): Promise<void>
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  kill(): Promise<void>
}

/** `program` is a file of test/programs; `before` is put before the command, for example strace. */
export function startChild(
  program: string,
  args: readonly string[],
  before: readonly string[] = [],
): Child {
  const node = [process.execPath, '--import', import.meta.resolve('tsx')]
  const file = join(import.meta.dirname, 'programs', program)
  const [command = '', ...rest] = [...before, ...node, file, ...args]
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  let complaints = ''
  let changed = () => {}
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    changed()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString()
  })
  let isOver = false
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once('close', (code, signal) => {
      isOver = true
      changed()
      resolve({ code, signal })
    }),
  )
  return {
    process: child,
    lines,
    ended,
    complaints: () => complaints,
    async printed(count) {
      while (lines.length < count && !isOver)
        await new Promise<void>((resolve) => {
          changed = resolve
        })
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
