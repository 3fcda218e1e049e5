/**
 * Whatever happens, in whatever order: a batch is worth its commands one by one, and nobody is charged
 * without a yes, twice, or beyond a limit. `TELEPURSE_RUNS` asks for more runs than every commit needs.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { createLane, introduceLine, theCode } from '../../../test/lane.ts'
import { batches, createPlot } from '../../../test/payments/happenings.ts'
import { rowsOf } from '../../../test/payments/rows.ts'
import { createWorld, tenOClock, type World } from '../../../test/world.ts'
import { seedMerchants } from '../demo/seed.ts'
import type { Command } from './command.ts'
import type { Payment } from './payment.ts'

const runs = Number(process.env.TELEPURSE_RUNS ?? 20)

let world: World
let other: TestDatabase
beforeAll(async () => {
  other = await testDatabase()
  world = await createWorld()
  await seedMerchants(other.db, world.ids, tenOClock)
})
afterAll(async () => {
  await world?.close()
  await other?.close()
})

let plots = 0
function newNumbers(): [string, string] {
  plots += 1
  const tail = String(plots).padStart(6, '0')
  return [`+861391${tail}0`, `+861392${tail}0`]
}

const paymentsOf = async (msisdn: string): Promise<readonly Payment[]> =>
  (await world.payments.list({ msisdn, order: 'asc', offset: 0, limit: 1_000 })).items

test('a batch is worth its commands one by one, and nothing is charged without a yes', async () => {
  const together = createLane(world, world.db)
  const apart = createLane(world, other.db)
  await fc.assert(
    fc.asyncProperty(batches, async (all) => {
      const numbers = newNumbers()
      for (const number of numbers) {
        await introduceLine(world.db, number, world.clock.now())
        await introduceLine(other.db, number, world.clock.now())
      }
      const name = `plot${plots}`
      const plot = createPlot(numbers, name)
      const scope = { numbers, scopes: [`order:${name}`, `refund:${name}`] }
      const yeses: Yes[] = []
      for (const { passed, happenings } of all) {
        world.clock.advance(passed)
        const now = world.clock.now()
        const known = [...(await paymentsOf(numbers[0])), ...(await paymentsOf(numbers[1]))]
        const commands = happenings.flatMap((one) => plot.command(one, now, known) ?? [])
        yeses.push(...commands.flatMap((command) => yesIn(command, now)))
        const results = await together.together(commands)
        expect(withoutChance(results)).toEqual(withoutChance(await apart.oneByOne(commands)))
      }
      expect(await rowsOf(world.db, scope)).toEqual(await rowsOf(other.db, scope))
      for (const number of numbers) expectConsent(await paymentsOf(number), yeses)
    }),
    { numRuns: runs, endOnFailure: true },
  )
  // Nobody works off the timers here, and time jumps: what is unknown stays unknown for weeks.
  const except = ['payment_outcomes_are_known_in_a_day']
  expect(await offencesIn(world.db, except)).toEqual([])
  expect(await offencesIn(other.db, except)).toEqual([])
  expect(await beyondLimits()).toEqual([])
}, 600_000)

interface Yes {
  readonly msisdn: string
  readonly at: number
  /** Of a code on a page; a text may mean any open question of its sender. */
  readonly paymentId?: string
}

function yesIn(command: Command, now: number): Yes[] {
  if (command.kind === 'validate' && command.code === theCode)
    return [{ msisdn: command.msisdn, at: now, paymentId: command.paymentId }]
  if (command.kind === 'approve')
    return [{ msisdn: command.msisdn, at: now, paymentId: command.paymentId }]
  if (command.kind !== 'text') return []
  const { reading, receivedAt: at } = command.text
  return reading.yes !== null || reading.code === theCode ? [{ msisdn: command.msisdn, at }] : []
}

const replyMs = { sms: 30 * 60_000, web: 10 * 60_000, api: 10 * 60_000 }

/** Every charge was wanted, in time; of the phone bill one a minute at most. A PIN is no reply, nor a reply a PIN. */
function expectConsent(payments: readonly Payment[], yeses: readonly Yes[]): void {
  const confirmed = payments.filter((payment) => payment.confirmedAt !== null)
  for (const { id, msisdn, consent, channel, createdAt, confirmedAt } of confirmed) {
    const at = confirmedAt ?? 0
    if (consent === 'token') expect(at).toBe(createdAt)
    else {
      const said = yeses.filter((yes) => yes.msisdn === msisdn && yes.at === at)
      const isAny = consent !== 'pin'
      const meant = said.filter((yes) => (isAny && !yes.paymentId) || yes.paymentId === id)
      expect(meant.length).toBeGreaterThan(0)
    }
    expect(at).toBeGreaterThanOrEqual(createdAt)
    expect(at - createdAt).toBeLessThanOrEqual(replyMs[channel])
  }
  const billed = confirmed.filter(({ source }) => source === 'phone_bill')
  const times = billed.map((payment) => payment.confirmedAt ?? 0).sort((a, b) => a - b)
  for (const [i, at] of times.entries())
    if (i > 0) expect(at - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(60_000)
}

const beyondLimits = () =>
  world.db.query(`select subject, period, used from limit_counter
    where subject ~ '^(number|card):' and used > case left(period, 1) when 'D' then 5000 else 10000 end
    union all
    select id::text, state, amount from payment where confirmed_at is not null
      and amount > case source when 'card' then 3500 else 3000 end`)

/** Ids and numbers that are drawn on the way. */
const withoutChance = (results: unknown): unknown =>
  JSON.parse(
    JSON.stringify(results, (key, value: unknown) => {
      if (key === 'orderNo' || key === 'chargeId') return undefined
      return typeof value === 'bigint' ? value.toString() : value
    }),
  )
