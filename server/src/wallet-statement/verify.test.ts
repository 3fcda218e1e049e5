/** Rows of payments from wallets that were changed behind everybody's back are found. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { createStage, type Stage } from '../../../test/wallet/stage.ts'
import { alice, bob, createWorld, type World } from '../../../test/world.ts'

let world: World
let stage: Stage
beforeAll(async () => {
  world = await createWorld()
  stage = await createStage({ db: world.db, clock: world.clock })
  await stage.customer(alice, 50_00n)
  await stage.customer(bob)
  const placed = await world.payments.order({
    ...{ msisdn: alice, merchantId: '6021', what: { product: '100' } },
    ...{ channel: 'api', consent: 'device', flow: 'charge', source: 'wallet' },
  })
  if (!placed.ok) throw new Error(placed.refusal)
  const { id: paymentId } = placed.value.payment
  await world.payments.refund({ paymentId, msisdn: alice, amount: 4_00n, reason: 'test' })
})
afterAll(async () => {
  await stage?.close()
  await world?.close()
})

class Undone extends Error {}

/** What is found of a change that is taken back again. */
async function found(change: string): Promise<string[]> {
  let offences: string[] = []
  const undone = world.db.transact(async (tx) => {
    await tx.query(change)
    offences = await offencesIn(tx)
    throw new Undone()
  })
  await expect(undone).rejects.toThrow(Undone)
  return offences.map((text) => text.split(':')[0] ?? '')
}

test.each([
  [
    'less is counted than was paid',
    `update limit_counter set used = used - 1 where subject like 'wallet:%' and period like 'Y%'`,
    'wallet_limits_count_what_left',
  ],
  [
    'another wallet has paid',
    `update payment set wallet_id = (select id from wallet_account where msisdn = '${bob}')`,
    'payment_charges_are_in_the_ledger',
  ],
  [
    'a payment of another day',
    `update payment set business_date = business_date - 1`,
    'payment_charges_are_in_the_ledger',
  ],
  [
    'a refund that was not made',
    `update refund set state = 'denied', business_date = null`,
    'payment_refunds_are_in_the_ledger',
  ],
  [
    'a line without a payment',
    `update transfer set reason = 'payment' where reason = 'cash_in'`,
    'payment_charges_are_in_the_ledger',
  ],
  [
    'a line without a refund',
    `update transfer set reason = 'refund' where reason = 'cash_in'`,
    'payment_refunds_are_in_the_ledger',
  ],
])('%s', async (_, change, invariant) => {
  expect(await found(change)).toContain(invariant)
})

test('as it is nothing is found', async () => {
  expect(await offencesIn(world.db)).toEqual([])
})
