/** What the carrier says of a line when its number texts. */
import { expect, test } from 'vitest'
import { createTestCarrier } from '../../../test/carrier.ts'
import { testDatabase } from '../../../test/database.ts'
import { manualClock } from '../kernel/index.ts'
import { findSubscriber, introduce } from '../subscribers/index.ts'
import type { CarrierAnswer, Line } from './carrier.ts'
import { createKnownNumbers } from './known-numbers.ts'

test('a number that the carrier has closed is let go of with the change of its status', async () => {
  const stage = await testDatabase()
  const { db } = stage
  const clock = manualClock(Date.UTC(2026, 10, 28, 4))
  const msisdn = '+8613900010001'
  const line: Line = {
    ...{ msisdn, carrier: 'mobile', brand: '神州行', billing: 'prepaid', region: '110000' },
    ...{ language: 'zh', status: 'suspended', available: 0n },
  }
  await introduce(db, line, clock.now())
  const released: string[] = []
  let says: Line['status'] = 'suspended'
  const know = createKnownNumbers({
    ...{ db, clock, log: { info: () => {}, warn: () => {}, error: console.error } },
    carrier: {
      ...createTestCarrier(),
      line: async (): Promise<CarrierAnswer<Line>> => ({
        outcome: 'done',
        value: { ...line, status: says },
      }),
    },
    release: async (_, number, at) => void released.push(`${number} at ${at}`),
  })
  await know(msisdn)
  expect(released).toEqual([])
  says = 'closed'
  await know(msisdn)
  await know(msisdn)
  expect(released).toEqual([`${msisdn} at ${clock.now()}`])
  expect(await findSubscriber(db, msisdn, clock.now())).toMatchObject({ status: 'closed' })
  await stage.close()
})
