import { createHash } from 'node:crypto'
import Fastify, { type FastifyInstance } from 'fastify'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createBrowser, type Visit } from '../../../../test/camara/browser.ts'
import { secretOf, testCatalogue } from '../../../../test/camara/catalogue.ts'
import { type TestDatabase, testDatabase } from '../../../../test/database.ts'
import { createFieldCipher, createIds, manualClock, Secret } from '../../kernel/index.ts'
import { type CodeText, createOauth, type Oauth } from './index.ts'

const origin = 'http://pay.example'
const verifier = 'a-code-verifier-that-is-long-enough-for-rfc-7636-of-course'
const challenge = createHash('sha256').update(verifier).digest('base64url')
const everything =
  'carrier-billing:payments:create carrier-billing:payments:write carrier-billing:payments:read'

const clock = manualClock(Date.UTC(2026, 10, 23, 4))
let database: TestDatabase
let catalogue: ReturnType<typeof testCatalogue>
let oauth: Oauth
let app: FastifyInstance
let sent: CodeText[]

const ids = createIds()
const cipher = createFieldCipher(new Secret('a field key for tests, 32 characters or more'), ids)
const open = () =>
  createOauth({
    db: database.db,
    catalogue,
    clock,
    ids,
    origin,
    cipher,
    behindProxy: false,
    log: console,
    sendCode: async (text) => {
      sent.push(text)
    },
    isTestNumber: (msisdn) => msisdn.startsWith('+86139000000'),
  })

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  catalogue = testCatalogue()
  sent = []
  // Every test starts a day later, so that no limit of the one before is left.
  clock.advance(86_400_000)
  oauth = open()
  app = Fastify()
  await app.register(oauth.plugin)
})

