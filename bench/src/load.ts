/**
 * A closed load: a fixed number of customers, each of whom begins anew as soon as served. What ends is
 * noted by the second, and rounds are cut out of it after a time to warm up.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Round, roundOf } from './samples.ts'

export interface LoadPlan {
  readonly customers: number
  readonly warmMs: number
  readonly roundMs: number
  readonly rounds: number
}

export interface LoadResult {
  readonly rounds: readonly Round[]
  /** Served in all, the warming up included. */
  readonly served: number
  readonly failures: readonly string[]
}

/** Gives the time a customer took to be served, in milliseconds; throws when not served as wanted. */
export type Serve = () => Promise<number>

const failuresMax = 10

export async function runLoad(plan: LoadPlan, serve: Serve): Promise<LoadResult> {
  const failures: string[] = []
  let latencies: number[] = []
  let served = 0
  let running = true
  const customer = async () => {
    while (running) {
      try {
        // Into the round in which it ends: the array of the one in which it began is counted already.
        const ms = await serve()
        latencies.push(ms)
        served += 1
      } catch (error) {
        if (failures.length < failuresMax) failures.push(String(error))
        await sleep(100)
      }
    }
  }
  const customers = Array.from({ length: plan.customers }, customer)
  await sleep(plan.warmMs)
  const rounds: Round[] = []
  for (let round = 0; round < plan.rounds; round += 1) {
    latencies = []
    const begun = performance.now()
    await sleep(plan.roundMs)
    rounds.push(roundOf(latencies, (performance.now() - begun) / 1_000))
  }
  running = false
  await Promise.all(customers)
  return { rounds, served, failures }
}
