/** A customer at the app: signs in, looks, moves money once however often he taps, and signs out. */
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAuthenticator } from '../../../../test/authenticator.ts'
import { lowFunds } from '../../../../test/wallet/card-operations.ts'
import {
  bankPin,
  type ConsumerStage,
  type Device,
  openConsumerStage,
  pin,
  usualOrigin,
} from '../../../test/consumer-stage.ts'

let stage: ConsumerStage
beforeAll(async () => {
  stage = await openConsumerStage()
  await stage.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => stage?.close())

const proof = () => ({ pin, key: stage.newKey() })
const codesOf = (answers: readonly { body: { code: string } }[]) =>
  answers.map(({ body }) => body.code)

test('a code signs in; the cookie is for no script, no other site and no other host', async () => {
  const { msisdn } = await stage.newCustomer(10_00n)
  const asked = await stage.send('POST', '/codes', { body: { number: msisdn } })
  expect([asked.status, asked.body]).toEqual([202, undefined])
  const body = { number: msisdn, code: stage.codes.get(msisdn) }
  const answer = await stage.send('POST', '/sessions', { body })
  expect(answer.status).toBe(201)
  expect(answer.body).toMatchObject({
    ...{ number: '136****0001', name: '*黛', level: 'verified', class: 'III', language: 'zh' },
    ...{ wallet: { state: 'open', frozen: 'none' }, pin: 'set' },
  })
  expect(answer.headers['set-cookie']).toMatch(
    /^consumer=[0-9a-f-]{36}\.[\w-]{43}; Max-Age=7776000; Path=\/; HttpOnly; SameSite=Strict$/,
  )
  expect(answer.headers['cache-control']).toBe('no-store')
  const device = stage.deviceWith(String(answer.headers['set-cookie']).split(';')[0] ?? '')
  expect((await device.get('/me')).body).toEqual(answer.body)
  expect((await device.get('/sessions')).body.items).toMatchObject([
    { device: 'Safari · iPhone', signedInBy: 'code', current: true },
  ])
  const again = await stage.send('POST', '/sessions', { body })
  expect([again.status, again.body.code]).toEqual([403, 'AP-06'])
})

test('nothing is learned about a number that is not one of ours', async () => {
  const [ours, foreign] = [await stage.newNumber(), '13588880001']
  const heard = async (number: string) => {
    const answers = []
    for (const [path, body] of [
      ['/sessions', { number, code: '000000' }],
      ['/codes', { number }],
      ['/codes', { number }],
      ...Array.from({ length: 6 }, () => ['/sessions', { number, code: '000000' }] as const),
    ] as const) {
      const { status, body: told, headers } = await stage.send('POST', path, { body })
      answers.push([path, status, told, headers['retry-after'], headers['set-cookie']])
    }
    return answers
  }
  stage.codes.clear()
  const told = await heard(foreign)
  expect(told).toEqual(await heard(ours))
  expect(new Set(told.map(([, status]) => status))).toEqual(new Set([202, 403, 429]))
})

test('an address that guesses at many numbers is turned away', async () => {
  stage.fromElsewhere()
  const statuses = new Set<number>()
  for (let i = 0; i < 301; i += 1) stage.desk.guesses.wrong('198.51.0.1')
  const number = '13588880002'
  for (let i = 0; i < 2; i += 1)
    statuses.add(
      (await stage.send('POST', '/sessions', { body: { number, code: '1'.repeat(6) } })).status,
    )
  expect([...statuses]).toEqual([429])
  stage.fromElsewhere()
  const { status } = await stage.send('POST', '/sessions', { body: { number, code: '111111' } })
  expect(status).toBe(403)
})

test('a double tap, a lost answer, a retry: one debit and the same answer', async () => {
  const { msisdn, card: cardId } = await stage.newCustomer()
  const device = await stage.signIn(msisdn)
  const body = { cardId, amount: '5000', pin, key: stage.newKey() }
  const before = stage.bank.taken()
  const taps = await Promise.all(Array.from({ length: 8 }, () => device.post('/top-ups', body)))
  expect(taps.map(({ status }) => status).toSorted()).toEqual([...Array(7).fill(200), 201])
  const later = await device.post('/top-ups', body)
  expect(new Set([...taps, later].map((one) => JSON.stringify(one.body))).size).toBe(1)
  expect(later.body).toMatchObject({ kind: 'top_up', amount: '5000', fee: '0', state: 'done' })
  expect(stage.bank.taken() - before).toBe(50_00n)
  expect((await device.get('/balance')).body).toMatchObject({ available: '5000', inTransit: '0' })
  const other = await device.post('/top-ups', { ...body, amount: '5001' })
  expect([other.status, other.body.code]).toEqual([409, 'WL-23'])
})

test('the PIN is asked for each movement, wrong ones count, and the fifth locks', async () => {
  const { msisdn, card: cardId } = await stage.newCustomer(100_00n)
  const device = await stage.signIn(msisdn)
  const order = { cardId, amount: '100', speed: 'next_day' }
  const first = { ...order, pin: '000000', key: stage.newKey() }
  const told = [await device.post('/withdrawals', first)]
  // The answer was lost, and the app asks again: that is no second try.
  expect((await device.post('/withdrawals', first)).body).toEqual(told[0]?.body)
  for (let tries = 1; tries < 5; tries += 1)
    told.push(await device.post('/withdrawals', { ...order, pin: '000000', key: stage.newKey() }))
  expect(codesOf(told)).toEqual(['AP-24', 'AP-24', 'AP-24', 'AP-24', 'AP-25'])
  expect(told[0]?.body.words).toEqual({
    zh: '支付密码错误，还可试4次',
    en: 'The PIN is wrong; 4 tries are left',
  })
  const right = await device.post('/withdrawals', { ...order, pin, key: stage.newKey() })
  expect([right.status, right.body.code]).toEqual([409, 'AP-25'])
  expect((await device.get('/me')).body.pin).toBe('locked')
  expect((await device.get('/balance')).body.available).toBe('10000')
})

test('the fee that was shown is the fee that is taken', async () => {
  const { msisdn, card: cardId } = await stage.newCustomer(200_20n)
  const device = await stage.signIn(msisdn)
  const shown = await device.get('/withdrawals/fee?amount=20000&speed=same_day')
  expect(shown.body).toEqual({ fee: '20', total: '20020' })
  expect((await device.get('/withdrawals/fee?amount=20000&speed=next_day')).body.fee).toBe('0')
  const order = { cardId, speed: 'same_day', pin }
  const over = await device.post('/withdrawals', { ...order, amount: '20001', key: stage.newKey() })
  expect([over.status, over.body.code]).toEqual([409, 'WL-01'])
  const told = { ...order, amount: '20000', key: stage.newKey() }
  const dearer = await device.post('/withdrawals', { ...told, fee: '19' })
  expect([dearer.status, dearer.body.code]).toEqual([409, 'WL-45'])
  expect(dearer.body.words.zh).toBe('手续费现在是0.20元，请重新确认')
  const done = await device.post('/withdrawals', { ...told, fee: '20', key: stage.newKey() })
  expect(done.body).toMatchObject({ amount: '20000', fee: '20', state: 'paid' })
  expect((await device.get('/balance')).body.available).toBe('0')
})

test('what the bank refuses is told with its code, and what nobody knows is unknown', async () => {
  const { msisdn, card: cardId } = await stage.newCustomer()
  const device = await stage.signIn(msisdn)
  const topUp = () => device.post('/top-ups', { cardId, amount: '700', pin, key: stage.newKey() })
  stage.bank.next('refused')
  expect((await topUp()).body).toMatchObject({
    ...{ state: 'refused', reason: { name: 'low_funds', code: lowFunds.code } },
  })
  stage.bank.next('silent')
  const { body } = await topUp()
  expect(body).toMatchObject({ state: 'unknown', endedAt: null })
  expect((await device.get(`/movements/${body.id}`)).body).toEqual(body)
  expect((await device.get('/balance')).body.available).toBe('0')
})

test('a bank that keeps the PIN gets it with a debit, and is asked before a credit', async () => {
  const { msisdn } = await stage.newCustomer(50_00n)
  const cardId = stage.people.bind(msisdn, { bank: 'KEEPS' })
  const device = await stage.signIn(msisdn)
  const order = () => ({ cardId, amount: '1000', key: stage.newKey() })
  expect((await device.post('/top-ups', { ...order(), pin: bankPin })).body.state).toBe('done')
  expect(stage.bank.messages.at(-1)?.pin).toBe(bankPin)
  const withdraw = (typed: string) =>
    device.post('/withdrawals', { ...order(), speed: 'same_day', pin: typed })
  const wrong = await withdraw('1111')
  expect([wrong.status, wrong.body.words.en]).toEqual([409, 'wrong PIN'])
  expect((await withdraw(bankPin)).body.state).toBe('paid')
})

test('movements of others are like none, and one’s own come newest first in pages', async () => {
  const [one, other] = [await stage.newCustomer(10_00n), await stage.newCustomer(20_00n)]
  const [device, stranger] = [await stage.signIn(one.msisdn), await stage.signIn(other.msisdn)]
  await device.post('/top-ups', { cardId: one.card, amount: '300', pin, key: stage.newKey() })
  const all = (await device.get('/movements')).body
  expect(all.items.map(({ kind }: { kind: string }) => kind)).toEqual(['top_up', 'cash_in'])
  const first = (await device.get('/movements?limit=1')).body
  expect(first).toEqual({ items: [all.items[0]], next: all.items[0].id })
  const second = (await device.get(`/movements?limit=1&before=${first.next}`)).body
  expect(second.items).toEqual([all.items[1]])
  const foreign = await stranger.get(`/movements/${first.next}`)
  const missing = await stranger.get('/movements/01890000-0000-7000-8000-000000000001')
  expect([foreign.status, foreign.body]).toEqual([404, missing.body])
  const theft = { cardId: one.card, amount: '300', speed: 'next_day', pin, key: stage.newKey() }
  const taken = await stranger.post('/withdrawals', theft)
  expect([taken.status, taken.body.code]).toEqual([404, 'WL-14'])
})

test('a number without a wallet is signed in, and told so', async () => {
  const device = await stage.signIn(await stage.newNumber())
  expect((await device.get('/me')).body).toMatchObject({ wallet: null, class: null, pin: 'none' })
  for (const path of ['/balance', '/movements'])
    expect((await device.get(path)).body).toMatchObject({ status: 404, code: 'WL-11' })
  expect((await device.get('/cards')).body).toEqual({ items: [] })
})

test('the PIN is changed by whoever knows the old one, and not to an easy one', async () => {
  const { msisdn } = await stage.newCustomer()
  const device = await stage.signIn(msisdn)
  const change = (old: string, next: string) => device.post('/pin', { old, new: next })
  const told = []
  for (const [old, next] of [
    ['000000', '582913'],
    [pin, '111111'],
    [pin, pin],
  ] as const)
    told.push(await change(old, next))
  expect(codesOf(told)).toEqual(['AP-24', 'AP-26', 'AP-28'])
  expect((await change(pin, '582913')).status).toBe(204)
  expect((await change(pin, '582914')).body.code).toBe('AP-24')
})

test('a passkey is made, signs in, is listed and forgotten; not while a SIM is new', async () => {
  const { msisdn } = await stage.newCustomer()
  const device = await stage.signIn(msisdn)
  const authenticator = createAuthenticator(usualOrigin)
  const making = (await device.post('/passkeys/options', proof())).body
  const response = authenticator.create(making.options)
  const made = await device.post('/passkeys', { id: making.id, response })
  expect([made.status, made.body]).toMatchObject([201, { device: 'Safari · iPhone', usedAt: null }])
  const enter = async () => {
    const { id, options } = (await stage.send('POST', '/sessions/options')).body
    const body = { id, response: authenticator.get(options) }
    return stage.send('POST', '/sessions/passkey', { body })
  }
  const entered = await enter()
  expect([entered.status, entered.body]).toEqual([201, (await device.get('/me')).body])
  const again = stage.deviceWith(String(entered.headers['set-cookie']).split(';')[0] ?? '')
  expect((await again.get('/sessions')).body.items).toMatchObject([
    ...[
      { signedInBy: 'passkey', current: true },
      { signedInBy: 'code', current: false },
    ],
  ])
  const listed = async (by: Device) => (await by.get('/passkeys')).body.items
  expect(await listed(again)).toMatchObject([{ id: made.body.id, current: true }])
  expect(await listed(device)).toMatchObject([{ id: made.body.id, current: false }])
  stage.people.own(msisdn, { coolOffUntil: stage.clock.now() + 1 })
  const cooling = await device.post('/passkeys/options', proof())
  expect([cooling.status, cooling.body.code]).toEqual([409, 'AP-13'])
  const path = `/passkeys/${made.body.id}/remove`
  const stranger = await stage.signIn((await stage.newCustomer()).msisdn)
  expect((await stranger.post(path, proof())).status).toBe(404)
  expect(await listed(device)).toHaveLength(1)
  expect((await device.post(path, proof())).status).toBe(204)
  expect((await again.get('/me')).status).toBe(401)
  const gone = await enter()
  expect([gone.status, gone.body.code]).toEqual([403, 'AP-11'])
})

test('passkeys are the owner’s to make and remove: by the PIN, or who has none to use by signing in just now', async () => {
  const authenticator = createAuthenticator(usualOrigin)
  const makes = async (device: Device, given: object) => {
    const { status, body } = await device.post('/passkeys/options', given)
    if (status !== 200) return body.code
    const answer = { id: body.id, response: authenticator.create(body.options) }
    return (await device.post('/passkeys', answer)).status
  }
  const removes = async (device: Device, given: object) => {
    const [one] = (await device.get('/passkeys')).body.items
    const { status, body } = await device.post(`/passkeys/${one.id}/remove`, given)
    return body?.code ?? status
  }
  const [key, other] = [stage.newKey(), stage.newKey()]
  const { msisdn } = await stage.newCustomer()
  const device = await stage.signIn(msisdn)
  for (const act of [makes, removes]) {
    expect(await act(device, { key })).toBe('AP-16')
    expect(await act(device, { key, pin: '000000' })).toBe('AP-24')
    expect(await act(device, { key: other, pin })).toBe(act === makes ? 201 : 204)
  }
  expect(await makes(device, { key: other, pin })).toBe(201)
  for (let n = 0; n < 5; n += 1) await removes(device, { key: stage.newKey(), pin: '000000' })
  stage.clock.advance(10 * 60_000 + 1)
  expect(await removes(device, { key, pin })).toBe('AP-15')
  expect(await removes(device, { key })).toBe('AP-15')
  // Locking it is no way round it.
  const fresh = await stage.signIn(msisdn)
  expect(await makes(fresh, { key })).toBe('AP-16')
  expect(await makes(fresh, { key, pin })).toBe('AP-25')
  expect(await removes(fresh, { key })).toBe(204)

  const walletless = await stage.signIn(await stage.newNumber())
  expect(await makes(walletless, { key })).toBe(201)
  stage.clock.advance(10 * 60_000 + 1)
  for (const act of [makes, removes]) expect(await act(walletless, { key })).toBe('AP-15')
})

test('the language is the customer’s to choose', async () => {
  const device = await stage.signIn(await stage.newNumber())
  const changed = await device.send('PATCH', '/me', { body: { language: 'en' } })
  expect(changed.body.language).toBe('en')
  expect((await device.get('/me')).body.language).toBe('en')
})

test('one device signs another out, and not one of another number', async () => {
  const [msisdn, other] = [await stage.newNumber(), await stage.newNumber()]
  const [phone, tablet] = [await stage.signIn(msisdn), await stage.signIn(msisdn)]
  const stranger = await stage.signIn(other)
  const listed = (await phone.get('/sessions')).body.items as { id: string; current: boolean }[]
  const lost = listed.find(({ current }) => !current)?.id
  expect((await stranger.send('DELETE', `/sessions/${lost}`)).status).toBe(404)
  expect((await tablet.get('/me')).status).toBe(200)
  expect((await phone.send('DELETE', `/sessions/${lost}`)).status).toBe(204)
  expect((await tablet.get('/me')).status).toBe(401)
  const [desktop, watch] = [await stage.signIn(msisdn), await stage.signIn(msisdn)]
  expect((await phone.send('DELETE', '/sessions/others')).status).toBe(204)
  const after = [desktop, watch, phone, stranger].map(async (one) => (await one.get('/me')).status)
  expect(await Promise.all(after)).toEqual([401, 401, 200, 200])
  const out = await phone.send('DELETE', '/sessions/current')
  expect([out.status, out.headers['set-cookie']]).toEqual([
    204,
    'consumer=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict',
  ])
  expect((await phone.get('/me')).status).toBe(401)
})

/** Reads on until it is told, or the line has ended. */
async function listen(device: Device): Promise<(what: RegExp) => Promise<boolean>> {
  const { port } = stage.app.server.address() as AddressInfo
  const answer = await fetch(`http://127.0.0.1:${port}/consumer/events`, {
    headers: { cookie: device.cookie },
  })
  expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/)
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
  let heard = ''
  return async (what) => {
    while (!what.test(heard)) {
      const { value, done } = await reader.read()
      if (done) return false
      heard += Buffer.from(value).toString()
    }
    return true
  }
}