const basic = (id: string, secret = secretOf(id)) =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`

const tokenRequest = (form: Record<string, string>, authorization?: string) =>
  app.inject({
    method: 'POST',
    url: '/oauth/token',
    headers: {
      host: 'pay.example',
      'content-type': 'application/x-www-form-urlencoded',
      ...(authorization && { authorization }),
    },
    payload: new URLSearchParams(form).toString(),
  })

const twoLegged = async (id: string, scope = everything) => {
  const answer = await tokenRequest({ grant_type: 'client_credentials', scope }, basic(id))
  return answer.json<{ access_token: string; scope?: string; expires_in: number }>()
}

const authorizeUrl = (id: string, more: Record<string, string> = {}) =>
  `/oauth/auth?${new URLSearchParams({
    client_id: id,
    response_type: 'code',
    redirect_uri: 'https://shop.example/back',
    scope: everything,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: 's1',
    ui_locales: 'en',
    ...more,
  })}`

const exchange = async (id: string, landed: Visit) => {
  const code = new URL(landed.url).searchParams.get('code') ?? ''
  return tokenRequest(
    {
      grant_type: 'authorization_code',
      code,
      redirect_uri: 'https://shop.example/back',
      code_verifier: verifier,
    },
    basic(id),
  )
}

test('a client gets a token with its own scopes and lifetime, by header or by form', async () => {
  const token = await twoLegged('test-readonly')
  expect(token.scope).toBe('carrier-billing:payments:read')
  expect((await twoLegged('test-short')).expires_in).toBe(2)
  expect(decodeProtectedHeader(token.access_token)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' })
  const posted = await tokenRequest({
    grant_type: 'client_credentials',
    client_id: 'test-shop',
    client_secret: secretOf('test-shop'),
  })
  expect(posted.statusCode).toBe(200)
})

test('a wrong secret, the stored hash and an unknown client are refused alike', async () => {
  const hash = catalogue.client('test-shop')?.secretHash ?? ''
  for (const authorization of [
    basic('test-shop', 'wrong'),
    basic('test-shop', hash),
    basic('nobody', 'x'),
  ]) {
    const answer = await tokenRequest({ grant_type: 'client_credentials' }, authorization)
    expect([answer.statusCode, answer.json().error]).toEqual([401, 'invalid_client'])
  }
})

test('a token is read without the database until it expires or its client is revoked', async () => {
  const { access_token: token } = await twoLegged('test-shop')
  const verified = await oauth.verify(`Bearer ${token}`)
  expect(verified).toMatchObject({
    ok: true,
    value: { clientId: 'test-shop', merchantId: '6021', msisdn: undefined, test: true },
  })
  clock.advance(3_599_000)
  expect((await oauth.verify(`Bearer ${token}`)).ok).toBe(true)
  clock.advance(2_000)
  expect((await oauth.verify(`Bearer ${token}`)).ok).toBe(false)
  expect((await open().verify(`Bearer ${token}`)).ok).toBe(false)
  const fresh = (await twoLegged('test-shop')).access_token
  expect((await oauth.verify(`Bearer ${fresh}`)).ok).toBe(true)
  catalogue.change('test-shop', { revokedAt: 1 })
  expect((await oauth.verify(`Bearer ${fresh}`)).ok).toBe(false)
})

test.each([undefined, '', 'Bearer', 'Bearer x.y.z', 'Basic abc', 'Bearer \u0000'])(
  '%s is no token',
  async (authorization) => {
    expect(await oauth.verify(authorization)).toEqual({ ok: false, refusal: 'unauthenticated' })
  },
)

test('a token with a changed body is refused', async () => {
  const { access_token: token } = await twoLegged('test-readonly')
  const [header, , signature] = token.split('.')
  const body = { ...decodeJwt(token), scope: everything }
  const forged = [header, Buffer.from(JSON.stringify(body)).toString('base64url'), signature]
  expect((await oauth.verify(`Bearer ${forged.join('.')}`)).ok).toBe(false)
})

test('a customer proves the number, agrees, and the token names him without his number', async () => {
  const browser = createBrowser(app, origin)
  const number = await browser.visit(authorizeUrl('live-shop', { scope: `openid ${everything}` }))
  expect(number.body).toContain('Star Games asks you to confirm your number')
  expect(number.headers['content-security-policy']).toContain("default-src 'none'")
  expect(number.headers['content-security-policy']).toContain('https://shop.example')
  const code = await browser.submit(number, 'number', { number: '138 0013 8000' })
  expect(code.body).toContain('138****8000')
  expect(sent).toMatchObject([{ to: '+8613800138000', minutes: 5, language: 'en' }])
  const consent = await browser.submit(code, 'code', { code: sent[0]?.code ?? '' })
  expect(consent.body).toContain('Charge payments to your bill')
  const landed = await browser.submit(consent, 'consent')
  expect(landed.url).toMatch(/^https:\/\/shop\.example\/back\?code=.+&state=s1/)
  const answer = await exchange('live-shop', landed)
  const tokens = answer.json<{ access_token: string; id_token: string }>()
  expect(JSON.stringify(decodeJwt(tokens.access_token))).not.toContain('13800138000')
  expect(JSON.stringify(decodeJwt(tokens.id_token))).not.toContain('13800138000')
  const verified = await oauth.verify(`Bearer ${tokens.access_token}`)
  expect(verified).toMatchObject({ ok: true, value: { msisdn: '+8613800138000', test: false } })
  // The code is good for one token.
  expect((await exchange('live-shop', landed)).json().error).toBe('invalid_grant')
})

test('one customer has the same name for one merchant and another for another', async () => {
  const subjectFor = async (id: string) => {
    const landed = await createBrowser(app, origin).visit(
      authorizeUrl(id, { login_hint: 'tel:+8613900000001' }),
    )
    return decodeJwt((await exchange(id, landed)).json().access_token).sub
  }
  const shop = await subjectFor('test-shop')
  expect(await subjectFor('test-other')).toBe(shop)
  expect(await subjectFor('test-asking')).not.toBe(shop)
})

test('a second customer at the same browser proves his own number', async () => {
  const browser = createBrowser(app, origin)
  const first = await browser.visit(authorizeUrl('test-shop', { login_hint: 'tel:+8613900000001' }))
  expect(first.url).toContain('code=')
  const second = await browser.visit(authorizeUrl('test-shop'))
  expect(second.body).toContain('confirm your number')
  const third = await browser.visit(authorizeUrl('test-shop', { login_hint: 'tel:+8613900000002' }))
  const token = (await exchange('test-shop', third)).json<{ access_token: string }>().access_token
  expect(await oauth.verify(`Bearer ${token}`)).toMatchObject({
    value: { msisdn: '+8613900000002' },
  })
})

test('the short way of the sandbox is closed to real clients and real numbers', async () => {
  for (const [id, hint] of [
    ['live-shop', 'tel:+8613900000001'],
    ['test-shop', 'tel:+8613800138000'],
  ] as const) {
    const page = await createBrowser(app, origin).visit(authorizeUrl(id, { login_hint: hint }))
    expect(page.body).toContain('confirm your number')
  }
})

test('a refresh token works once; used twice, its whole grant is gone', async () => {
  const landed = await createBrowser(app, origin).visit(
    authorizeUrl('test-shop', { login_hint: 'tel:+8613900000001' }),
  )
  const first = (await exchange('test-shop', landed)).json<{ refresh_token: string }>()
  const refresh = (token: string) =>
    tokenRequest({ grant_type: 'refresh_token', refresh_token: token }, basic('test-shop'))
  const second = (await refresh(first.refresh_token)).json<{
    refresh_token: string
    access_token: string
  }>()
  expect((await oauth.verify(`Bearer ${second.access_token}`)).ok).toBe(true)
  expect((await refresh(first.refresh_token)).json().error).toBe('invalid_grant')
  expect((await refresh(second.refresh_token)).json().error).toBe('invalid_grant')
  const stored = await database.db.query<{ id: string; payload: object }>(
    "select id, payload from oauth_record where model = 'RefreshToken'",
  )
  expect(JSON.stringify(stored)).not.toContain(first.refresh_token)
})

test('a number with a new owner keeps none of the old owner’s grants', async () => {
  const login = { login_hint: 'tel:+8613900000005' }
  const landed = await createBrowser(app, origin).visit(authorizeUrl('test-shop', login))
  const old = (await exchange('test-shop', landed)).json<{
    access_token: string
    refresh_token: string
  }>()
  await oauth.forgetNumber('+8613900000005')
  expect((await oauth.verify(`Bearer ${old.access_token}`)).ok).toBe(false)
  const refreshed = await tokenRequest(
    { grant_type: 'refresh_token', refresh_token: old.refresh_token },
    basic('test-shop'),
  )
  expect(refreshed.json().error).toBe('invalid_grant')
  const again = await createBrowser(app, origin).visit(authorizeUrl('test-shop', login))
  const fresh = (await exchange('test-shop', again)).json<{ access_token: string }>()
  expect(decodeJwt(fresh.access_token).sub).not.toBe(decodeJwt(old.access_token).sub)
})

test('a resource that is not ours is refused, and one code buys one token even in a race', async () => {
  const form = { grant_type: 'client_credentials', resource: 'https://other.example/' }
  const answer = await tokenRequest(form, basic('test-shop'))
  expect(answer.json().error).toBe('invalid_target')
  const landed = await createBrowser(app, origin).visit(
    authorizeUrl('test-shop', { login_hint: 'tel:+8613900000001' }),
  )
  const answers = await Promise.all(Array.from({ length: 8 }, () => exchange('test-shop', landed)))
  expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1)
})

test('an authorization without PKCE, or refused by the customer, ends at the merchant', async () => {
  const browser = createBrowser(app, origin)
  const bare = await browser.visit(
    authorizeUrl('test-shop').replace(/&code_challenge[^&]*=[^&]*/g, ''),
  )
  expect(new URL(bare.url).searchParams.get('error')).toBe('invalid_request')
  const page = await browser.visit(authorizeUrl('test-shop'))
  const refused = await browser.submit(page, 'abort')
  expect(new URL(refused.url).searchParams.get('error')).toBe('access_denied')
})

test('a redirect address that is not registered shows our own page', async () => {
  const page = await createBrowser(app, origin).visit(
    authorizeUrl('test-shop', { redirect_uri: 'https://thief.example/' }),
  )
  expect(page.status).toBe(400)
  expect(page.body).toContain('invalid_redirect_uri')
})

test('five wrong codes end the code; a new one waits a minute, then five an hour', async () => {
  const browser = createBrowser(app, origin)
  let page = await browser.submit(await browser.visit(authorizeUrl('live-shop')), 'number', {
    number: '13800138000',
  })
  const right = sent[0]?.code ?? ''
  const wrong = right === '000000' ? '000001' : '000000'
  for (let tries = 0; tries < 5; tries += 1)
    page = await browser.submit(page, 'code', { code: wrong })
  page = await browser.submit(page, 'code', { code: right })
  expect(page.body).toContain('Five wrong tries')
  page = await browser.submit(page, 'number', { number: '13800138000' })
  expect(page.body).toContain('in 60 s')
  for (let codes = 0; codes < 4; codes += 1) {
    clock.advance(60_000)
    page = await browser.submit(page, 'number', { number: '13800138000' })
    page = await browser.visit(`${new URL(page.url).pathname}?number`)
  }
  clock.advance(60_000)
  page = await browser.submit(page, 'number', { number: '13800138000' })
  expect(page.body).toMatch(/in \d{4} s/)
  expect(sent).toHaveLength(5)
})

test('a code is good for five minutes', async () => {
  const browser = createBrowser(app, origin)
  const start = await browser.visit(authorizeUrl('live-shop'))
  const page = await browser.submit(start, 'number', { number: '13800138000' })
  clock.advance(300_001)
  const late = await browser.submit(page, 'code', { code: sent[0]?.code ?? '' })
  expect(late.body).toContain('too old')
})

test('what is typed is shown as text', async () => {
  const browser = createBrowser(app, origin)
  const start = await browser.visit(authorizeUrl('live-shop'))
  const page = await browser.submit(start, 'number', { number: '"><script>' })
  expect(page.body).toContain('&quot;&gt;&lt;script&gt;')
})

test('a rotated key is published before it signs, and the old one after', async () => {
  const old = await twoLegged('test-shop')
  const kid = await oauth.rotateKeys()
  expect(kid).toBeDefined()
  const kidOf = (token: string) => decodeProtectedHeader(token).kid
  const published = async () =>
    (await app.inject({ url: '/oauth/jwks', headers: { host: 'pay.example' } }))
      .json<{ keys: { kid: string; d?: string }[] }>()
      .keys.map((key) => [key.kid, key.d])
  expect(kidOf((await twoLegged('test-shop')).access_token)).toBe(kidOf(old.access_token))
  expect(await published()).toContainEqual([kid, undefined])
  clock.advance(11 * 60_000)
  expect(kidOf((await twoLegged('test-shop')).access_token)).toBe(kid)
  expect((await oauth.verify(`Bearer ${old.access_token}`)).ok).toBe(true)
  clock.advance(25 * 3_600_000)
  await twoLegged('test-shop')
  expect(await published()).toEqual([[kid, undefined]])
  const rows = await database.db.query<{ private_sealed: string }>(
    'select private_sealed from oauth_key',
  )
  for (const { private_sealed: sealed } of rows) expect(sealed).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]+$/)
})

test('discovery names our endpoints, and what has expired is purged', async () => {
  const answer = await app.inject({
    url: '/oauth/.well-known/openid-configuration',
    headers: { host: 'pay.example' },
  })
  expect(answer.json()).toMatchObject({
    issuer: `${origin}/oauth`,
    token_endpoint: `${origin}/oauth/token`,
    jwks_uri: `${origin}/oauth/jwks`,
  })
  clock.advance(365 * 86_400_000)
  expect(await oauth.purge()).toEqual({ kind: 'next', dueAt: clock.now() + 3_600_000 })
  expect(await database.db.query('select 1 from oauth_record')).toEqual([])
})
