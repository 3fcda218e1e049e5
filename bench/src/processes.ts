/** Programs of the benchmark in processes of their own, so that no part steals time from another. */
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'

export interface Program<Answers extends object> {
  readonly pid: number
  /** Sends an order and waits for the answer of that kind. */
  ask<Kind extends keyof Answers>(kind: Kind, order?: object): Promise<Answers[Kind]>
  end(): Promise<void>
}

/** Starts `bench/src/<file>`. It answers each order `{kind, …}` with one message `{kind, value}`. */
export function startProgram<Answers extends object>(file: string): Program<Answers> {
  const child: ChildProcess = fork(join(import.meta.dirname, file), {
    execArgv: [
      '--max-semi-space-size=64',
      '--conditions=source',
      '--import',
      import.meta.resolve('tsx'),
    ],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const killOnExit = () => child.kill('SIGKILL')
  process.once('exit', killOnExit)
  return {
    pid: child.pid ?? 0,
    ask: (kind, order = {}) =>
      new Promise((resolve, reject) => {
        const onMessage = (message: { kind: unknown; value: never; error?: string }) => {
          if (message.kind !== kind) return
          child.off('message', onMessage)
          if (message.error === undefined) resolve(message.value)
          else reject(new Error(message.error))
        }
        child.on('message', onMessage)
        void ended.then(() => reject(new Error(`${file} has ended`)))
        child.send({ ...order, kind })
      }),
    async end() {
      child.kill('SIGKILL')
      await ended
      process.off('exit', killOnExit)
    },
  }
}

/** In the child: answers orders by kind. */
export function serveOrders(
  handlers: Readonly<Record<string, (order: never) => Promise<object>>>,
): void {
  process.on('message', (order: { readonly kind: string }) => {
    const { kind } = order
    const handler = handlers[kind]
    if (!handler) return
    handler(order as never).then(
      (value) => process.send?.({ kind, value }),
      (error: unknown) => process.send?.({ kind, error: String(error) }),
    )
  })
}