test('the balance is pushed when it changes, and to nobody who has signed out', async () => {
  const { msisdn } = await stage.newCustomer(1_00n)
  const device = await stage.signIn(msisdn)
  const until = await listen(device)
  expect(await until(/event: balance\ndata: \{"available":"100",.*"asOf":"2026-.*Z"\}/)).toBe(true)
  const cash = { msisdn, amount: 4_00n, till: 't1', channel: 'counter', key: stage.key() } as const
  await stage.wallet.cashIn(cash)
  expect(
    await until(/"available":"500"[\s\S]*event: line\ndata: \[\{"id":"[^"]+","state":"done"\},\{/),
  ).toBe(true)
  await device.send('DELETE', '/sessions/current')
  stage.clock.advance(1_000)
  await stage.wallet.cashIn({ ...cash, key: stage.key() })
  expect(await until(/"available":"900"/)).toBe(false)
})

test('who is asked for money, and whose question is declined, hears of it from the line', async () => {
  const [anna, ben] = [await stage.newCustomer(), await stage.newCustomer()]
  const [asker, asked] = [await stage.signIn(anna.msisdn), await stage.signIn(ben.msisdn)]
  const [annas, bens] = [await listen(asker), await listen(asked)]
  const from = ben.msisdn.slice(3)
  const { body } = await asker.post('/requests', { from, amount: '100', key: stage.newKey() })
  const told = (state: string) =>
    new RegExp(`event: people\\ndata: \\[\\{"kind":"request","id":"${body.id}","state":"${state}"`)
  expect(await bens(told('open'))).toBe(true)
  expect((await asked.post(`/requests/${body.id}/decline`, {})).body.state).toBe('declined')
  expect(await annas(told('declined'))).toBe(true)
})
