/** What is asked of a carrier for a payment, by the state it is in. */
import { expect, test } from 'vitest'
import type { Charge, Funding } from './carrier.ts'
import { tripFor } from './drive.ts'
import type { Payment } from './payment.ts'

const minute = 60_000

/** A carrier that never saw the charge and takes it when it comes. */
function carrier() {
  const charges: Charge[] = []
  const funding: Partial<Funding> = {
    query: async () => ({ outcome: 'done', value: 'not_found' }),
    async charge(charge) {
      charges.push(charge)
      return { outcome: 'done', value: 'committed', carrierRef: 'B1' }
    },
  }
  return { charges, funding: funding as Funding }
}

const name = { zh: '星游', en: 'Star Games' }
const payment = (state: Payment['state']) =>
  ({ state, flow: 'charge', confirmedAt: 0, chargeId: 'CH1', goods: name }) as Payment

test.each([
  ['charging', false],
  ['charge_unknown', true],
] as const)('a charge in %s is marked as sent before: %s', async (state, isRepeated) => {
  const { charges, funding } = carrier()
  expect(await tripFor(funding, payment(state), name, 5_000)).toMatchObject({ kind: 'committed' })
  expect(charges).toMatchObject([{ chargeId: 'CH1', isRepeated }])
})

test('after half an hour nobody waits for it: what the carrier never saw is not sent again', async () => {
  const { charges, funding } = carrier()
  const trip = await tripFor(funding, payment('charge_unknown'), name, 31 * minute)
  expect(trip).toEqual({ kind: 'unknown', detail: 'carrier says not_found' })
  expect(charges).toEqual([])
})
