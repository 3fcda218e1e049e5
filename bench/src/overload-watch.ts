/** What a server under load looks like from outside, every two seconds: its memory and its queues. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Stage } from './stage.ts'

export interface Look {
  readonly second: number
  readonly memoryMb: number
  readonly waiting: number
  readonly orders: number
  readonly urgent: number
}

const everyMs = 2_000

export function watchServer({ server }: Stage) {
  const looks: Look[] = []
  const begun = performance.now()
  let watching = true
  const watched = (async () => {
    while (watching) {
      looks.push(await look(server, Math.round((performance.now() - begun) / 1_000)))
      await sleep(everyMs)
    }
  })()
  return {
    async stop(): Promise<readonly Look[]> {
      watching = false
      await watched
      return looks
    },
  }
}

async function look({ url, pid }: Stage['server'], second: number): Promise<Look> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  const gaugeOf = (name: string) =>
    Number(
      metrics
        .split('\n')
        .find((line) => line.startsWith(`telepurse_${name} `))
        ?.split(' ')[1],
    )
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
  return {
    second,
    memoryMb: Math.round((pages * 4_096) / 2 ** 20),
    waiting: gaugeOf('commands_waiting'),
    orders: gaugeOf('http_inside{class="order"}'),
    urgent: gaugeOf('http_inside{class="urgent"}'),
  }
}
