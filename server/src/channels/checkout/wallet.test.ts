/** The payment page with the balance of a wallet: chosen there, answered on the phone with the PIN, paid at once. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { offencesIn } from '../../../../test/books.ts'
import { createPayer, type Payer } from '../../../../test/payer.ts'
import { type Answer, openShop, type Shop } from '../../../../test/shop.ts'
import { createStage, type Stage } from '../../../../test/transfers/stage.ts'
import type { Msisdn } from '../../kernel/index.ts'

let shop: Shop
let people: Stage
let payer: Payer
beforeAll(async () => {
  shop = await openShop({ acceptsWallets: true })
  people = await createStage({ db: shop.db, clock: shop.clock })
  payer = createPayer(shop)
})
beforeEach(() => payer.begin())
afterAll(async () => {
  expect(await offencesIn(shop.db)).toEqual([])
  await people.close()
  await shop.close()
})

const me = (): Msisdn => `+86${payer.now.me}`
async function approve() {
  const { paymentId } = (await shop.call('GET', `/v1/checkouts/${payer.now.page}`)).body
  return shop.payments.approve({ paymentId, msisdn: me() })
}

test('the balance is chosen, the PIN asked for by text, and the page turns when it was right', async () => {
  await people.customer(me(), 50_00n)
  const carrierBefore = shop.carrier.total()
  expect(await payer.look()).toMatchObject({
    limits: { single: '3000' },
    walletLimits: { single: '5000000', day: '5000000' },
  })
  const asked = await payer.enter({ source: 'wallet' })
  expect(asked.body).toMatchObject({ state: 'waiting', source: 'wallet' })
  expect(asked.body).not.toHaveProperty('text')
  expect(await people.available(me())).toBe(50_00n)
  expect(await approve()).toMatchObject({ ok: true })
  await payer.settled()
  expect(await payer.look()).toMatchObject({ state: 'paid', source: 'wallet' })
  expect(await people.available(me())).toBe(40_00n)
  expect(shop.carrier.total()).toBe(carrierBefore)
})

test('a number without a wallet, or with too little in it, is declined to the letter like any other', async () => {
  const without = ({ msisdn, id, orderNo, now, expiresAt, captcha, ...rest }: Answer['body']) =>
    rest
  const answers: unknown[] = []
  for (const amount of [null, 9_99n]) {
    await payer.begin()
    if (amount !== null) await people.customer(me(), amount)
    const { status, body } = await payer.enter({ source: 'wallet' })
    answers.push([status, without(body)])
    expect(await payer.questions()).toEqual([])
  }
  await payer.begin()
  shop.carrier.script('line', { kind: 'refuse', reason: 'line_suspended' })
  const { status, body } = await payer.enter()
  expect(answers).toEqual([1, 2].map(() => [status, without(body)]))
  expect(body.state).toBe('declined')
})

test('where wallets may not pay they are not offered, whatever a page says', async () => {
  const plain = await openShop()
  const other = createPayer(plain)
  await other.begin()
  expect(await other.look()).not.toHaveProperty('walletLimits')
  const asked = await other.enter({ source: 'wallet' })
  expect([asked.status, asked.body.type]).toEqual([422, '/problems/source_not_offered'])
  await plain.close()
})
