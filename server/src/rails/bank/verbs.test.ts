/** Every verb on the wire, as the bank sees it and as it answers. */
import { decryptPin, octetsOf, readOriginalData, textOf } from '@telepurse/iso8583'
import { afterEach, expect, test } from 'vitest'
import { cipherOf, keyNumber } from '../../../test/bank/memory-keys.ts'
import { buy, card, closeStages, isPayment, pin, stage } from '../../../test/bank/stage.ts'
import { Secret } from '../../kernel/index.ts'

afterEach(closeStages)

test('a purchase is sent as the bank wants it and done when the bank says so', async () => {
  const it = await stage()
  it.peer.script = (message, peer) => {
    if (!isPayment(message)) return false
    peer.answer(message, { 15: '0205', 37: '023110000001', 38: 'A00001' })
    return true
  }
  const exchange = it.bank.begin()
  const answer = await it.bank.purchase({ exchange, card, amount: 123_00n, pin, orderNo: 'O1' })
  expect(answer).toEqual({
    outcome: 'done',
    value: {
      retrievalReference: '023110000001',
      authorization: 'A00001',
      settlementDate: '0205',
    },
  })
  const sent = it.peer.seen.at(-1)
  expect(sent?.mti).toBe('0200')
  expect(sent?.fields).toMatchObject({
    2: '6212142600000000167',
    3: '000000',
    4: '000000012300',
    7: exchange.transmittedAt,
    12: '102241',
    13: '0205',
    22: '011',
    32: '14842763',
    33: '14427900',
    60: '00009600030000000000011',
  })
  expect(exchange.transmittedAt).toBe('0205102241')
  const order = sent && octetsOf(sent, 48)
  expect(Buffer.from(order ?? []).toString()).toBe(`ASON040O1${' '.repeat(38)}`)
  const clear = decryptPin(
    { format: 0, cipher: cipherOf(keyNumber(1)) },
    { block: sent?.fields[52] as Uint8Array, pan: '6212142600000000167' },
  )
  expect(clear.ok && clear.value.reveal()).toBe('123456')
  expect(it.peer.falseMacs).toEqual([])
})

test('a bank that leaves the PIN to the wallet gets one at the counter, and with no purchase', async () => {
  const it = await stage({ change: { pin: { keptBy: 'wallet' } } })
  await it.bank.verify({
    ...{ exchange: it.bank.begin(), card, name: new Secret('张三'), pin: new Secret('123456') },
    document: { kind: '01', number: new Secret('11010519491231002X') },
    mobile: new Secret('13800000000'),
  })
  expect(it.peer.seen.at(-1)?.fields[52]).toBeDefined()
  expect(await buy(it)).toMatchObject({ outcome: 'done' })
  expect(it.peer.seen.at(-1)?.fields[52]).toBeUndefined()
  expect(it.peer.seen.at(-1)?.fields[22]).toBe('012')
})

test.each(['iso87_ascii', 'iso87_bcd'])('the same over %s', async (flavour) => {
  const it = await stage({
    keys: 'none',
    change: {
      messages: { flavour, header: {}, constants: {}, managementType: '0800' },
      acceptor: { category: '6010', terminal: '1', id: '2', name: 'Hall' },
    },
  })
  expect(it.keys.replaced).toEqual(['pin', 'mac'])
  expect(await buy(it)).toMatchObject({ outcome: 'done' })
  expect(it.peer.falseMacs).toEqual([])
})

test('a card verification carries who the customer says he is', async () => {
  const it = await stage()
  const answer = await it.bank.verify({
    ...{ exchange: it.bank.begin(), card, name: new Secret('张三') },
    document: { kind: '01', number: new Secret('110101199003074477') },
    mobile: new Secret('13900010001'),
  })
  expect(answer).toMatchObject({ outcome: 'done' })
  const sent = it.peer.seen.at(-1)
  expect([sent?.mti, sent?.fields[3]]).toEqual(['0100', '890000'])
  expect(sent?.fields[61]).toBe(
    `01110101199003074477    CUP     CUPAM11${'0'.repeat(14)}04张三01113900010001`,
  )
  expect(sent?.fields[4]).toBeUndefined()
})

