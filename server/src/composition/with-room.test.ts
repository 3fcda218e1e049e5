import { expect, onTestFinished, test } from 'vitest'
import { alice, createWorld } from '../../../test/world.ts'
import { DeadlinePassed, DiskLow } from '../db/index.ts'
import { withRoom } from './with-room.ts'

test('without room nothing is ordered, and what was paid is still given back', async () => {
  const world = await createWorld()
  onTestFinished(() => world.close())
  let low = false
  const payments = withRoom(world.payments, {
    require() {
      if (low) throw new DiskLow('no room')
    },
    state: () => ({ freeBytes: 0, low }),
    stop: () => {},
  })
  const order = {
    msisdn: alice,
    merchantId: '6021',
    what: { product: '100' },
    channel: 'api',
    consent: 'token',
    flow: 'charge',
  } as const
  const placed = await payments.order(order)
  expect(placed.ok).toBe(true)
  const paymentId = placed.ok ? placed.value.payment.id : ''
  await world.settle()
  // What comes too late is not done.
  await expect(payments.order(order, world.clock.now() - 1)).rejects.toThrow(DeadlinePassed)

  low = true
  await expect(payments.order(order)).rejects.toThrow(DiskLow)
  const text = { from: alice, to: '1065800886021', receivedAt: 0, gateway: 'g', messageId: null }
  const reading = { text: '100' } as never
  await expect(payments.text({ ...text, reading })).rejects.toThrow(DiskLow)
  expect(await payments.list({ order: 'asc', offset: 0, limit: 10 })).toMatchObject({ total: 1 })
  const refund = { paymentId, msisdn: alice, reason: 'test' }
  expect(await payments.refund(refund)).toMatchObject({ ok: true })
  await world.settle()
  expect(world.carrier.total()).toBe(0n)
})
