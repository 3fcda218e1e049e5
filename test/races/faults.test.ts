/** A carrier that loses requests and answers at random, two processes: in the end both sides agree. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { offencesIn } from '../books.ts'
import type { Fault, TestCarrier } from '../carrier.ts'
import { engines, type TestDatabase, testDatabase } from '../database.ts'
import { openStage, type Stage, seeded } from './stage.ts'

const payments = 40
const faults: readonly Fault[] = [
  { kind: 'lose_answer' },
  { kind: 'lose_answer' },
  { kind: 'lose_request' },
  { kind: 'away' },
]
const verbs: readonly Parameters<TestCarrier['script']>[0][] = [
  'reserve',
  'commit',
  'query',
  'reverse',
  'release',
  'refund',
]

describe.runIf(engines.includes('postgres'))('with a carrier that fails at random', () => {
  let made: TestDatabase
  let two: Stage
  beforeAll(async () => {
    made = await testDatabase({ engine: 'postgres', poolMax: 1 })
    two = await openStage({ url: made.url ?? '', policy: {} })
  })
  afterAll(async () => {
    await two?.close()
    await made?.close()
  })

  /** Charges less refunds by our books. */
  async function ours(): Promise<bigint> {
    const [row] = await two.db.query<{ net: bigint }>(
      `select coalesce(sum(debits_posted - credits_posted), 0)::int8 as net from account
        where name like 'carrier-receivable:%'`,
    )
    return row?.net ?? 0n
  }

  test.each([1, 2, 3])(
    'seed %i: nothing is lost, doubled or left open',
    async (seed) => {
      const { below, pick } = seeded(seed)
      const spoil = () => {
        for (let n = 0; n < 30; n += 1) {
          two.carrier.script(pick(verbs), pick(faults))
        }
      }
      const sold: { paymentId: string; msisdn: string }[] = []
      for (let n = 0; n < payments; n += 1) {
        const msisdn = await two.newNumber()
        const placed = await two.process(n).payments.order({
          msisdn,
          merchantId: '6022',
          what: { amount: BigInt(10 + below(300)) * 10n },
          channel: 'api',
          consent: 'token',
          flow: below(3) === 0 ? 'reserve' : 'charge',
        })
        if (placed.ok) sold.push({ paymentId: placed.value.payment.id, msisdn })
      }
      for (let round = 0; round < 12; round += 1) {
        spoil()
        const restless = sold.map(async (one, n) => {
          const act = below(8)
          if (act === 0) await two.process(n).payments.confirm(one)
          if (act === 1) await two.process(n).payments.cancel(one)
          if (act === 2) await two.process(n).payments.delivery({ ...one, result: 'failed' })
          if (act === 3)
            await two.process(n).payments.refund({ ...one, amount: 50n, reason: 'test' })
        })
        await Promise.all([...restless, two.settle()])
        two.clock.advance(below(4) === 0 ? 1_800_000 : 20_000)
      }
      two.carrier.clearScripts()
      // A refund's next question may be an hour away.
      for (let hour = 0; hour < 27; hour += 1) {
        two.clock.advance(3_600_000)
        await two.settle()
      }
      expect(await offencesIn(two.db)).toEqual([])
      expect(await two.db.query(openOnes)).toEqual([])
      expect(await ours()).toBe(two.carrier.total())
      expect(two.carrier.total()).toBeGreaterThan(0n)
    },
    120_000,
  )
})

/** Goods wait for their merchant, whatever the carrier does; nothing else may still be open. */
const openOnes = `select state from payment where state in ('awaiting_confirm', 'reserving', 'reserved',
    'charging', 'charge_unknown', 'reversing')
  union all select state from refund where state in ('processing', 'unknown')`
