import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { engines } from '../../../../test/database.ts'
import { answering, hanging, type Told } from '../../../test/simulated-merchant.ts'
import { cipher, ids, soon, webhookStage } from '../../../test/webhook-stage.ts'
import { bucketOfId } from '../../kernel/index.ts'
import { rotateSecret } from './endpoints.ts'

describe.each(engines)('order and isolation of webhooks on %s', (engine) => {
  const stage = webhookStage(engine)
  const { clock, accepted, errors, work, endpoint, newPayment, record } = stage
  const { log, logged, toldCount, anotherMerchant } = stage

  test('events of a payment arrive in their order, the later waiting for the earlier', async () => {
    work()
    const { merchantId } = await endpoint()
    stage.merchant.script.push(answering(500))
    const [first, second] = [newPayment(), newPayment()]
    await record(merchantId, first, 'payment.asked', 'payment.charged', 'payment.delivered')
    await logged(merchantId, { attempts: 1 }, { attempts: 0 }, { attempts: 0 })
    // Another payment of the same merchant does not wait.
    await record(merchantId, second, 'payment.asked')
    await toldCount(2)
    clock.advance(15_000)
    await toldCount(5)
    const types = stage.merchant.told.map(
      ({ body }) => JSON.parse(body) as { type: string; data: object },
    )
    expect(
      types.filter(({ data }) => Object.values(data).includes(first)).map(({ type }) => type),
    ).toEqual(['payment.asked', 'payment.asked', 'payment.charged', 'payment.delivered'])
  })

  test('a dead merchant with many events holds up nobody else', async () => {
    const dead = stage.merchant
    const living = await anotherMerchant()
    work()
    dead.otherwise = hanging
    const one = await endpoint(dead)
    const other = await endpoint(living)
    for (let i = 0; i < 50; i += 1) await record(one.merchantId, newPayment(), 'payment.charged')
    await toldCount(4, dead)
    for (let i = 0; i < 50; i += 1) await record(other.merchantId, newPayment(), 'payment.charged')
    await toldCount(50, living)
    // The dead one was asked by four at once all the while, and none of them is back yet.
    expect(dead.told).toHaveLength(4)
    await dead.close()
    await expect.poll(() => errors.length, soon).toBe(0)
  })

  test('a worker that stops ends what it began and leaves the rest for another', async () => {
    stage.merchant.otherwise = hanging
    const worker = work({}, 400)
    const { merchantId } = await endpoint()
    const events = 60
    for (let i = 0; i < events; i += 1) await record(merchantId, newPayment(), 'payment.asked')
    await expect.poll(() => stage.merchant.told.length, soon).toBeGreaterThanOrEqual(4)
    await worker.stop()
    const tried = (await log(merchantId)).filter(({ attempts }) => attempts > 0)
    const began = stage.merchant.told.map((told) => told.headers['webhook-id'])
    expect(tried.map(({ eventId }) => eventId)).toEqual(expect.arrayContaining(began))
    expect(tried.length).toBeLessThan(events)
  })

  test('a worker that dies between sending and writing sends again, same id, no second effect lost', async () => {
    const { merchantId } = await endpoint()
    let calls = 0
    work({
      onAccepted: async (paymentId) => {
        calls += 1
        if (calls === 1) throw new Error('killed')
        accepted.push(paymentId)
      },
    })
    const paymentId = newPayment()
    await record(merchantId, paymentId, 'payment.charged')
    await expect.poll(() => errors.splice(0).map(String), soon).toEqual(['Error: killed'])
    await logged(merchantId, { state: 'pending', attempts: 0 })
    clock.advance(60_001)
    await logged(merchantId, { state: 'delivered', attempts: 1 })
    expect(new Set(stage.merchant.told.map((told) => told.headers['webhook-id'])).size).toBe(1)
    expect(accepted).toEqual([paymentId])
  })

  test('two workers share the work: each event arrives once', async () => {
    work()
    work()
    const { merchantId } = await endpoint()
    await Promise.all(
      Array.from({ length: 60 }, () => record(merchantId, newPayment(), 'payment.charged')),
    )
    await toldCount(60)
    await expect
      .poll(async () => (await log(merchantId)).every(({ state }) => state === 'delivered'), soon)
      .toBe(true)
    expect(new Set(stage.merchant.told.map((told) => told.headers['webhook-id'])).size).toBe(60)
  })

  test('while a secret is changed both sign, afterwards only the new one', async () => {
    work()
    const { merchantId, endpointId, secret } = await endpoint()
    const rotated = await stage.db.transact((tx) =>
      rotateSecret(tx, { merchantId, endpointId, overlapMs: 60_000 }, { ids, cipher }, clock.now()),
    )
    if (!rotated.ok) throw new Error(rotated.refusal)
    const believed = (by: string, { body, headers }: Told) => {
      try {
        new Webhook(by).verify(body, headers as Record<string, string>)
        return true
      } catch {
        return false
      }
    }
    await record(merchantId, newPayment(), 'payment.charged')
    await toldCount(1)
    clock.advance(60_000)
    await record(merchantId, newPayment(), 'payment.charged')
    await toldCount(2)
    const next = rotated.value.secret.reveal()
    expect(
      stage.merchant.told.map((told) => [believed(secret, told), believed(next, told)]),
    ).toEqual([
      [true, true],
      [false, true],
    ])
  })

  test('an event that was rolled back is not told, and ids lead to their bucket', async () => {
    work()
    const { merchantId } = await endpoint()
    const event = {
      bucket: 7,
      merchantId,
      type: 'payment.charged',
      paymentId: newPayment(),
      seq: 1,
      at: clock.now(),
      data: {},
    } as const
    await expect(
      stage.db.transact(async (tx) => {
        stage.recorder.record(tx, [event])
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await log(merchantId)).toEqual([])
    await record(merchantId, event.paymentId, 'payment.charged')
    await logged(merchantId, { state: 'delivered' })
    expect((await log(merchantId)).map(({ eventId }) => bucketOfId(eventId))).toEqual([7])
  })
})
