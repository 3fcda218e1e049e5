/**
 * Whatever billers say and people ask for, in whatever order: only edges of the table are taken, a bill has one end,
 * and what the wallet has is what it had, less what is written off or still open. `TELEPURSE_RUNS` asks for more.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createStage, type Stage } from '../../../test/billers/stage.ts'
import { offencesIn } from '../../../test/books.ts'
import { isPaid, isUndecided, next, type State } from './bill.ts'
import type { Command, Outcome } from './command.ts'
import { runBatch } from './commands.ts'
import { history, tables } from './store.ts'

const runs = Number(process.env.TELEPURSE_RUNS ?? 6)
let stage: Stage
beforeAll(async () => {
  stage = await createStage()
})
afterAll(() => stage?.close())

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constant<Outcome>({ kind: 'written_off', receiptNo: 'R', date: '2026-09-12' }),
  fc.constant<Outcome>({ kind: 'not_written_off', reason: 'refused' }),
  fc.constant<Outcome>({ kind: 'not_found' }),
  fc.constant<Outcome>({ kind: 'unknown', detail: 'x' }),
  fc.constant<Outcome>({ kind: 'unsent', detail: 'x' }),
)
const place = fc.nat(2)
const happening = fc.oneof(
  fc.record({ kind: fc.constant('pay' as const), place, key: fc.nat(3) }),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('say' as const),
      place,
      outcome,
      attempt: fc.integer({ min: 1, max: 3 }),
    }),
  },
  fc.record({ kind: fc.constant('lapse' as const), place }),
  fc.record({ kind: fc.constant('wait' as const), minutes: fc.nat(6) }),
)

let numbers = 0

test('only edges of the table are taken, every bill ends at most once, and no fen is lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(happening, { maxLength: 6 }), { maxLength: 6 }),
      async (batches) => {
        numbers += 1
        const { msisdn, walletId } = await stage.customer(
          `+86131${String(numbers).padStart(8, '0')}`,
          200_00n,
        )
        // Two of one account, one of another.
        const bills = [
          await stage.inquired(msisdn, '0000000001'),
          await stage.inquired(msisdn, '0000000001'),
          await stage.inquired(msisdn, '0000000002'),
        ]
        for (const batch of batches) {
          const commands: Command[] = []
          for (const one of batch) {
            if (one.kind === 'wait') {
              stage.clock.advance(one.minutes * 60_000)
              continue
            }
            const billId = bills[one.place]?.id ?? ''
            const named = { msisdn, walletId, billId }
            if (one.kind === 'pay')
              commands.push({
                kind: 'pay',
                msisdn,
                order: { msisdn, billId, key: `k${one.key}`, channel: 'web' },
              })
            else if (one.kind === 'lapse') commands.push({ kind: 'lapse', ...named })
            else
              commands.push({
                kind: 'answered',
                ...named,
                outcome: one.outcome,
                attempt: one.attempt,
              })
          }
          const { db, options, clock } = stage
          if (commands.length > 0)
            await runBatch({ db, context: options.context, commands, now: clock.now() })
        }
        const after = await tables.bill.byIds(
          stage.db,
          bills.map(({ id }) => id),
        )
        for (const bill of after) {
          const steps = (await history.of(stage.db, bill.id)).map(({ state }) => state as State)
          for (const [n, state] of steps.entries()) {
            const before = steps[n - 1]
            const leads: { readonly [from: string]: readonly State[] } = next
            if (before !== undefined && before !== state) expect(leads[before]).toContain(state)
          }
          expect((await stage.lines(bill.id)).length).toBe(
            bill.state === 'refunded' ? 2 : isPaid(bill) ? 1 : 0,
          )
        }
        const spent = after.filter(isPaid).length
        expect(await stage.available(msisdn)).toBe(200_00n - BigInt(spent) * 86_40n)
        const open = after.filter(isUndecided).map(({ accountNo }) => accountNo)
        expect(new Set(open).size).toBe(open.length)
      },
    ),
    { numRuns: runs },
  )
  expect(await offencesIn(stage.db)).toEqual([])
})
