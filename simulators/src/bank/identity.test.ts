/** Who a customer is: verification, codes by text, the bank's own PIN, cards for each number. */
import { expect, test } from 'vitest'
import { cardOf, day, holder, minute, openBank, panOf } from '../../test/bank-client.ts'
import { readIdentity, writeIdentity } from './identity.ts'
import type { Otp } from './otp.ts'

const pan = panOf(1)
const reasonOf = (answer: { message: { fields: Readonly<Record<number, unknown>> } } | undefined) =>
  answer?.message.fields[57]

test('field 61 comes back as it was written, Chinese counted in octets', () => {
  const identity = { ...holder, cvn2: '321', name: '欧阳·A' }
  const text = writeIdentity(identity)
  expect(text).toContain('AM000000000000000007欧阳·A01113900000001')
  expect(readIdentity(text)).toEqual(identity)
  const { cvn2: _, ...without } = identity
  expect(readIdentity(writeIdentity(without))).toEqual(without)
  for (let length = 0; length < text.length; length += 1)
    expect(readIdentity(text.slice(0, length))).toBeUndefined()
})

test('the right holder is texted a code, and with it gets an agreement', async () => {
  const sent: Otp[] = []
  const { bank, client } = await openBank({ onOtp: (otp) => sent.push(otp) })
  expect(await client.codeOf(client.verification(pan))).toBe('YM')
  const otp = bank.otp(pan)
  expect(otp).toMatchObject({ pan, mobile: holder.mobile, code: expect.stringMatching(/^\d{6}$/) })
  expect(sent).toEqual([otp])
  const wrong = otp?.code === '000000' ? '000001' : '000000'
  const refused = await client.ask(client.verification(pan, { otp: wrong }))
  expect([refused?.code, reasonOf(refused)]).toEqual(['05', 'AR006'])
  const agreed = await client.ask(client.verification(pan, { otp: otp?.code ?? '' }))
  const agreement = bank.card(pan)?.agreement
  expect(agreement).toMatchObject({
    mobile: holder.mobile,
    agreement: expect.stringMatching(/^\d{20}$/),
  })
  expect([agreed?.code, reasonOf(agreed)]).toEqual(['00', `AB${agreement?.agreement}`.padEnd(98)])
  // Once used, it is no code any more.
  const again = await client.ask(client.verification(pan, { otp: otp?.code ?? '' }))
  expect([again?.code, reasonOf(again)]).toEqual(['05', 'AR007'])
})

test.each(['AS', 'ASXX-05', 'ASSM', 'ASXX00', 'XX', 'ASXX001'])(
  'field 48 of %s holds no code',
  async (text) => {
    const { client } = await openBank()
    const more = { 48: new TextEncoder().encode(text) }
    expect(await client.codeOf(client.verification(pan, {}, more))).toBe('YM')
  },
)

test('a code stands anywhere behind AS', async () => {
  const { bank, client } = await openBank()
  await client.ask(client.verification(pan))
  const more = { 48: new TextEncoder().encode(`ASON002noSM006${bank.otp(pan)?.code}`) }
  expect(await client.codeOf(client.verification(pan, {}, more))).toBe('00')
})

test('a code lives five minutes and five tries', async () => {
  const { bank, clock, client } = await openBank()
  const confirm = (otp = bank.otp(pan)?.code ?? '') =>
    client.ask(client.verification(pan, { otp })).then(reasonOf)
  await client.ask(client.verification(pan))
  await clock.pass(5 * minute)
  expect(await confirm()).toBe('AR007')
  await client.ask(client.verification(pan))
  for (let n = 0; n < 5; n += 1) expect(await confirm('no')).toBe('AR006')
  expect(await confirm()).toBe('AR007')
})

test.each([
  [{ name: '李四' }, '05', 'AR001'],
  [{ idNumber: '110105194912310021' }, '05', 'AR001'],
  [{ mobile: '13900000002' }, '05', 'AR002'],
  [{ name: '李四', mobile: '13900000002' }, '05', 'AR003'],
  [{ idKind: '02' }, '05', 'AR004'],
  [{ cvn2: '322' }, '59', undefined],
] as const)('what differs is told: %j', async (given, code, reason) => {
  const { bank, client } = await openBank()
  const answer = await client.ask(client.verification(pan, given))
  expect([answer?.code, reasonOf(answer)]).toEqual([code, reason])
  expect(bank.otp(pan)).toBeUndefined()
})

