/** People of the operator: how they come in, what the log calls them, and who says who they are. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type CounterStage, openCounter } from '../../../test/counter-stage.ts'
import { asProgram } from '../../../test/operator-people.ts'
import { operatorToo } from '../../../test/operator-routes.ts'
import { Secret } from '../../kernel/index.ts'
import { codeAt } from '../../staff/index.ts'

let hall: CounterStage
beforeAll(async () => {
  hall = await openCounter(undefined, operatorToo())
})
afterAll(() => hall?.close())
beforeEach(async () => {
  for (const table of ['person', 'session'])
    await hall.db.transact((tx) => tx.query(`delete from staff_${table}`))
  await hall.hire('chen.li', ['operator'])
  await hall.hire('wu.min', ['admin'])
})

const minute = 60_000
const typeOf = ({ status, body }: { status: number; body: { type?: string } }) => [
  status,
  body.type?.replace('/problems/', ''),
]
const signIn = (login: string, more: object = {}) =>
  hall.operator.send('POST', '/session', { body: { ...hall.credentials(login), ...more } })
const lastLogged = async () => (await hall.log()).at(-1)
const smaller = { body: { smsTariff: '11' } }

test('both factors open a session of a cookie of its own; a wrong one, another page’s people and the token do not', async () => {
  const answer = await signIn('chen.li')
  expect(answer.status).toBe(201)
  expect(answer.headers['set-cookie']).toMatch(
    /^operator=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
  )
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(answer.body).toEqual({
    person: { login: 'chen.li', name: '员工chen.li', office: '滨江路厅', roles: ['operator'] },
    csrfToken: expect.stringMatching(/^[0-9a-f]{64}$/),
    ...{ idleSeconds: 900, passwordIsInitial: false },
  })
  expect(await lastLogged()).toMatchObject({ operator: 'staff:chen.li', action: 'staff.sign_in' })
  expect(typeOf(await signIn('chen.li', { code: '000000' }))).toEqual([401, 'wrong_credentials'])
  await hall.hire('0417', ['clerk'])
  expect(typeOf(await signIn('0417'))).toEqual([403, 'role_missing'])
  const body = hall.credentials('chen.li')
  expect(typeOf(await hall.send('POST', '/session', { body }))).toEqual([403, 'role_missing'])
  const fresh = hall.credentials('chen.li')
  const program = hall.operator.send('POST', '/session', { body: fresh, headers: asProgram })
  expect(typeOf(await program)).toEqual([403, 'person_needed'])
})

test('five wrong ones lock, the log says so, and an admin ends the lock', async () => {
  const admin = await hall.operator.signIn('wu.min')
  for (let left = 5; left > 0; left -= 1) await signIn('chen.li', { password: 'not this one' })
  const locked = await signIn('chen.li')
  expect(typeOf(locked)).toEqual([429, 'locked'])
  expect(Number(locked.headers['retry-after'])).toBeGreaterThan(800)
  expect((await hall.log()).map(({ action }) => action)).toContain('staff.locked')
  const [kept] = (await admin.get('/people?limit=1')).body.items
  expect(kept).toMatchObject({ id: 'chen.li', lockedUntil: expect.any(String) })
  expect((await admin.post('/people/chen.li/unlock')).body).toMatchObject({ lockedUntil: null })
  expect((await signIn('chen.li')).status).toBe(201)
})

test('a session ends when nothing is done in it, by signing out, and with another role', async () => {
  const idle = await hall.operator.signIn('chen.li')
  hall.clock.advance(14 * minute)
  expect((await idle.get('/policy')).status).toBe(200)
  hall.clock.advance(15 * minute)
  expect(typeOf(await idle.get('/policy'))).toEqual([401, 'session_missing'])

  const leaving = await hall.operator.signIn('chen.li')
  const gone = await leaving.send('DELETE', '/session')
  expect([gone.status, gone.headers['set-cookie']]).toEqual([
    204,
    'operator=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict',
  ])
  expect((await leaving.get('/session')).status).toBe(401)

  const changed = await hall.operator.signIn('chen.li')
  const admin = await hall.operator.signIn('wu.min')
  const roles = (given: string[]) =>
    admin.send('PUT', '/people/chen.li/roles', { body: { roles: given } })
  expect((await roles(['supervisor', 'viewer'])).body).toMatchObject({
    roles: ['supervisor', 'viewer'],
  })
  expect(await lastLogged()).toMatchObject({
    ...{ operator: 'staff:wu.min', action: 'staff.roles' },
    after: { roles: ['supervisor', 'viewer'] },
  })
  expect((await changed.get('/policy')).status).toBe(401)
  expect(typeOf(await roles(['viewer', 'admin']))).toEqual([422, 'admin_is_more'])
  expect((await roles([])).status).toBe(422)
})

test('the log names who is signed in, whatever a header says, and a program as it names itself', async () => {
  const person = await hall.operator.signIn('chen.li')
  const headers = { 'x-operator': 'Somebody Else' }
  expect((await person.send('PATCH', '/policy', { ...smaller, headers })).status).toBe(200)
  expect(await lastLogged()).toMatchObject({ operator: 'staff:chen.li', action: 'policy.change' })
  const program = (name: string) =>
    hall.operator.send('PATCH', '/policy', {
      ...smaller,
      headers: { ...asProgram, 'x-operator': name },
    })
  expect((await program('Chen Li')).status).toBe(200)
  expect(await lastLogged()).toMatchObject({ operator: 'Chen Li' })
  expect(typeOf(await program('staff:chen.li'))).toEqual([422, 'operator_missing'])
})

test('nobody agrees to what he asked for himself, and the token asks for nothing', async () => {
  await hall.hire('he.jun', ['operator', 'supervisor'])
  await hall.hire('li.na', ['supervisor'])
  const [found] = await hall.db.transact((tx) =>
    tx.query<{ id: bigint }>(
      `insert into bank_difference (bank, day, kind, key, ours, theirs, found_at, side, amount)
       values ('jiangcheng', '2026-11-22', 'missing_here', '004172', null, '15.00', $1, 'long', 1500)
       returning id`,
      [hall.clock.now()],
    ),
  )
  const path = `/bank-differences/${found?.id}/acts`
  const body = { act: 'to_suspense', reason: 'asked the bank' }
  const program = hall.operator.send('POST', path, { body, headers: asProgram })
  expect(typeOf(await program)).toEqual([403, 'person_needed'])
  const asker = await hall.operator.signIn('he.jun')
  const asked = await asker.post(path, body)
  expect(asked.body).toMatchObject({ state: 'asked', askedBy: 'he.jun' })
  const agree = (login: string) =>
    asker.post(`/bank-acts/${asked.body.id}/approve`, { login, code: hall.freshCode(login) })
  expect(typeOf(await agree('he.jun'))).toEqual([403, 'act_is_own'])
  expect(typeOf(await agree('chen.li'))).toEqual([403, 'second_person_wrong'])
  expect((await agree('li.na')).body).toMatchObject({ state: 'done', decidedBy: 'li.na' })
})

test('an admin adds people and hands over what opens their first session, once; nobody changes himself', async () => {
  const admin = await hall.operator.signIn('wu.min')
  const given = { login: 'li.na', name: '李娜', office: '风控部', roles: ['supervisor'] }
  const { status, body } = await admin.post('/people', given)
  expect([status, body]).toMatchObject([
    201,
    { ...given, id: 'li.na', passwordIsInitial: true, disabledAt: null },
  ])
  expect(await lastLogged()).toMatchObject({ operator: 'staff:wu.min', action: 'staff.add' })
  expect(body.uri).toContain(body.secret)
  const code = codeAt(new Secret(body.secret), hall.clock.now())
  const first = { login: 'li.na', password: body.password, code }
  expect((await hall.operator.send('POST', '/session', { body: first })).body).toMatchObject({
    passwordIsInitial: true,
  })
  const kept = JSON.stringify([
    (await admin.get('/people')).body,
    await hall.db.query('select to_jsonb(p) from staff_person p'),
    await hall.db.query('select to_jsonb(l) from operator_log l'),
  ])
  for (const secret of [body.password, body.secret]) expect(kept).not.toContain(secret)

  expect(typeOf(await admin.post('/people', given))).toEqual([409, 'login_taken'])
  expect(await lastLogged()).toMatchObject({ operator: 'staff:wu.min', action: 'refused' })
  const again = (await admin.post('/people/li.na/reset')).body
  expect([again.password, again.secret]).not.toEqual([body.password, body.secret])
  expect((await admin.post('/people/li.na/disable')).body.disabledAt).not.toBeNull()
  expect(typeOf(await admin.post('/people/li.na/disable'))).toEqual([409, 'already_so'])
  expect((await admin.post('/people/li.na/enable')).body.disabledAt).toBeNull()
  expect(typeOf(await admin.post('/people/nobody/enable'))).toEqual([404, 'login_unknown'])
  for (const own of ['reset', 'disable', 'enable', 'unlock'])
    expect(typeOf(await admin.post(`/people/wu.min/${own}`))).toEqual([403, 'person_is_own'])
  const roles = { body: { roles: ['operator'] } }
  expect(typeOf(await admin.send('PUT', '/people/wu.min/roles', roles))).toEqual([
    403,
    'person_is_own',
  ])
  const page = (await admin.get('/people?limit=2')).body
  const rest = (await admin.get(`/people?limit=2&before=${page.next}`)).body
  expect([...page.items, ...rest.items].map(({ login }) => login)).toEqual([
    'chen.li',
    'li.na',
    'wu.min',
  ])
})