test.each([
  ['a kind of document', { document: { kind: 'ID', number: new Secret('1') } }],
  ['a number that is too long', { document: { kind: '01', number: new Secret('1'.repeat(21)) } }],
  ['a mobile number with a sign', { mobile: new Secret('+8613900010001') }],
  ['a security code of four', { securityCode: new Secret('1234') }],
  ['no name', { name: new Secret('') }],
  ['a name that is too long', { name: new Secret('张'.repeat(50)) }],
])('%s does not move the others: it is not sent', async (_, change) => {
  const it = await stage()
  const answer = await it.bank.verify({
    ...{ exchange: it.bank.begin(), card, name: new Secret('张三') },
    document: { kind: '01', number: new Secret('110101199003074477') },
    mobile: new Secret('13900010001'),
    ...change,
  })
  expect(answer).toEqual({ outcome: 'unsent', detail: 'identification_invalid' })
})

test('an exchange whose message cannot be written is not spent', async () => {
  const it = await stage()
  const exchange = it.bank.begin()
  const verify = (name: string) =>
    it.bank.verify({
      ...{ exchange, card, name: new Secret(name), mobile: new Secret('13900010001') },
      document: { kind: '01', number: new Secret('110101199003074477') },
    })
  expect(await verify('𠮷')).toEqual({ outcome: 'unsent', detail: 'field_61_bad_character' })
  expect(await verify('吉')).toMatchObject({ outcome: 'done' })
})

test('a verification in two steps: the bank texts a code, and gives an agreement for it', async () => {
  const it = await stage()
  it.peer.script = (message, peer) => {
    if (!isPayment(message)) return false
    const code = Buffer.from(octetsOf(message, 48) ?? []).toString()
    if (code === '') peer.answer(message, { 39: 'YM' })
    else if (code === 'ASSM006123456') peer.answer(message, { 57: `AB${'20260205'.padEnd(96)}` })
    else peer.answer(message, { 39: '05', 57: 'AR006' })
    return true
  }
  const ask = (code?: string) =>
    it.bank.verify({
      ...{ exchange: it.bank.begin(), card, name: new Secret('张三') },
      document: { kind: '01', number: new Secret('110101199003074477') },
      mobile: new Secret('13900010001'),
      ...(code !== undefined && { code: new Secret(code) }),
    })
  expect(await ask()).toMatchObject({ refusal: { class: 'I', reason: 'sms_code_needed' } })
  expect(await ask('111111')).toMatchObject({
    refusal: { class: 'F', reason: 'declined', finding: 'code_wrong' },
  })
  expect(await ask('123456')).toEqual({ outcome: 'done', value: { agreement: '20260205' } })
  expect(await ask('12 456')).toEqual({ outcome: 'unsent', detail: 'code_invalid' })
})

test('a balance is read from field 54, and one that cannot be read is no balance', async () => {
  const it = await stage()
  let amounts: string | undefined = '3001156C0000017971003002156C000001700000'
  it.peer.script = (message, peer) => {
    if (!isPayment(message)) return false
    peer.answer(message, { 54: amounts })
    return true
  }
  const ask = () => it.bank.balance({ exchange: it.bank.begin(), card, pin })
  expect(await ask()).toEqual({
    outcome: 'done',
    value: { available: 17_000_00n, ledger: 17_971_00n },
  })
  amounts = '3001156C000001797100'
  expect(await ask()).toMatchObject({ outcome: 'unknown', detail: 'balance_unreadable' })
  amounts = undefined
  expect(await ask()).toMatchObject({ outcome: 'unknown', detail: 'balance_unreadable' })
})

