/** Sixteen connections on one number, or one merchant, at every limit: exactly what fits, never more. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../server/src/db/index.ts'
import type { PlacedOrder } from '../../server/src/payments/decide/order.ts'
import { defaultPolicy, type Policy } from '../../server/src/risk/index.ts'
import { offencesIn } from '../books.ts'
import { engines, type TestDatabase, testDatabase } from '../database.ts'
import { createLane, introduceLine, newId } from '../lane.ts'
import { createWorld, type World } from '../world.ts'
import { spoiled, withoutLocks } from './broken.ts'

const callers = 16
const trials = Number(process.env.TELEPURSE_RUNS ?? 10)
const unlimited = 1_000_000_00n

interface Race {
  readonly name: string
  readonly policy: Partial<Policy>
  /** What the merchant may sell a day. */
  readonly cap?: bigint
  readonly amount: bigint
  /** Each caller is another customer. */
  readonly apart?: true
  readonly accepted: number
  readonly refusal: string
}

const free: Partial<Policy> = { intervalMs: 0, dayLimit: unlimited, monthLimit: unlimited }
const races: readonly Race[] = [
  {
    name: 'the day limit',
    policy: { intervalMs: 0 },
    amount: 10_00n,
    accepted: 5,
    refusal: 'over_day_limit',
  },
  {
    name: 'the day limit to the fen',
    policy: { intervalMs: 0, dayLimit: 50_01n },
    amount: 16_67n,
    accepted: 3,
    refusal: 'over_day_limit',
  },
  {
    name: 'the month limit',
    policy: { intervalMs: 0, dayLimit: unlimited },
    amount: 10_00n,
    accepted: 10,
    refusal: 'over_month_limit',
  },
  {
    name: 'the interval',
    policy: { ...free, intervalMs: 60_000 },
    amount: 10n,
    accepted: 1,
    refusal: 'too_soon',
  },
  {
    name: 'the single limit',
    policy: { ...free, singleLimit: 9_99n },
    amount: 10_00n,
    accepted: 0,
    refusal: 'over_single_limit',
  },
  {
    name: 'the cap of a merchant',
    policy: free,
    cap: 40_00n,
    amount: 10_00n,
    apart: true,
    accepted: 4,
    refusal: 'over_merchant_cap',
  },
]

describe.runIf(engines.includes('postgres'))('at the same time', () => {
  let made: TestDatabase
  let world: World
  beforeAll(async () => {
    made = await testDatabase({ engine: 'postgres', poolMax: callers })
    world = await createWorld({ db: made.db })
  })
  afterAll(async () => {
    await world?.close()
    await made?.close()
  })

  let numbers = 0
  async function newNumber(): Promise<string> {
    numbers += 1
    const msisdn = `+86137${String(numbers).padStart(8, '0')}`
    await introduceLine(made.db, msisdn, world.clock.now())
    return msisdn
  }

  /** One trial on a day of its own; answers what each caller heard. */
  async function trial(race: Race, db: Database): Promise<string[]> {
    world.clock.advance(24 * 3_600_000)
    const shared = await newNumber()
    const { cap } = race
    const merchant = (id: string) => {
      const known = world.catalogue.merchant(id)
      return known && cap !== undefined ? { ...known, dailyCap: cap } : known
    }
    const catalogue = { ...world.catalogue, merchant }
    const policy = () => ({ ...defaultPolicy, ...race.policy })
    const orders: PlacedOrder[] = []
    for (let caller = 0; caller < callers; caller += 1) {
      const msisdn = race.apart ? await newNumber() : shared
      const what = { amount: race.amount }
      const how = { channel: 'api', consent: 'token', flow: 'charge' } as const
      orders.push({ paymentId: newId(msisdn), msisdn, merchantId: '6022', what, ...how })
    }
    // Each caller is a process of its own: a lane, a batch and a connection.
    const lanes = orders.map(() => createLane({ ...world, catalogue, policy }, db))
    const heard = await Promise.all(
      orders.map((order, i) =>
        lanes[i]?.together([{ kind: 'order', msisdn: order.msisdn, order }]),
      ),
    )
    return heard.flat().map((answer) => {
      if (answer === undefined || answer === 'failed' || answer.kind !== 'order') return 'failed'
      return answer.result.ok ? 'accepted' : answer.result.refusal
    })
  }

  test.each(races)(
    '$name is never exceeded, and all of it can be used',
    async (race) => {
      for (let n = 0; n < trials; n += 1) {
        const heard = await trial(race, made.db)
        const accepted = heard.filter((answer) => answer === 'accepted').length
        expect(accepted).toBe(race.accepted)
        expect(new Set(heard.filter((answer) => answer !== 'accepted'))).toEqual(
          new Set([race.refusal]),
        )
      }
      expect(await offencesIn(made.db)).toEqual([])
    },
    120_000,
  )

  test.each(races.filter(({ accepted }) => accepted > 0))(
    'without its locks $name would be exceeded: the race above is one',
    async (race) => {
      const other = await testDatabase({ engine: 'postgres', poolMax: callers })
      const db = spoiled(other.db, withoutLocks)
      const kept = made
      made = other
      try {
        let breaches = 0
        for (let n = 0; n < 5 && breaches === 0; n += 1) {
          const heard = await trial(race, db)
          if (heard.filter((answer) => answer === 'accepted').length > race.accepted) breaches += 1
        }
        expect(breaches).toBeGreaterThan(0)
      } finally {
        made = kept
        await other.close()
      }
    },
    120_000,
  )
})
