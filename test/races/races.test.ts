/**
 * The short form of every race, and a few of its mutants; `npm run races` and `npm run races --
 * mutants` are the long ones.
 */
import { describe, expect, test } from 'vitest'
import { engines, testDatabase } from '../database.ts'
import { runWorkload } from './run.ts'
import { workloads } from './workloads/index.ts'

const times = Number(process.env.TELEPURSE_RUNS ?? 1)
const shortly = 200 * times
/** One of each kind of guard: a lock, a sum, a row written first, a lease, a unique key. */
const cheap: readonly (readonly [race: string, mutant: string])[] = [
  ['limits', 'no-number-lock-no-walls'],
  ['limits', 'no-cap-guard'],
  ['idempotency', 'late-key'],
  ['refunds', 'no-sum'],
  ['bank', 'no-account-lock-no-walls'],
  ['holds', 'no-look-no-wall'],
  ['jobs', 'no-lease'],
  ['day-close', 'no-share-lock'],
]

async function onFreshDatabase<Value>(use: (url: string) => Promise<Value>): Promise<Value> {
  const made = await testDatabase({ engine: 'postgres', poolMax: 1 })
  try {
    return await use(made.url ?? '')
  } finally {
    await made.close()
  }
}

describe.runIf(engines.includes('postgres'))('at the same time', () => {
  test.each(workloads)(
    '$name: $proves',
    async (workload) => {
      const report = await onFreshDatabase((url) =>
        runWorkload(workload, { url, attempts: shortly }),
      )
      expect(report.found).toEqual([])
      expect(report.acknowledged).toBeGreaterThan(0)
    },
    120_000,
  )

  test.each(cheap)(
    'without its guard the race is lost: %s, %s',
    async (race, name) => {
      const workload = workloads.find((one) => one.name === race)
      const mutant = workload?.mutants.find((one) => one.name === name)
      if (!workload || !mutant) throw new Error(`${race} has no mutant ${name}`)
      const report = await onFreshDatabase((url) =>
        runWorkload(workload, { url, mutant, attempts: 2_000 }),
      )
      expect(report.found).not.toEqual([])
    },
    120_000,
  )
})

test('every race has mutants, each under a name of its own', () => {
  for (const { name, mutants } of workloads) {
    expect(mutants.length, name).toBeGreaterThan(0)
    expect(new Set(mutants.map((mutant) => mutant.name)).size).toBe(mutants.length)
  }
})
