/**
 * Payments from wallets, refunds and failed deliveries, whatever they are and in whatever order: a batch is worth
 * its commands one by one, no wallet pays what it has not, and no fen appears or goes.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { createStage, type Stage } from '../../../test/wallet/stage.ts'
import { createWorld, type World } from '../../../test/world.ts'
import { accountBalances } from '../ledger/index.ts'

const runs = Number(process.env.TELEPURSE_RUNS ?? 12)

interface Side {
  readonly world: World
  readonly stage: Stage
}
let sides: Side[]
beforeAll(async () => {
  sides = await Promise.all(
    [0, 1].map(async () => {
      const world = await createWorld({
        policy: { walletDayLimit: 60_00n, staticCodeDayLimit: 30_00n },
      })
      return { world, stage: await createStage({ db: world.db, clock: world.clock }) }
    }),
  )
})
afterAll(async () => {
  for (const { world, stage } of sides ?? []) {
    await stage.close()
    await world.close()
  }
})

const happening = fc.record({
  who: fc.integer({ min: 0, max: 1 }),
  what: fc.constantFrom('pay', 'pay', 'code', 'refund', 'fail'),
  amount: fc.constantFrom(9n, 10n, 3_00n, 15_00n, 25_00n),
  /** Which of the payments so far. */
  which: fc.nat(5),
  key: fc.nat(6),
})
type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never

test('a batch is worth its commands one by one', async () => {
  let plots = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(happening, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 }),
      async (batches) => {
        plots += 1
        const numbers = [1, 2].map((n) => `+86138${n}${String(plots).padStart(7, '0')}`)
        const stories = await Promise.all(
          sides.map(async (side, at) => {
            for (const number of numbers) await side.stage.customer(number, 50_00n)
            const told: unknown[] = []
            for (const batch of batches) told.push(await tell(side, numbers, batch, at === 0))
            const left = await Promise.all(numbers.map((one) => side.stage.available(one)))
            return { told, left }
          }),
        )
        expect(stories[0]).toEqual(stories[1])
        for (const left of stories[0]?.left ?? []) expect(left).toBeGreaterThanOrEqual(0n)
      },
    ),
    { numRuns: runs, endOnFailure: true },
  )
  for (const { world } of sides) {
    expect(await offencesIn(world.db)).toEqual([])
    const kinds = ['user-balance:', 'merchant-pending:', 'counter-cash:']
    const sums = await Promise.all(kinds.map((prefix) => accountBalances(world.db, { prefix })))
    const total = sums.flat().reduce((sum, one) => sum + one.creditsPosted - one.debitsPosted, 0n)
    expect(total).toBe(0n)
  }
}, 120_000)

const pays = (what: Happening['what']) => what === 'pay' || what === 'code'

/** What came of each, in words that know no ids. */
async function tell(
  { world }: Side,
  numbers: readonly string[],
  batch: readonly Happening[],
  isTogether: boolean,
) {
  const { payments } = world
  const known = (
    await Promise.all(
      numbers.map((msisdn) => payments.list({ msisdn, order: 'asc', offset: 0, limit: 100 })),
    )
  ).map(({ items }) => items.filter(({ state }) => state !== 'refused'))
  async function run({ who, what, amount, which, key }: Happening): Promise<string> {
    const msisdn = numbers[who] ?? ''
    if (pays(what)) {
      const contentHash = `${what} ${amount}`
      const content = { scope: `plot:${msisdn}`, key: String(key), contentHash }
      const placed = await payments.order({
        ...{ msisdn, merchantId: '6021', what: { amount }, keys: [content] },
        ...{ channel: 'api', consent: 'device', flow: 'charge', source: 'wallet' },
        ...(what === 'code' && { codeProof: 'static_code' }),
      })
      return placed.ok ? `paid ${placed.value.replayed}` : `${placed.refusal} ${placed.left ?? ''}`
    }
    const paymentId = known[who]?.[which]?.id
    if (paymentId === undefined) return 'nothing'
    if (what === 'fail') {
      const failed = await payments.delivery({ paymentId, msisdn, result: 'failed' })
      return failed.ok ? failed.value.state : failed.refusal
    }
    const refunded = await payments.refund({ paymentId, msisdn, amount, reason: 'test' })
    return refunded.ok ? `refund ${refunded.value.state}` : refunded.refusal
  }
  // So that no two payments are of one millisecond in the one and not in the other.
  world.clock.advance(1_000)
  // Whatever ends or corrects something goes before orders that wait with it, whoever came first.
  const inOrder = batch.toSorted((a, b) => Number(pays(a.what)) - Number(pays(b.what)))
  if (isTogether) return Promise.all(inOrder.map(run))
  const told: string[] = []
  for (const one of inOrder) told.push(await run(one))
  return told
}