test('a reversal names its original, and says when it is repeated, under the same exchange', async () => {
  const it = await stage()
  const original = it.bank.begin()
  await it.bank.purchase({ exchange: original, card, amount: 500n, pin })
  const exchange = it.bank.begin()
  for (const repeat of [false, true, true])
    expect(await it.bank.reverse({ exchange, original, card, amount: 500n, repeat })).toMatchObject(
      { outcome: 'done' },
    )
  const sent = it.peer.seen.filter(({ mti }) => mti.startsWith('042'))
  expect(sent.map(({ mti }) => mti)).toEqual(['0420', '0421', '0421'])
  for (const message of sent) {
    const named = readOriginalData(textOf(message, 90) ?? '')
    expect(named).toMatchObject({
      value: {
        mti: '0200',
        stan: String(original.stan).padStart(6, '0'),
        transmitted: original.transmittedAt,
        acquirer: '14842763',
        forwarder: '14427900',
      },
    })
    expect(message.fields[11]).toBe(String(exchange.stan).padStart(6, '0'))
  }
})

test('a void, a refund and a pay-out each have their own message', async () => {
  const it = await stage()
  const original = it.bank.begin()
  const trace = { retrievalReference: '023110000001', authorization: 'A00001' }
  const undo = { original, card, amount: 500n, trace }
  expect(await it.bank.voidPurchase({ ...undo, exchange: it.bank.begin() })).toMatchObject({
    outcome: 'done',
  })
  await it.bank.refund({ ...undo, exchange: it.bank.begin() })
  await it.bank.credit({ exchange: it.bank.begin(), card, amount: 700n })
  const sent = it.peer.seen.filter(isPayment)
  expect(sent.map(({ mti, fields }) => [mti, fields[3], fields[4]])).toEqual([
    ['0200', '200000', '000000000500'],
    ['0220', '200000', '000000000500'],
    ['0200', '290000', '000000000700'],
  ])
  expect(sent[0]?.fields).toMatchObject({ 37: '023110000001', 38: 'A00001' })
})

test('an accepted pay-out and a purchase in part are neither done nor refused', async () => {
  const it = await stage()
  let change: Record<number, string> = { 39: 'A2' }
  it.peer.script = (message, peer) => {
    if (!isPayment(message)) return false
    peer.answer(message, change)
    return true
  }
  expect(await it.bank.credit({ exchange: it.bank.begin(), card, amount: 700n })).toMatchObject({
    ...{ outcome: 'accepted', code: 'BR-A2' },
  })
  expect(await buy(it)).toMatchObject({ outcome: 'unknown', code: 'BR-A2' })
  change = { 39: '10', 4: '000000000100' }
  expect(await buy(it, 500n)).toMatchObject({ outcome: 'partial', approved: 100n })
  change = { 39: '10', 4: '000000000500' }
  expect(await buy(it, 500n)).toMatchObject({ outcome: 'unknown', detail: 'amount_differs' })
})

test.each([
  ['an amount of nothing', { amount: 0n }, 'amount_invalid'],
  ['an amount below nothing', { amount: -5n }, 'amount_invalid'],
  ['an amount that does not fit', { amount: 1_000_000_000_000n }, 'amount_invalid'],
  ['an order number with a space', { orderNo: 'a b' }, 'order_no_invalid'],
  ['a purchase without the PIN that the bank keeps', { pin: undefined }, 'pin_needed'],
  ['a PIN that is none', { pin: new Secret('12') }, 'pin_invalid'],
  ['a card number that is too long', { card: { pan: new Secret('1'.repeat(20)) } }, 'pan_invalid'],
])('%s is not sent', async (_, change, detail) => {
  const it = await stage()
  const exchange = it.bank.begin()
  const purchase = { exchange, card, amount: 1n, pin, ...change }
  const { pin: given, ...rest } = purchase
  const answer = await it.bank.purchase({ ...rest, ...(given && { pin: given }) })
  expect(answer).toEqual({ outcome: 'unsent', detail })
  expect(it.peer.seen.filter(isPayment)).toEqual([])
})
