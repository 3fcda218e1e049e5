/**
 * Customers and merchants who do not give up: what was not answered is said again, the same order
 * under its number, the same text under its gateway's id. What was answered is written down.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Acknowledged } from './acknowledged.ts'
import type { Insist } from './insist.ts'
import { buyerCount, numberInHand } from './numbers.ts'

export interface Buyers {
  /** Purchases whose yes was acknowledged. */
  readonly paid: ReadonlySet<string>
  /** Refunds that were promised. */
  readonly refunds: ReadonlySet<string>
  start(): void
  /** Resolves when every purchase that was begun is acknowledged. */
  stop(): Promise<void>
}

/** Every so many purchases one is given back in part. */
const refundEvery = 5

export function createBuyers(insist: Insist, acknowledged: Acknowledged): Buyers {
  const paid = new Set<string>()
  const refunds = new Set<string>()
  const bought = Array.from({ length: buyerCount }, () => 0)
  let isOpen = false
  let running: Promise<void>[] = []

  async function buy(buyer: number, n: number): Promise<void> {
    const msisdn = numberInHand(buyer, n)
    const orderId = `k${buyer}-${n}`
    const order = { ask: 'order', msisdn, orderId }
    const { id: paymentId, sender } = await insist<{ id: string; sender: string }>(order)
    acknowledged.add('order', [paymentId])
    await insist({ ask: 'text', msisdn, to: sender, words: 'Y', messageId: `y${orderId}` })
    acknowledged.add('yes', [paymentId])
    paid.add(paymentId)
    // The charge may still be on its way; a carrier that owes an answer is not waited for.
    if (!(await untilPaid({ ask: 'deliver', msisdn, paymentId }))) return
    acknowledged.add('delivery', [paymentId])
    if (n % refundEvery > 0) return
    const refundId = await untilPaid({ ask: 'refund', msisdn, paymentId })
    if (!refundId) return
    acknowledged.add('refund', [refundId])
    refunds.add(refundId)
  }

  async function untilPaid(question: Record<string, unknown>): Promise<string | undefined> {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const answer = await insist<string>(question)
      if (answer !== 'not_yet') return answer
      await sleep(50)
    }
    return undefined
  }

  async function run(_: unknown, buyer: number): Promise<void> {
    while (isOpen) {
      const n = bought[buyer] ?? 0
      bought[buyer] = n + 1
      await buy(buyer, n)
    }
  }

  return {
    paid,
    refunds,
    start() {
      isOpen = true
      running = Array.from({ length: buyerCount }, run)
    },
    async stop() {
      isOpen = false
      await Promise.all(running)
    },
  }
}