test('a credit card shows its CVN2, a card not open for cardless payment is told so', async () => {
  const cards = [
    cardOf(1, { kind: 'credit', creditLimit: 1n }),
    cardOf(2, { cardless: false }),
    cardOf(3, { status: 'lost' }),
  ]
  const { client } = await openBank({ cards })
  expect(await client.codeOf(client.verification(pan))).toBe('59')
  expect(await client.codeOf(client.verification(pan, { cvn2: '321' }))).toBe('YM')
  expect(await client.codeOf(client.verification(panOf(2)))).toBe('YT')
  expect(await client.codeOf(client.verification(panOf(3)))).toBe('41')
  expect(await client.codeOf(client.verification(pan, {}, { 61: '01' }))).toBe('30')
})

test('a number may have as many cards as the bank allows; an ended agreement makes room', async () => {
  const cards = [1, 2, 3].map((number) => cardOf(number))
  const { bank, client } = await openBank({ cards, cardsPerNumberMax: 2 })
  const bind = (number: number) => {
    const block = { 52: client.pinBlock(panOf(number), '123456') }
    return client.ask(client.verification(panOf(number), {}, block))
  }
  expect((await bind(1))?.code).toBe('00')
  expect((await bind(2))?.code).toBe('00')
  const third = await bind(3)
  expect([third?.code, reasonOf(third)]).toEqual(['62', 'AR005'])
  // The same card once more is no other card.
  expect((await bind(1))?.code).toBe('00')
  bank.endAgreement(panOf(1))
  expect((await bind(3))?.code).toBe('00')
})

test('at the counter the PIN stands for the code, and a wrong one is counted', async () => {
  const { client } = await openBank()
  const withPin = (pin: string) =>
    client.codeOf(client.verification(pan, {}, { 52: client.pinBlock(pan, pin) }))
  expect(await withPin('111111')).toBe('55')
  expect(await withPin('123456')).toBe('00')
})

test('a bank that keeps the PIN itself wants it with every purchase and counts wrong ones', async () => {
  const { bank, clock, client } = await openBank({ pinRule: 'bank' })
  const buy = (pin?: string) =>
    client.codeOf(
      client.purchase(pan, 1_00n, pin === undefined ? {} : { 52: client.pinBlock(pan, pin) }),
    )
  expect(await buy()).toBe('30')
  expect(await buy('123456')).toBe('00')
  expect([await buy('000000'), await buy('000000')]).toEqual(['55', '55'])
  expect(await buy('123456')).toBe('00')
  expect([await buy('000000'), await buy('000000'), await buy('000000')]).toEqual([
    '55',
    '55',
    '75',
  ])
  expect(await buy('123456')).toBe('75')
  await clock.pass(day)
  expect(await buy('123456')).toBe('00')
  // The customer sets another PIN at the bank: the old one is wrong from then on.
  expect(bank.changeCard(pan, { pin: '654321' })).toEqual({ ok: true, value: null })
  expect(bank.changeCard(pan, { pin: '12' })).toEqual({ ok: false, refusal: 'pin_invalid' })
  expect([await buy('123456'), await buy('654321')]).toEqual(['55', '00'])
  expect(bank.card(pan)?.balance).toBe(1_000_00n - 4_00n)
})

test('a new PIN takes the lock away', async () => {
  const { bank, client } = await openBank({ pinRule: 'bank' })
  const buy = (pin: string) =>
    client.codeOf(client.purchase(pan, 1_00n, { 52: client.pinBlock(pan, pin) }))
  for (let n = 0; n < 3; n += 1) await buy('000000')
  expect(await buy('123456')).toBe('75')
  bank.changeCard(pan, { pin: '654321' })
  expect(await buy('654321')).toBe('00')
})

test('a replaced card is refused, and the new one opens the same account with the same PIN', async () => {
  const { bank, client } = await openBank({ pinRule: 'bank' })
  const by = { pan: panOf(7), expiry: '3112', cvn2: '999' }
  expect(bank.replaceCard(pan, by)).toEqual({ ok: true, value: null })
  const buy = (number: string) =>
    client.codeOf(client.purchase(number, 1_00n, { 52: client.pinBlock(number, '123456') }))
  expect(await buy(pan)).toBe('14')
  expect(await buy(by.pan)).toBe('00')
  expect(bank.card(by.pan)?.balance).toBe(999_00n)
  expect(bank.replaceCard(panOf(2), by)).toEqual({ ok: false, refusal: 'card_exists' })
  expect(bank.replaceCard(panOf(2), { ...by, pan: `${panOf(8)}0` })).toEqual({
    ok: false,
    refusal: 'card_number_invalid',
  })
})

test('a PIN block under a key the bank does not have is 99, and no try', async () => {
  const { client } = await openBank({ pinRule: 'bank' })
  const foreign = { 52: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) }
  for (let n = 0; n < 4; n += 1)
    expect(await client.codeOf(client.purchase(pan, 1n, foreign))).toBe('99')
  const right = { 52: client.pinBlock(pan, '123456') }
  expect(await client.codeOf(client.purchase(pan, 1n, right))).toBe('00')
})
