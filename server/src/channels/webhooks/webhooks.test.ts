import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { engines } from '../../../../test/database.ts'
import {
  answering,
  closing,
  dripping,
  flooding,
  hanging,
} from '../../../test/simulated-merchant.ts'
import { soon, webhookStage } from '../../../test/webhook-stage.ts'
import { changeEndpoint } from './endpoints.ts'
import { resend } from './resend.ts'
import { retryWaitsMs } from './schedule.ts'

describe.each(engines)('webhooks on %s', (engine) => {
  const stage = webhookStage(engine)
  const { clock, accepted, work, endpoint, newPayment, record } = stage
  const { log, logged, toldCount } = stage

  test('an event arrives once, signed, with the words of the event, and is logged', async () => {
    work()
    const { merchantId, secret } = await endpoint()
    const paymentId = newPayment()
    await record(merchantId, paymentId, 'payment.charged')
    await record(merchantId, paymentId, 'payment.charged')
    await logged(merchantId, { state: 'delivered', attempts: 1, lastStatus: 200, lastError: null })
    await record(merchantId, paymentId, 'payment.charged')
    await expect
      .poll(
        async () => await stage.db.query(`select 1 from job where topic = 'webhook.deliver'`),
        soon,
      )
      .toEqual([])
    const [told] = stage.merchant.told
    expect(stage.merchant.told).toHaveLength(1)
    const body = new Webhook(secret).verify(
      told?.body ?? '',
      told?.headers as Record<string, string>,
    )
    expect(body).toMatchObject({ type: 'payment.charged', data: { paymentId, amount: '1000' } })
    expect(told?.headers['webhook-id']).toBe((body as { id: string }).id)
    expect(accepted).toEqual([paymentId])
  })

  test('only the types that were asked for are sent, and only a charge is reported back', async () => {
    work()
    const { merchantId } = await endpoint(stage.merchant, ['payment.delivered'])
    await record(merchantId, newPayment(), 'payment.charged', 'payment.delivered')
    await logged(merchantId, { type: 'payment.delivered', state: 'delivered' })
    expect(stage.merchant.told).toHaveLength(1)
    expect(accepted).toEqual([])
  })

  test.each([
    ['answers 500', answering(500), 'answered 500'],
    ['redirects', answering(302), 'answered 302'],
    ['hangs', hanging, 'timed_out'],
    ['closes', closing, 'connection_lost'],
    ['drips', dripping, 'timed_out'],
    ['floods', flooding, 'reply_too_large'],
  ])(
    'a merchant that %s is told again, with the same id and body',
    async (_what, answer, error) => {
      work({}, 3_000)
      const { merchantId } = await endpoint()
      stage.merchant.script.push(answer)
      await record(merchantId, newPayment(), 'payment.charged')
      await logged(merchantId, { state: 'pending', attempts: 1, lastError: error })
      expect(accepted).toEqual([])
      clock.advance(15_000)
      await logged(merchantId, { state: 'delivered', attempts: 2, lastError: null })
      const [first, second] = stage.merchant.told
      expect(stage.merchant.told).toHaveLength(2)
      expect(second?.body).toBe(first?.body)
      expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
      expect(second?.headers['webhook-timestamp']).not.toBe(first?.headers['webhook-timestamp'])
    },
  )

  test('what nobody takes for a day is dead and seen, and comes to life when sent again', async () => {
    work()
    stage.merchant.otherwise = answering(503)
    const { merchantId } = await endpoint()
    await record(merchantId, newPayment(), 'refund.succeeded')
    for (const [i, wait] of retryWaitsMs.entries()) {
      await logged(merchantId, { state: 'pending', attempts: i + 1 })
      clock.advance(wait)
    }
    await logged(merchantId, { state: 'dead', attempts: 16, lastError: 'answered 503' })
    stage.merchant.otherwise = answering(200)
    const [dead] = await log(merchantId)
    if (!dead) throw new Error('the delivery is in the log')
    const again = (of: string) =>
      stage.db.transact((tx) => resend(tx, { ...dead, merchantId: of }, clock.now()))
    expect(await again('9999')).toMatchObject({ refusal: 'delivery_not_found' })
    expect(await again(merchantId)).toMatchObject({ ok: true, value: { state: 'pending' } })
    await logged(merchantId, { state: 'delivered', attempts: 1 })
    expect(new Set(stage.merchant.told.map((told) => told.headers['webhook-id'])).size).toBe(1)
    await again(merchantId)
    await toldCount(18)
  })

  test('410 closes the endpoint and what still waited for it; switching it on opens it again', async () => {
    work()
    const own = await endpoint()
    const { merchantId, endpointId } = own
    stage.merchant.script.push(answering(410))
    await record(merchantId, newPayment(), 'payment.charged', 'payment.delivered')
    await logged(
      merchantId,
      { state: 'dead', lastError: 'answered 410', attempts: 1 },
      { state: 'dead', lastError: 'endpoint_gone', attempts: 0 },
    )
    expect(stage.merchant.told).toHaveLength(1)
    const [dead] = await log(merchantId)
    if (!dead) throw new Error('the delivery is in the log')
    const again = () => stage.db.transact((tx) => resend(tx, { ...dead, merchantId }, clock.now()))
    expect(await again()).toMatchObject({ refusal: 'endpoint_not_on' })
    const tools = { client: { urlRefusal: () => null } }
    const command = { merchantId, endpointId, changes: { status: 'on' as const } }
    await stage.db.transact((tx) => changeEndpoint(tx, command, tools, clock.now()))
    expect(await again()).toMatchObject({ ok: true })
    await logged(merchantId, { state: 'delivered' }, { state: 'dead' })
  })
})
