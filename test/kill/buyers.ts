/**
 * Customers and merchants who do not give up: what was not answered is said again, the same order
 * under its number, the same text under its gateway's id. What was answered is written down.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { LineProcess } from './line-process.ts'
import { numberOf } from './numbers.ts'

export interface Purchase {
  readonly orderId: string
  readonly paymentId: string
}

export interface Buyers {
  /** Payments whose yes was acknowledged, and refunds that were promised. */
  readonly acknowledged: readonly Purchase[]
  readonly refunds: ReadonlySet<string>
  /** Questions that got no answer and were asked again. */
  readonly repeated: number
  start(): void
  /** Resolves when every purchase that was begun is acknowledged. */
  stop(): Promise<void>
}

const buyers = 16

/** `wallet` is the process of the moment: it is another one after a kill. */
export function createBuyers(wallet: () => LineProcess): Buyers {
  const acknowledged: Purchase[] = []
  const refunds = new Set<string>()
  let customers = 0
  let repeated = 0
  let isOpen = false
  let running: Promise<void>[] = []

  async function insist<Value>(question: Record<string, unknown>): Promise<Value> {
    for (let attempt = 1; attempt < 1_000; attempt += 1)
      try {
        return await wallet().ask<Value>(question)
      } catch {
        repeated += 1
        await sleep(50)
      }
    throw new Error(`no answer to ${JSON.stringify(question)}`)
  }

  async function buy(customer: number): Promise<void> {
    const msisdn = numberOf(customer)
    const orderId = `k${customer}`
    const order = { ask: 'order', msisdn, orderId }
    const { id: paymentId, sender } = await insist<{ id: string; sender: string }>(order)
    await insist({ ask: 'text', msisdn, to: sender, words: 'Y', messageId: `y${customer}` })
    acknowledged.push({ orderId, paymentId })
    if (customer % 5 > 0) return
    // The charge may still be on its way; a carrier that owes an answer is not waited for.
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const answer = await insist<string>({ ask: 'refund', msisdn, paymentId })
      if (answer !== 'not_paid') return void refunds.add(answer)
      await sleep(50)
    }
  }

  async function run(): Promise<void> {
    while (isOpen) {
      customers += 1
      await buy(customers)
    }
  }

  return {
    acknowledged,
    refunds,
    get repeated() {
      return repeated
    },
    start() {
      isOpen = true
      running = Array.from({ length: buyers }, run)
    },
    async stop() {
      isOpen = false
      await Promise.all(running)
    },
  }
}
