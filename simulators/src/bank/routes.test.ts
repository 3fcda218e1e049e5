/** The bank's face over HTTP: for whoever plays the customer, the branch and misfortune. */
import Fastify from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { cardOf, day, openBank, panOf } from '../../test/bank-client.ts'
import { bankRoutes } from './routes.ts'

const pan = panOf(1)
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function counter() {
  const open = await openBank({ cards: [cardOf(1)] })
  const second = await openBank({ code: 'second_bank', cards: [cardOf(2)] })
  const app = Fastify()
  await app.register(bankRoutes([open.bank, second.bank]))
  closers.push(
    () => app.close(),
    () => open.bank.close(),
    () => second.bank.close(),
  )
  const send = async (
    method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    path: string,
    body?: object,
  ) => {
    const url = `/simulator/banks${path}`
    const response = await app.inject({ method, url, ...(body && { payload: body }) })
    const type = String(response.headers['content-type'] ?? '')
    return [response.statusCode, type.includes('json') ? response.json() : response.body] as const
  }
  return { ...open, send }
}

test('several banks are listed, each with its own cards', async () => {
  const { send } = await counter()
  const [, listed] = await send('GET', '')
  expect(listed.banks).toMatchObject([
    { bank: 'first_bank', businessDay: '20260912', signedOn: true, clearing: '0', complaints: [] },
    { bank: 'second_bank', vault: '-100000' },
  ])
  expect(await send('GET', '/first_bank')).toMatchObject([200, { bank: 'first_bank', links: 1 }])
  expect(await send('GET', '/third_bank')).toMatchObject([404, { code: 'unknown_bank' }])
  expect(await send('GET', `/second_bank/cards/${pan}`)).toMatchObject([
    404,
    { code: 'unknown_card' },
  ])
  expect(await send('GET', '/first_bank/cards')).toMatchObject([
    200,
    { cards: [{ balance: '100000' }] },
  ])
})

test('a card shows its statement and none of its secrets, and changes as its bank would change it', async () => {
  const { send, client } = await counter()
  await client.ask(client.purchase(pan, 12_34n))
  const [status, view] = await send('GET', `/first_bank/cards/${pan}`)
  expect(status).toBe(200)
  expect(view).toMatchObject({
    card: { pan, status: 'active' },
    balance: '98766',
    statement: [{ amount: '100000' }, { amount: '-1234', with: 'clearing' }],
  })
  expect(JSON.stringify(view)).not.toMatch(/proof/i)
  const path = `/first_bank/cards/${pan}`
  expect(await send('PATCH', path, { status: 'lost' })).toMatchObject([
    200,
    { card: { status: 'lost' } },
  ])
  expect(await client.codeOf(client.balance(pan))).toBe('41')
  expect(
    await send('PATCH', path, { status: 'active', pin: '654321', mobile: '13900000009' }),
  ).toMatchObject([200, { card: { status: 'active', holder: { mobile: '13900000009' } } }])
  expect(await send('POST', `${path}/cash`, { amount: '-98767' })).toMatchObject([
    422,
    { code: 'not_enough_money' },
  ])
  expect(await send('POST', `${path}/cash`, { amount: '-766' })).toMatchObject([
    200,
    { balance: '98000' },
  ])
  const by = { pan: panOf(5), expiry: '3112', cvn2: '777' }
  expect(await send('POST', `${path}/replacement`, by)).toMatchObject([
    200,
    { card: { pan: panOf(5), account: pan }, balance: '98000' },
  ])
  expect(await client.codeOf(client.balance(pan))).toBe('14')
})

test('the code the bank texted can be read, and an agreement ended', async () => {
  const { send, client } = await counter()
  const path = `/first_bank/cards/${pan}`
  expect(await send('GET', `${path}/otp`)).toMatchObject([404, { code: 'no_code_sent' }])
  await client.ask(client.verification(pan))
  const [, otp] = await send('GET', `${path}/otp`)
  expect(await client.codeOf(client.verification(pan, { otp: otp.code }))).toBe('00')
  expect((await send('GET', path))[1].agreement).toMatchObject({ mobile: '13900000001' })
  expect((await send('DELETE', `${path}/agreement`))[1].agreement).toBeUndefined()
})

test('faults are scripted, listed and cleared', async () => {
  const { send, client } = await counter()
  const path = '/first_bank/faults'
  expect(await send('POST', path, { kind: 'refuses', amount: '500', code: '68' })).toEqual([
    200,
    { faults: [{ kind: 'refuses', amount: '500', code: '68' }] },
  ])
  expect(await client.codeOf(client.purchase(pan, 5_00n))).toBe('68')
  expect(await send('GET', path)).toMatchObject([200, { faults: [{ code: '68' }] }])
  expect(await send('DELETE', path)).toEqual([200, { faults: [] }])
  expect(await client.codeOf(client.purchase(pan, 5_00n))).toBe('00')
})

test('accepted credits are decided, and the file of a closed day is fetched, right or wrong', async () => {
  const { bank, clock, send, client } = await counter()
  await bank.addFault({ kind: 'accepts', count: 1 })
  await client.ask(client.credit(pan, 5_00n))
  const [, { credits }] = await send('GET', '/first_bank/credits')
  const path = `/first_bank/credits/${credits[0].key}`
  expect(await send('POST', path, { outcome: 'done' })).toEqual([200, { outcome: 'done' }])
  expect(await send('POST', path, { outcome: 'done' })).toMatchObject([409, {}])
  const file = '/first_bank/files/20260912'
  expect(await send('GET', file)).toMatchObject([404, { code: 'day_not_closed' }])
  await clock.pass(day)
  const [status, text] = await send('GET', file)
  expect([status, text.split('\n')[0]]).toEqual([200, 'H|first_bank|20260912|1|0|500'])
  expect(await send('PUT', `${file}/fault`, { fault: 'extra_row' })).toMatchObject([200, {}])
  expect((await send('GET', file))[1].split('\n')[0]).toBe('H|first_bank|20260912|2|1500|500')
  expect(await send('DELETE', `${file}/fault`)).toEqual([204, ''])
  expect((await send('GET', file))[1]).toBe(text)
})

test.each([
  ['PATCH', `/first_bank/cards/${pan}`, { status: 'gone' }],
  ['PATCH', `/first_bank/cards/${pan}`, { balance: '1' }],
  ['PATCH', `/first_bank/cards/${pan}`, { pin: '1' }],
  ['PATCH', `/first_bank/cards/${pan}`, []],
  ['POST', `/first_bank/cards/${pan}/cash`, { amount: 5 }],
  ['POST', `/first_bank/cards/${pan}/replacement`, { pan: panOf(3) }],
  ['POST', '/first_bank/faults', { kind: 'nothing' }],
  ['POST', '/first_bank/credits/1', { outcome: 'maybe' }],
  ['PUT', '/first_bank/files/20260912/fault', { fault: 'toString' }],
] as const)('%s %s refuses %j', async (method, path, body) => {
  const { send } = await counter()
  expect((await send(method, path, body))[0]).toBe(400)
})
