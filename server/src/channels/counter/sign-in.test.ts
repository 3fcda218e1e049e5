/** Coming in and staying in: two factors, locks, idleness, and nobody else's page in a clerk's name. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type CounterStage, customer, openCounter } from '../../../test/counter-stage.ts'

let hall: CounterStage
beforeAll(async () => {
  hall = await openCounter()
})
afterAll(() => hall?.close())
beforeEach(async () => {
  for (const table of ['person', 'session'])
    await hall.db.transact((tx) => tx.query(`delete from staff_${table}`))
  await hall.hire('0417', ['clerk'])
})

const minute = 60_000
const status = async (answer: Promise<{ status: number }>) => (await answer).status

test('both factors at once open a session of one cookie, and each code counts once', async () => {
  const given = hall.credentials('0417')
  const answer = await hall.send('POST', '/session', { body: given })
  expect(answer.status).toBe(201)
  expect(answer.headers['set-cookie']).toMatch(
    /^counter=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
  )
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(answer.body).toMatchObject({
    person: { login: '0417', office: '滨江路厅', roles: ['clerk'] },
    idleSeconds: 900,
    till: null,
  })
  const again = await hall.send('POST', '/session', { body: given })
  expect(again.status).toBe(401)
  expect(again.body).toMatchObject({
    type: '/problems/wrong_credentials',
    code: 'CT-02',
    words: { zh: '工号、密码或动态码有误', en: 'Login, password or code is wrong' },
  })
  expect(again.headers['www-authenticate']).toBe('Session')
  const kept = await hall.db.query<{ token_hash: string }>('select token_hash from staff_session')
  expect(JSON.stringify(kept)).not.toContain(String(answer.headers['set-cookie']).slice(8, 51))
})

test('who is wrong hears the same, whatever was wrong of it', async () => {
  const right = hall.credentials('0417')
  const wrong = [
    { ...right, password: 'not this one at all' },
    { ...right, code: '000000' },
    { ...right, login: 'nobody' },
  ]
  const heard = []
  for (const body of wrong) heard.push((await hall.send('POST', '/session', { body })).body)
  expect(new Set(heard.map((body) => JSON.stringify(body))).size).toBe(1)
  await hall.staff.people.disable('0417', 'Chen Li')
  const body = hall.credentials('0417')
  expect((await hall.send('POST', '/session', { body })).body).toEqual(heard[0])
})

test('five wrong ones in a row lock for a quarter of an hour, also at once from many sides', async () => {
  const wrong = { ...hall.credentials('0417'), password: 'not this one at all' }
  const answers = await Promise.all(
    Array.from({ length: 9 }, () => hall.send('POST', '/session', { body: wrong })),
  )
  const counts = answers.map((answer) => answer.status).toSorted()
  expect(counts).toEqual([401, 401, 401, 401, 401, 429, 429, 429, 429])
  const right = () => hall.send('POST', '/session', { body: hall.credentials('0417') })
  const locked = await right()
  expect([locked.status, locked.body.code]).toEqual([429, 'CT-03'])
  expect(Number(locked.headers['retry-after'])).toBe(870)
  expect((await hall.log()).map((row) => row.action)).toContain('staff.locked')
  hall.clock.advance(15 * minute)
  expect((await right()).status).toBe(201)
})

test('a right one in between begins the count anew, and the operator can end a lock', async () => {
  const wrong = () =>
    hall.send('POST', '/session', { body: { ...hall.credentials('0417'), code: '000000' } })
  for (let i = 0; i < 4; i += 1) await wrong()
  await hall.signIn('0417')
  for (let i = 0; i < 4; i += 1) expect((await wrong()).status).toBe(401)
  expect((await wrong()).status).toBe(401)
  expect((await wrong()).status).toBe(429)
  expect((await hall.staff.people.unlock('0417', 'Chen Li')).ok).toBe(true)
  expect(await hall.staff.people.unlock('0417', 'Chen Li')).toMatchObject({ refusal: 'already_so' })
  await hall.signIn('0417')
})

test('nothing done for a quarter of an hour ends a session, and looking on is nothing', async () => {
  const clerk = await hall.signIn('0417')
  hall.clock.advance(14 * minute)
  expect(await status(clerk.post('/customers/find', { msisdn: customer }))).toBe(200)
  hall.clock.advance(14 * minute)
  expect(await status(clerk.get('/session'))).toBe(200)
  expect(await status(clerk.get('/approvals'))).toBe(200)
  hall.clock.advance(minute)
  const late = await clerk.post('/customers/find', { msisdn: customer })
  expect([late.status, late.body.code]).toEqual([401, 'CT-01'])
})

test('a session ends after twelve hours however busy it was, by signing out, and with a disabled login', async () => {
  const busy = await hall.signIn('0417')
  for (let i = 0; i < 71; i += 1) {
    hall.clock.advance(10 * minute)
    expect(await status(busy.post('/customers/find', { msisdn: customer }))).toBe(200)
  }
  hall.clock.advance(10 * minute)
  expect(await status(busy.get('/session'))).toBe(401)

  const leaving = await hall.signIn('0417')
  const gone = await leaving.send('DELETE', '/session')
  expect([gone.status, gone.headers['set-cookie']]).toEqual([
    204,
    'counter=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict',
  ])
  expect(await status(leaving.get('/session'))).toBe(401)

  const dismissed = await hall.signIn('0417')
  await hall.staff.people.disable('0417', 'Chen Li')
  await hall.staff.people.enable('0417', 'Chen Li')
  expect(await status(dismissed.get('/session'))).toBe(401)
})

test('what another site sends in a clerk’s name is refused, by its origin and by the token it cannot know', async () => {
  const clerk = await hall.signIn('0417')
  const find = (headers: Record<string, string>) =>
    hall.send('POST', '/customers/find', { body: { msisdn: customer }, headers })
  const { cookie, csrfToken } = clerk
  const other = await hall.signIn('0417')
  for (const headers of [
    { cookie },
    { cookie, 'x-csrf-token': '' },
    { cookie, 'x-csrf-token': csrfToken.replace(/.$/, (last) => (last === '0' ? '1' : '0')) },
    { cookie, 'x-csrf-token': other.csrfToken },
    { cookie, 'x-csrf-token': csrfToken, 'sec-fetch-site': 'cross-site' },
    { cookie, 'x-csrf-token': csrfToken, 'sec-fetch-site': 'same-site' },
  ] as Record<string, string>[]) {
    const answer = await find(headers)
    expect([answer.status, answer.body.code]).toEqual([403, 'CT-04'])
  }
  expect(
    (await find({ cookie, 'x-csrf-token': csrfToken, 'sec-fetch-site': 'same-origin' })).status,
  ).toBe(200)
  const signIn = await hall.send('POST', '/session', {
    body: hall.credentials('0417'),
    headers: { 'sec-fetch-site': 'cross-site' },
  })
  expect(signIn.status).toBe(403)
})

test('an initial password opens nothing but its own change, and the change ends other sessions', async () => {
  await hall.hire('0500', ['clerk'], { fresh: true })
  const other = await hall.signIn('0500')
  const fresh = await hall.signIn('0500')
  const find = () => fresh.post('/customers/find', { msisdn: customer })
  expect((await fresh.get('/session')).body.passwordIsInitial).toBe(true)
  expect((await find()).body.code).toBe('CT-06')
  const current = hall.secretsOf('0500').password.reveal()
  const change = (next: string, more: object = {}) =>
    fresh.post('/session/password', { current, next, code: hall.freshCode('0500'), ...more })
  expect((await change('short')).body.code).toBe('CT-07')
  expect((await change('my login is 0500 here')).body.code).toBe('CT-07')
  expect((await change(current)).body.code).toBe('CT-08')
  expect((await change('a long walk by the river', { current: 'wrong' })).body.code).toBe('CT-02')
  expect((await change('a long walk by the river')).status).toBe(204)
  expect((await find()).status).toBe(200)
  expect(await status(other.get('/session'))).toBe(401)
})
