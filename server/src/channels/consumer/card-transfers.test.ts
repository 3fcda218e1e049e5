/** To somebody's bank card from the app: quoted, sent once however often it is tapped, and refused clearly. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ConsumerStage, openConsumerStage, pin } from '../../../test/consumer-stage.ts'
import { walletInvariants } from '../../wallet/index.ts'

const pan = '9990010000000096215'
let stage: ConsumerStage
beforeAll(async () => {
  stage = await openConsumerStage()
})
afterAll(async () => {
  for (const { name, check } of walletInvariants)
    expect([name, (await check(stage.db)).offences]).toEqual([name, 0n])
  await stage.close()
})

async function sender(balance: bigint) {
  const { msisdn } = await stage.newCustomer(balance)
  const device = await stage.signIn(msisdn)
  const order = (more: object = {}) => ({
    ...{ pan, name: '林晚', amount: '20000', pin, key: stage.newKey() },
    ...more,
  })
  return { ...device, order, send: (body: object) => device.post('/card-transfers', body) }
}

test('quoted with bank and fee, sent once under its key, and in the statement without the number', async () => {
  const one = await sender(500_00n)
  const quote = await one.post('/card-transfers/quote', { pan, amount: '20000' })
  expect(quote.body).toEqual({
    ...{ bank: { zh: '江城银行', en: 'Jiangcheng Bank' }, last4: '6215' },
    ...{ fee: '20', total: '20020' },
  })
  const order = one.order()
  const [first, again] = [await one.send(order), await one.send(order)]
  expect([first.status, again.status]).toEqual([201, 200])
  expect(first.body).toMatchObject({
    ...{ kind: 'card_transfer', state: 'paid', payee: '*晚', last4: '6215', fee: '20' },
  })
  expect(again.body).toEqual(first.body)
  expect((await one.get('/balance')).body.available).toBe('29980')
  const { items } = (await one.get('/lines?kind=card_transfer')).body
  expect(items).toMatchObject([{ amount: '-20000', counterparty: { zh: '*晚 尾号6215' } }])
  const stranger = await sender(0n)
  expect((await stranger.get(`/movements/${first.body.id}`)).status).toBe(404)
  for (const said of [first.body, items]) expect(JSON.stringify(said)).not.toContain(pan)
})

test.each([
  ['a credit card', { pan: '9990020000000096215' }, [409, 'WL-07']],
  ['a card of nobody here', { pan: '6222020200012345678' }, [422, 'AP-33']],
  ['another PIN', { pin: '111222' }, [409, 'AP-24']],
  ['more than there is', { amount: '50000' }, [409, 'WL-01']],
  ['no number of a card', { pan: '12' }, [422, undefined]],
  ['no name of a person', { name: '12345' }, [422, undefined]],
  ['no name', { name: ' ' }, [422, undefined]],
])('%s is refused, and nothing moves', async (_, change, [status, code]) => {
  const one = await sender(500_00n)
  const { status: got, body } = await one.send(one.order(change))
  expect([got, body.code]).toEqual([status, code])
  expect(JSON.stringify(body)).not.toContain(pan)
  expect((await one.get('/balance')).body.available).toBe('50000')
})
