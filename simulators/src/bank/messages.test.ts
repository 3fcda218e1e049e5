/** What the bank answers, message by message, over a link within the process. */
import { iso87Ascii, iso87Bcd, readAdditionalAmounts, textOf } from '@telepurse/iso8583'
import { expect, test } from 'vitest'
import {
  amountField,
  cardOf,
  createClient,
  day,
  holder,
  hour,
  minute,
  openBank,
  panOf,
} from '../../test/bank-client.ts'

const pan = panOf(1)

test('a purchase takes money from the card and gives a reference and an authorization', async () => {
  const { bank, client } = await openBank()
  const answer = await client.ask(client.purchase(pan, 12_34n))
  expect(answer).toMatchObject({
    code: '00',
    signed: true,
    message: { mti: '0210', fields: { 15: '0912', 37: '260912000001', 38: '000001', 49: '156' } },
  })
  expect(answer?.message.header).toMatchObject({
    destination: '99010000   ',
    source: '99030000   ',
  })
  expect(bank.card(pan)).toMatchObject({ balance: 987_66n, available: 987_66n })
  expect(bank.ownBalances()).toEqual({ clearing: 12_34n, vault: -2_000_00n })
  expect(bank.complaints()).toEqual([])
})

test('a repeat gets the old answer, and another purchase under the same trace number 94', async () => {
  const { bank, client } = await openBank()
  const purchase = client.purchase(pan, 12_34n)
  const [first, again] = [await client.ask(purchase), await client.ask(purchase)]
  expect(again).toEqual(first)
  expect(await client.codeOf({ ...purchase, mti: '0201' })).toBe('00')
  const other = { ...purchase, fields: { ...purchase.fields, 4: amountField(1n) } }
  expect(await client.codeOf(other)).toBe('94')
  expect(bank.card(pan)?.balance).toBe(987_66n)
})

test.each([
  ['lost', '41'],
  ['stolen', '43'],
  ['captured', '04'],
  ['suspect', '34'],
  ['restricted', '62'],
  ['inactive', '21'],
  ['closed', '42'],
  ['replaced', '14'],
] as const)('a card that is %s gets %s, for its balance too', async (status, code) => {
  const { bank, client } = await openBank()
  bank.changeCard(pan, { status })
  expect(await client.codeOf(client.purchase(pan, 1n))).toBe(code)
  expect(await client.codeOf(client.balance(pan))).toBe(code)
  expect(bank.card(pan)?.balance).toBe(1_000_00n)
})

test('each reason to refuse a purchase has its code', async () => {
  const limits = { perTransaction: 500_00n, perDay: 700_00n, countPerDay: 3 }
  const cards = [
    cardOf(1, { limits }),
    cardOf(2, { expiry: '2608' }),
    cardOf(3, { cardless: false }),
    cardOf(4, { balance: 9_99n }),
  ]
  const { client } = await openBank({ cards })
  const codeOf = (number: number, amount: bigint, more = {}) =>
    client.codeOf(client.purchase(panOf(number), amount, more))
  expect(await codeOf(9, 1n)).toBe('14')
  expect(await client.codeOf(client.purchase('9990020000000000008', 1n))).toBe('15')
  expect(await codeOf(2, 1n)).toBe('54')
  expect(await codeOf(1, 1n, { 14: '3011' })).toBe('54')
  expect(await codeOf(3, 1n)).toBe('YT')
  expect(await codeOf(4, 10_00n)).toBe('51')
  expect(await codeOf(4, 9_99n)).toBe('00')
  expect(await codeOf(1, 0n)).toBe('13')
  expect(await codeOf(1, 1n, { 49: '840' })).toBe('12')
  expect(await codeOf(1, 1n, { 33: '99999999' })).toBe('31')
  expect(await codeOf(1, 1n, { 3: '010000' })).toBe('12')
  expect(await codeOf(1, 1n, { 52: client.pinBlock(pan, '123456') })).toBe('30')
  expect(await client.codeOf(client.make('0200', { 2: pan, 3: '000000' }))).toBe('30')
  expect(await codeOf(1, 500_01n)).toBe('61')
  expect(await codeOf(1, 500_00n)).toBe('00')
  expect(await codeOf(1, 200_01n)).toBe('61')
  expect(await codeOf(1, 1_00n)).toBe('00')
  expect(await codeOf(1, 1_00n)).toBe('00')
  expect(await codeOf(1, 1_00n)).toBe('65')
})

test('what was reversed or voided does not count for the day', async () => {
  const cards = [cardOf(1, { limits: { perDay: 100_00n, countPerDay: 1 } })]
  const { client } = await openBank({ cards })
  for (const undo of ['0420', '0200'] as const) {
    const purchase = client.purchase(pan, 100_00n)
    expect(await client.codeOf(purchase)).toBe('00')
    expect(await client.codeOf(client.purchase(pan, 1n))).toBe('61')
    expect(await client.codeOf(client.about(undo, purchase))).toBe('00')
  }
  const purchase = client.purchase(pan, 1n)
  expect(await client.codeOf(purchase)).toBe('00')
  const voided = client.about('0200', purchase)
  await client.ask(voided)
  await client.ask(client.about('0420', voided))
  expect(await client.codeOf(client.purchase(pan, 1n))).toBe('65')
})

