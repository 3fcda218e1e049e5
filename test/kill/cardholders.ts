/**
 * Cardholders who do not give up either: they pay by card, top up and withdraw, and say it again under the same
 * name until it is acknowledged. What they were told goes to the books that are compared with the banks' own.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ledgers } from '../simulation/bank-books.ts'
import { holders } from '../simulation/people.ts'
import type { Insist } from './insist.ts'

export interface Cardholders {
  /** Of each kind, how many were acknowledged. */
  readonly counts: Readonly<Record<CardAct, number>>
  start(): void
  stop(): Promise<void>
}

const acts = ['top_up', 'withdrawal', 'card'] as const
export type CardAct = (typeof acts)[number]

/** What one does side by side. */
const lanesEach = 2
/** Little, so that no limit of a day stands in the way. More comes in than goes out. */
const fen: Readonly<Record<CardAct, number>> = { top_up: 40, withdrawal: 10, card: 10 }

export function createCardholders(insist: Insist, ledgers: Ledgers): Cardholders {
  const counts: Record<CardAct, number> = { top_up: 0, withdrawal: 0, card: 0 }
  let begun = 0
  let isOpen = false
  let running: Promise<void>[] = []

  async function pay(msisdn: string, key: string): Promise<void> {
    const order = { ask: 'cardOrder', msisdn, merchantId: '6022', amount: fen.card, key }
    const paymentId = await insist<string>(order)
    ledgers.ordered(key, paymentId)
    await insist({ ask: 'cardYes', msisdn, paymentId })
  }

  async function move(msisdn: string, kind: CardAct, key: string): Promise<void> {
    const order = { ask: 'movement', msisdn, kind, amount: fen[kind], key }
    const id = await insist<string>(order)
    ledgers.acknowledged(key, id)
    for (let looks = 0; looks < 20; looks += 1) {
      const state = await insist<string>({ ask: 'movementState', id })
      if (state !== 'requested') return ledgers.seen(id, state)
      await sleep(50)
    }
  }

  async function run(msisdn: string, lane: number): Promise<void> {
    for (let n = lane; isOpen; n += 1) {
      const act = acts[n % acts.length] ?? 'card'
      begun += 1
      const key = `kill:${begun}`
      await (act === 'card' ? pay(msisdn, key) : move(msisdn, act, key))
      counts[act] += 1
    }
  }

  return {
    counts,
    start() {
      isOpen = true
      running = holders.flatMap(({ msisdn }) =>
        Array.from({ length: lanesEach }, (_, lane) => run(msisdn, lane)),
      )
    },
    async stop() {
      isOpen = false
      await Promise.all(running)
    },
  }
}
