/** A passkey in place of the PIN: what it confirms is done once, and nothing else is. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAuthenticator, type Lie } from '../../../../test/authenticator.ts'
import {
  type ConsumerStage,
  type Device,
  openConsumerStage,
  pin,
  usualOrigin,
} from '../../../test/consumer-stage.ts'

let stage: ConsumerStage
let friend: string
beforeAll(async () => {
  stage = await openConsumerStage()
  friend = (await stage.newCustomer()).msisdn
})
afterAll(() => stage?.close())

type Authenticator = ReturnType<typeof createAuthenticator>
interface Owner {
  readonly msisdn: string
  readonly device: Device
  readonly authenticator: Authenticator
}

async function made(device: Device, authenticator: Authenticator, proof: object = { pin }) {
  const asked = await device.post('/passkeys/options', { key: stage.newKey(), ...proof })
  const response = authenticator.create(asked.body.options)
  const kept = await device.post('/passkeys', { id: asked.body.id, response })
  expect(kept.status).toBe(201)
  return kept.body as { id: string; confirms: boolean }
}
async function owner(authenticator = createAuthenticator(usualOrigin)): Promise<Owner> {
  const { msisdn } = await stage.newCustomer(300_00n)
  const device = await stage.signIn(msisdn)
  await made(device, authenticator)
  return { msisdn, device, authenticator }
}
const ask = (device: Device, body: object, act = 'POST /consumer/transfers') =>
  device.post('/passkeys/proof-options', { for: act, body })

async function signed<Body extends object>(
  { device, authenticator }: Owner,
  body: Body,
  { act, by = authenticator, ...lie }: Lie & { act?: string; by?: Authenticator } = {},
) {
  const { status, body: asked } = await ask(device, body, act)
  expect(status).toBe(200)
  return { ...body, passkey: { id: asked.id as string, response: by.get(asked.options, lie) } }
}
const transfer = (amount = '1000') => ({ to: friend.slice(3), amount, key: stage.newKey() })
const codeOf = ({ status, body }: { status: number; body: { code?: string } }) =>
  `${status} ${body?.code}`

test('what a passkey has signed is done, once, and again under its key it has the same answer', async () => {
  const one = await owner()
  const wanted = transfer()
  const { options } = (await ask(one.device, wanted)).body
  expect(options).toMatchObject({
    userVerification: 'required',
    allowCredentials: [{ id: one.authenticator.credentialId }],
  })
  const body = await signed(one, wanted)
  const [first, second] = await Promise.all([
    one.device.post('/transfers', body),
    one.device.post('/transfers', body),
  ])
  expect([first.status, second.status].toSorted()).toEqual([200, 201])
  // Its answer was lost for longer than anybody may look for a finger, and another act came between.
  const other = await one.device.post('/transfers', await signed(one, transfer('500')))
  expect(other.status).toBe(201)
  stage.clock.advance(3 * 60_000)
  const again = await one.device.post('/transfers', body)
  expect([again.status, again.body]).toEqual([200, first.body])
  expect(await stage.available(one.msisdn)).toBe(285_00n)
  expect(await stage.available(friend)).toBe(15_00n)
  // In whatever order the members come, it is the same request.
  const { to, amount, key } = transfer()
  const { passkey } = await signed(one, { to, amount, key })
  const turned = await one.device.post('/transfers', { passkey, key, amount, to })
  expect(turned.status).toBe(201)
})

test('an act is signed by its path and its whole body, whichever it is', async () => {
  const one = await owner(createAuthenticator(usualOrigin, { counts: false }))
  const does = async (path: string, body: object) => {
    const answer = await one.device.post(
      path,
      await signed(one, body, { act: `POST /consumer${path}` }),
    )
    expect([path, answer.status]).toEqual([path, path.endsWith('cancel') ? 200 : 201])
    return answer.body.id as string
  }
  const cardId = stage.people.bind(one.msisdn)
  const key = () => ({ key: stage.newKey() })
  const late = await does('/transfers', { ...transfer(), arrival: '24h' })
  await does(`/transfers/${late}/cancel`, key())
  await does('/packets', { kind: 'lucky', amount: '300', count: 3, ...key() })
  await does('/top-ups', { cardId, amount: '1000', ...key() })
  await does('/withdrawals', { cardId, amount: '1000', speed: 'next_day', ...key() })
  const card = { pan: '9990011234567897', name: '林黛', amount: '1000', ...key() }
  await does('/card-transfers', card)
})

test('what was signed for something else confirms nothing, and tells nothing', async () => {
  const one = await owner()
  const stranger = await owner()
  const before = await stage.available(one.msisdn)
  const told: Record<string, string> = {}
  const sends = async (what: string, body: object, by = one.device) => {
    told[what] = codeOf(await by.post('/transfers', body))
  }
  const wanted = transfer()
  await sends('another amount', { ...(await signed(one, wanted)), amount: '1001' })
  await sends('another payee', { ...(await signed(one, wanted)), to: '13599999999' })
  await sends('something more', { ...(await signed(one, wanted)), arrival: '2h' })
  await sends('another key', { ...(await signed(one, wanted)), key: stage.newKey() })
  const act = 'POST /consumer/requests'
  await sends('another act', await signed(one, wanted, { act }))
  const tablet = await stage.signIn(one.msisdn)
  await sends('another session', await signed(one, wanted), tablet)
  await sends('another number', await signed(one, wanted), stranger.device)
  await sends('a stranger’s passkey', await signed(one, wanted, { by: stranger.authenticator }))
  const theirs = await signed(one, wanted, { by: stranger.authenticator })
  const { credentialId: id } = one.authenticator
  const named = { ...theirs.passkey.response, id, rawId: id }
  await sends('a stranger’s, named as his', {
    ...theirs,
    passkey: { ...theirs.passkey, response: named },
  })
  await sends(
    'nobody’s passkey',
    await signed(one, wanted, { by: createAuthenticator(usualOrigin) }),
  )
  await sends('no finger shown', await signed(one, wanted, { isUnverified: true }))
  await sends('another address', await signed(one, wanted, { origin: 'https://evil.example' }))
  await sends('a copy that counts behind', await signed(one, wanted, { counter: 1 }))
  const real = await signed(one, wanted)
  const longer = Buffer.from(real.passkey.id, 'base64url')
  longer.writeUIntBE(longer.readUIntBE(0, 6) + 60_000, 0, 6)
  for (const [what, challenge] of [
    ['a longer time', longer.toString('base64url')],
    ['a challenge of sign-in', (await stage.send('POST', '/sessions/options')).body.id],
    ['no challenge', ''],
  ]) {
    const response = one.authenticator.get({ challenge, rpId: 'localhost' })
    await sends(String(what), { ...wanted, passkey: { id: challenge, response } })
  }
  await sends('no answer at all', { ...wanted, passkey: { id: real.passkey.id, response: {} } })
  stage.clock.advance(2 * 60_000 + 1)
  await sends('too late', real)
  const gone = await signed(one, wanted)
  expect(
    (await one.device.post(`/passkeys/${id}/remove`, { pin, key: stage.newKey() })).status,
  ).toBe(204)
  await sends('removed', gone)
  for (const [what, code] of Object.entries(told)) expect([what, code]).toEqual([what, '403 AP-11'])
  expect(Object.keys(told)).toHaveLength(19)

  expect(await stage.available(one.msisdn)).toBe(before)
  // None of them was a try of the PIN.
  const { triesLeft } = (await stage.pins.stateOf(stage.db, one.msisdn)) ?? {}
  expect(triesLeft).toBe(5)
  const other = await owner()
  const left = await signed(other, transfer())
  await other.device.send('DELETE', '/sessions/current')
  expect(codeOf(await other.device.post('/transfers', left))).toBe('401 AP-01')
})

test('what was confirmed is not confirmed again by a passkey that was removed', async () => {
  const one = await owner()
  const body = await signed(one, transfer())
  expect((await one.device.post('/transfers', body)).status).toBe(201)
  const path = `/passkeys/${one.authenticator.credentialId}/remove`
  await one.device.post(path, { pin, key: stage.newKey() })
  expect(codeOf(await one.device.post('/transfers', body))).toBe('403 AP-11')
})

test('one proof is needed, and not two', async () => {
  const one = await owner()
  const wanted = transfer()
  for (const body of [wanted, { ...(await signed(one, wanted)), pin }]) {
    const answer = await one.device.post('/transfers', body)
    expect([answer.status, answer.body.errors[0].field]).toEqual([422, 'pin'])
  }
})

test('a PIN that is locked, or still the initial one, is not got round', async () => {
  const one = await owner()
  const before = await signed(one, transfer())
  const passkey = async () => (await one.device.get('/me')).body.passkey
  expect(await passkey()).toBe(true)
  for (let tries = 0; tries < 5; tries += 1)
    await one.device.post('/transfers', { ...transfer(), pin: '000000' })
  expect(codeOf(await ask(one.device, transfer()))).toBe('409 AP-25')
  expect(codeOf(await one.device.post('/transfers', before))).toBe('409 AP-25')
  expect(await passkey()).toBe(false)
  await stage.db.transact((tx) => stage.pins.reset(tx, one.msisdn, {}))
  expect(codeOf(await ask(one.device, transfer()))).toBe('409 AP-22')
  expect(codeOf(await one.device.post('/transfers', before))).toBe('409 AP-22')
  expect(await stage.available(one.msisdn)).toBe(300_00n)
})

test('a passkey that was made without a PIN signs in and pays nothing', async () => {
  const msisdn = await stage.newNumber()
  const early = createAuthenticator(usualOrigin)
  const device = await stage.signIn(msisdn)
  expect((await made(device, early, {})).confirms).toBe(false)
  expect(codeOf(await ask(device, transfer()))).toBe('409 AP-21')
  await stage.setPin(msisdn)
  expect(codeOf(await ask(device, transfer()))).toBe('409 AP-17')
  expect((await device.get('/me')).body.passkey).toBe(false)
  const late = createAuthenticator(usualOrigin)
  expect((await made(device, late)).confirms).toBe(true)
  const one = { msisdn, device, authenticator: late }
  const { options } = (await ask(device, transfer())).body
  expect(options.allowCredentials).toMatchObject([{ id: late.credentialId }])
  const body = await signed(one, transfer(), { by: early })
  expect(codeOf(await device.post('/transfers', body))).toBe('403 AP-11')
})

test('a bank’s own PIN is for the bank', async () => {
  const one = await owner()
  const cardId = stage.people.bind(one.msisdn, { bank: 'KEEPS' })
  const wanted = { cardId, amount: '1000', key: stage.newKey() }
  const body = await signed(one, wanted, { act: 'POST /consumer/top-ups' })
  expect(codeOf(await one.device.post('/top-ups', body))).toBe('409 AP-18')
})

test('who tries many is slowed, by his address', async () => {
  const one = await owner()
  stage.fromElsewhere()
  const body = { ...(await signed(one, transfer())), amount: '1' }
  let code = ''
  for (let tries = 0; tries < 301 && !code.startsWith('429'); tries += 1)
    code = codeOf(await one.device.post('/transfers', body))
  expect(code).toMatch(/^429/)
  const right = await signed(one, transfer())
  expect((await one.device.post('/transfers', right)).status).toBe(429)
  stage.fromElsewhere()
  expect((await one.device.post('/transfers', right)).status).toBe(201)
})