test('balance is told as ledger and available, and of a credit card with what is owed', async () => {
  const credit = { kind: 'credit', creditLimit: 30_138_38n, billDay: 5, dueDay: 25 } as const
  const cards = [cardOf(1), cardOf(2, { ...credit, balance: 17_971_00n })]
  const { bank, clock, client } = await openBank({ cards })
  expect((await client.ask(client.balance(panOf(2))))?.message.fields[54]).toBe(
    '3001156C0000017971003002156C000004810938',
  )
  expect((await client.ask(client.balance(pan)))?.message.fields[54]).toBe(
    '1001156C0000001000001002156C000000100000',
  )
  expect(await client.codeOf(client.purchase(panOf(2), 18_000_05n))).toBe('00')
  // After the bill day the 29.05 are a bill; it is made when the day has ended.
  await clock.pass(23 * day)
  expect(bank.businessDay()).toBe('20261005')
  expect(bank.card(panOf(2))?.bill).toBeUndefined()
  await clock.pass(day)
  const told = await client.ask(client.balance(panOf(2)))
  const amounts = readAdditionalAmounts(String(told?.message.fields[54]))
  expect(amounts.ok && amounts.value.map(({ amountType, amount }) => [amountType, amount])).toEqual(
    [
      ['01', -29_05n],
      ['02', 30_109_33n],
      ['03', -29_05n],
      ['04', -2_91n],
    ],
  )
  const billed = 'AB2026100520261025000000002905000000000291000000000000'
  expect(textOf(told?.message ?? { mti: '', fields: {} }, 57)?.trimEnd()).toBe(billed)
  expect(await client.codeOf(client.credit(panOf(2), 29_05n))).toBe('00')
  expect(bank.card(panOf(2))?.bill).toEqual({
    billed: '20261005',
    due: '20261025',
    amount: 29_05n,
    minimum: 2_91n,
    paid: 29_05n,
  })
})

test('a void gives a purchase of the day back, once and whole', async () => {
  const { bank, clock, client } = await openBank()
  const purchase = client.purchase(pan, 50_00n)
  const { message } = (await client.ask(purchase)) ?? {}
  const voided = (more = {}) => client.about('0200', purchase, more)
  expect(await client.codeOf(voided({ 4: amountField(49_99n) }))).toBe('64')
  expect(await client.codeOf(voided({ 38: '999999' }))).toBe('22')
  expect(await client.codeOf(voided({ 2: panOf(2) }))).toBe('22')
  expect(await client.codeOf(client.about('0200', client.purchase(pan, 1n)))).toBe('25')
  const right = voided({ 38: String(message?.fields[38]) })
  expect(await client.codeOf(right)).toBe('00')
  expect(await client.codeOf(right)).toBe('00')
  expect(await client.codeOf(voided())).toBe('22')
  expect(bank.card(pan)?.balance).toBe(1_000_00n)
  const late = client.purchase(pan, 50_00n)
  await client.ask(late)
  await clock.pass(day)
  expect(await client.codeOf(client.about('0200', late))).toBe('22')
})

test('refunds begin on the next day and never exceed the purchase', async () => {
  const { bank, clock, client } = await openBank()
  const purchase = client.purchase(pan, 50_00n)
  await client.ask(purchase)
  const refund = (amount: bigint) => client.about('0220', purchase, { 4: amountField(amount) })
  expect(await client.codeOf(refund(1n))).toBe('22')
  await clock.pass(day)
  expect(await client.codeOf(refund(20_00n))).toBe('00')
  expect(await client.codeOf(refund(30_01n))).toBe('64')
  expect(await client.codeOf(refund(30_00n))).toBe('00')
  expect(await client.codeOf(refund(1n))).toBe('64')
  expect(bank.card(pan)?.balance).toBe(1_000_00n)
  expect(await client.codeOf(client.about('0420', purchase))).toBe('22')
})

test('a reversal undoes a purchase once, however often and under whichever number it comes', async () => {
  const { bank, client } = await openBank()
  const purchase = client.purchase(pan, 50_00n)
  await client.ask(purchase)
  expect(await client.codeOf(client.about('0420', purchase, { 4: amountField(1n) }))).toBe('64')
  expect(await client.codeOf(client.about('0420', purchase, { 2: panOf(2) }))).toBe('22')
  const reversal = client.about('0420', purchase)
  const repeats = [reversal, { ...reversal, mti: '0421' }, client.about('0421', purchase)]
  for (const repeat of repeats) expect(await client.codeOf(repeat)).toBe('00')
  // Some banks want the trace number and the time of the original in its reversal.
  const { 7: transmitted = '', 11: stan = '' } = purchase.fields
  expect(await client.codeOf(client.about('0420', purchase, { 7: transmitted, 11: stan }))).toBe(
    '00',
  )
  expect(bank.card(pan)?.balance).toBe(1_000_00n)
  expect(bank.transactions().map(({ kind }) => kind)).toEqual(['purchase', 'reversal'])
  expect(await client.codeOf(client.about('0200', purchase))).toBe('22')
})

