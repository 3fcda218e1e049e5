/** Asks the platform until it answers: through kills, restarts and lost connections. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { LineProcess } from './line-process.ts'

export interface Insisting {
  readonly insist: Insist
  /** Questions that got no answer and were asked again. */
  readonly repeated: number
}

export type Insist = <Value>(question: Record<string, unknown>) => Promise<Value>

/** A platform that has not answered for this long will not: the run has failed. */
const patienceMs = 180_000
const pauseMs = 50

/** `wallet` is the process of the moment: it is another one after a kill. */
export function createInsisting(wallet: () => LineProcess): Insisting {
  let repeated = 0
  return {
    get repeated() {
      return repeated
    },
    async insist<Value>(question: Record<string, unknown>): Promise<Value> {
      let refusal: unknown
      for (const until = Date.now() + patienceMs; Date.now() < until; ) {
        try {
          return await wallet().ask<Value>(question)
        } catch (error) {
          refusal = error
          repeated += 1
          await sleep(pauseMs)
        }
      }
      throw new Error(`no answer to ${JSON.stringify(question)}`, { cause: refusal })
    },
  }
}
