/** Top-up vouchers in the app: what is answered, to whom, and that no answer or row says a code. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../../test/books.ts'
import { type ConsumerStage, openConsumerStage } from '../../../test/consumer-stage.ts'
import { Secret } from '../../kernel/index.ts'

let stage: ConsumerStage
beforeAll(async () => {
  stage = await openConsumerStage()
})
afterAll(async () => {
  expect(await offencesIn(stage.db)).toEqual([])
  await stage.close()
})

async function customer() {
  const { msisdn } = await stage.newCustomer(0n)
  return stage.signIn(msisdn)
}
const path = '/top-ups/voucher'

test('a voucher comes into the balance and the statement; asked again it is the same answer', async () => {
  const [code = new Secret('')] = await stage.topUpCodes()
  const device = await customer()
  const body = { code: code.reveal().replace(/(\d{4})/g, '$1 '), key: stage.newKey() }
  const first = await device.post(path, body)
  expect(first).toMatchObject({ status: 201, body: { amount: '5000' } })
  expect(first.body.serial).toMatch(/^\d{12}$/)
  expect(await device.post(path, body)).toMatchObject({ status: 200, body: first.body })
  expect(await device.get('/balance')).toMatchObject({ body: { available: '5000' } })
  const { body: lines } = await device.get('/lines?kind=top_up_voucher')
  expect(lines.items).toMatchObject([
    { kind: 'top_up_voucher', amount: '5000', title: { zh: '充值卡充值' } },
  ])
  expect(await (await customer()).post(path, { ...body, key: stage.newKey() })).toMatchObject({
    ...{ status: 409, body: { code: 'TV-09' } },
  })
})

test('wrong codes say no more than that, and lock the number', async () => {
  const device = await customer()
  const send = (code: string) => device.post(path, { code, key: stage.newKey() })
  expect(await send('4242 4242 4242 4243')).toMatchObject({ status: 422, body: { code: 'TV-06' } })
  for (let tried = 0; tried < 5; tried += 1)
    expect(await send('4242 4242 4242 4242')).toMatchObject({
      status: 422,
      body: { code: 'TV-07' },
    })
  const [code = new Secret('')] = await stage.topUpCodes()
  expect(await send(code.reveal())).toMatchObject({ status: 429, body: { code: 'TV-05' } })
})

test('an address that guesses for many numbers is turned away', async () => {
  const device = await customer()
  const send = (code: string) => device.post(path, { code, key: stage.newKey() })
  // All but two of what an address has in an hour, of which five were sent above.
  for (let others = 5; others < 58; others += 1) stage.desk.voucherGuesses.wrong('198.51.0.0')
  for (let tried = 0; tried < 2; tried += 1)
    expect((await send('5555555555554444')).status).toBe(422)
  const [code = new Secret('')] = await stage.topUpCodes()
  expect((await send(code.reveal())).status).toBe(429)
})