test('a reversal that overtakes its original makes the bank refuse it', async () => {
  const { bank, client } = await openBank()
  const purchase = client.purchase(pan, 50_00n)
  const reversal = client.about('0420', purchase)
  expect(await client.codeOf(reversal)).toBe('25')
  expect(await client.codeOf({ ...reversal, mti: '0421' })).toBe('25')
  expect(await client.codeOf(purchase)).toBe('22')
  expect(await client.codeOf({ ...reversal, mti: '0421' })).toBe('00')
  expect(bank.card(pan)?.balance).toBe(1_000_00n)
})

test('the reversal of a void makes the purchase stand again', async () => {
  const { bank, client } = await openBank()
  const purchase = client.purchase(pan, 50_00n)
  await client.ask(purchase)
  const voided = client.about('0200', purchase)
  await client.ask(voided)
  expect(await client.codeOf(client.about('0420', voided))).toBe('00')
  expect(bank.card(pan)?.balance).toBe(950_00n)
  expect(await client.codeOf(client.about('0420', purchase))).toBe('00')
  expect(bank.card(pan)?.balance).toBe(1_000_00n)
})

test('a credit pays a card at once, or is accepted and decided later; it cannot be reversed', async () => {
  const { bank, clock, client } = await openBank()
  const paid = client.credit(pan, 10_00n)
  expect(await client.codeOf(paid)).toBe('00')
  expect(bank.card(pan)?.balance).toBe(1_010_00n)
  expect(await client.codeOf(client.about('0420', paid))).toBe('12')
  for (const code of ['A2', 'A4', 'A5', 'A6'])
    await bank.addFault({ kind: 'accepts', code, count: 1 })
  const codes: (string | undefined)[] = []
  for (let n = 0; n < 4; n += 1) codes.push(await client.codeOf(client.credit(pan, 1_00n)))
  expect(codes).toEqual(['A2', 'A4', 'A5', 'A6'])
  expect(bank.card(pan)?.balance).toBe(1_010_00n)
  const [first, second] = bank.undecided()
  expect(bank.decide(first?.key ?? '', 'done').ok).toBe(true)
  expect(bank.decide(second?.key ?? '', 'refused').ok).toBe(true)
  expect(bank.decide(second?.key ?? '', 'done')).toEqual({ ok: false, refusal: 'credit_decided' })
  expect(bank.card(pan)?.balance).toBe(1_011_00n)
  await bank.addFault({ kind: 'accepts', lateMs: minute, count: 1 })
  expect(await client.codeOf(client.credit(pan, 5_00n))).toBe('A2')
  await clock.pass(minute)
  expect(bank.card(pan)?.balance).toBe(1_016_00n)
})

test('outside its hours the bank is away, and while it changes its day it asks for patience', async () => {
  const { clock, client } = await openBank({
    hours: { opens: '08:00', closes: '22:00' },
    cutOver: { at: '21:00', lastsMs: minute },
  })
  const code = () => client.codeOf(client.purchase(pan, 1n))
  expect(await code()).toBe('00')
  const early = client.purchase(pan, 1n)
  await client.ask(early)
  await clock.pass(9 * hour)
  expect(await code()).toBe('90')
  // What was answered before is answered again, whatever the hour.
  expect(await client.codeOf(early)).toBe('00')
  await clock.pass(minute)
  const answer = await client.ask(client.purchase(pan, 1n))
  expect(answer).toMatchObject({ code: '00', message: { fields: { 15: '0913' } } })
  await clock.pass(hour)
  expect(await code()).toBe('91')
  expect(await client.codeOf(client.make('0800', { 70: '001' }))).toBe('91')
  await clock.pass(10 * hour)
  expect(await code()).toBe('00')
})

test.each([
  [iso87Bcd, 'x9.19'],
  [iso87Ascii, 'x9.9'],
] as const)('a bank of another flavour ($name) does the same', async (spec, mac) => {
  const name = 'ZHANG SAN'
  const cards = [cardOf(1, { holder: { ...holder, name } })]
  const { bank, client } = await openBank({ spec, mac, cards })
  const purchase = client.purchase(pan, 12_34n)
  expect(await client.ask(purchase)).toMatchObject({ code: '00', signed: true })
  expect(await client.ask(client.about('0420', purchase))).toMatchObject({
    code: '00',
    signed: true,
  })
  expect(await client.codeOf(client.verification(pan, { name }))).toBe('YM')
  expect(bank.card(pan)?.balance).toBe(1_000_00n)
})

test('banks side by side share nothing', async () => {
  const [first, second] = [await openBank(), await openBank({ code: 'second_bank' })]
  expect(await first.client.codeOf(first.client.purchase(pan, 5_00n))).toBe('00')
  expect(second.bank.card(pan)?.balance).toBe(1_000_00n)
  const stranger = createClient({ link: second.bank.connect(), now: second.clock.now })
  stranger.useKeys(second.client.keys())
  expect(await stranger.codeOf(stranger.purchase(pan, 1n, { 33: '99990000' }))).toBe('31')
  expect(second.bank.transactions()).toEqual([])
})
