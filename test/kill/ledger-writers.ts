/** Beside the payments: lists of transfers straight into the ledger, said again until acknowledged. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Acknowledged } from './acknowledged.ts'
import type { Insist } from './insist.ts'
import { transferIdOf, transfersEach } from './numbers.ts'

export interface LedgerWriters {
  start(): void
  stop(): Promise<void>
}

const writerCount = 2
/** Between two lists, at most: the purchases are to have their share of the machine. */
const pauseMs = 600

export function createLedgerWriters(insist: Insist, acknowledged: Acknowledged): LedgerWriters {
  const written = Array.from({ length: writerCount }, () => 0)
  let isOpen = false
  let running: Promise<void>[] = []

  async function run(_: unknown, writer: number): Promise<void> {
    while (isOpen) {
      const from = written[writer] ?? 0
      written[writer] = from + transfersEach
      await insist({ ask: 'transfers', writer, from })
      const ids = Array.from({ length: transfersEach }, (_, i) => transferIdOf(writer, from + i))
      acknowledged.add('transfer', ids)
      await sleep(Math.random() * pauseMs)
    }
  }

  return {
    start() {
      isOpen = true
      running = Array.from({ length: writerCount }, run)
    },
    async stop() {
      isOpen = false
      await Promise.all(running)
    },
  }
}
