/** What browsers are told with every answer, and that no page runs or shows what is not its own. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient } from '../../server/src/merchants/index.ts'
import { createBrowser, type Visit } from '../camara/browser.ts'
import { engines } from '../database.ts'
import { urlOf } from './requests.ts'
import { openStage, type Stage, scopes } from './stage.ts'

const policyOf = (header: string) =>
  new Map(
    header.split(';').map((part) => {
      const [name = '', ...values] = part.trim().split(/\s+/)
      return [name, values.join(' ')]
    }),
  )

/** What is wrong with an answer, as a browser would meet it. */
function faultsOf(headers: Readonly<Record<string, unknown>>, body: string): string[] {
  const faults: string[] = []
  const policy = policyOf(String(headers['content-security-policy'] ?? ''))
  if (headers['x-content-type-options'] !== 'nosniff') faults.push('may be sniffed')
  if (headers['referrer-policy'] !== 'no-referrer') faults.push('tells the next site of it')
  if (policy.get('default-src') !== "'none'") faults.push('loads anything')
  if (policy.get('frame-ancestors') !== "'none'") faults.push('may be framed')
  const scripts = policy.get('script-src') ?? "'none'"
  if (!["'none'", "'self'"].includes(scripts)) faults.push(`runs scripts of ${scripts}`)
  if (!/text\/html/.test(String(headers['content-type']))) return faults
  if (/<script(?![^>]*\ssrc=)[^>]*>/i.test(body)) faults.push('has a script in it')
  if (/<[^>]+\son\w+\s*=/i.test(body)) faults.push('has a handler in it')
  if (/(src|href)="(https?:)?\/\//i.test(body)) faults.push('loads from elsewhere')
  const styles = `${policy.get('style-src')}`
  if (/<style/i.test(body) && !/^'sha256-/.test(styles))
    faults.push('has a style nobody vouches for')
  return faults
}

describe.runIf(engines.includes('postgres'))('pages', () => {
  let stage: Stage
  let addressOfSignIn = ''

  beforeAll(async () => {
    stage = await openStage()
    const { db, ids, clock, catalogue } = stage.parts
    const content = {
      merchantId: '6021',
      name: '"><script>alert(1)</script>',
      scopes,
      grantTypes: ['authorization_code'],
      redirectUris: ['https://shop.example/back'],
      tokenSeconds: 300,
      test: false,
    }
    const made = await db.transact((tx) => createClient(tx, content, { ids, now: clock.now() }))
    if (!made.ok) throw new Error(made.refusal)
    await catalogue.reload()
    addressOfSignIn = `/oauth/auth?${new URLSearchParams({
      client_id: made.value.client.id,
      response_type: 'code',
      redirect_uri: 'https://shop.example/back',
      scope: scopes.join(' '),
      code_challenge: 'a'.repeat(43),
      code_challenge_method: 'S256',
    })}`
  }, 120_000)
  afterAll(() => stage?.close())

  test('every answer to a GET, page or not, says what a browser must not do with it', async () => {
    const faults: string[] = []
    let pages = 0
    for (const route of stage.routes.filter(
      ({ method, path }) => method === 'GET' && !path.endsWith('/stream'),
    )) {
      const url = urlOf(route, stage.things.games)
      const answer = await stage.app.inject({ url, headers: { accept: 'text/html' } })
      if (/text\/html/.test(String(answer.headers['content-type']))) pages += 1
      for (const fault of faultsOf(answer.headers, answer.body)) faults.push(`${url} ${fault}`)
    }
    for (const url of ['/nowhere', '/oauth/nowhere', '/docs/', '/%zz']) {
      const answer = await stage.app.inject(url)
      // What cannot be read as an address never comes to the hook that speaks for all others.
      if (url !== '/%zz')
        for (const fault of faultsOf(answer.headers, answer.body)) faults.push(`${url} ${fault}`)
      expect(answer.headers['content-type']).toBeDefined()
    }
    expect(faults).toEqual([])
    expect(pages).toBeGreaterThan(0)
    expect((await stage.app.inject('/health')).headers).not.toHaveProperty(
      'strict-transport-security',
    )
  })

  test('the sign-in pages have no script, no frame, no foreign form, and a cookie only they see', async () => {
    const browser = createBrowser(stage.app, stage.url)
    const number = await browser.visit(addressOfSignIn)
    expect(number.body).toContain('/number"')
    expect(number.body).not.toContain('<script')
    const code = await browser.submit(number, 'number', { number: '13900010001' })
    const wrong = await browser.submit(code, 'code', { code: '<b>"\'0' })
    for (const page of [number, code, wrong] as Visit[])
      expect(faultsOf(page.headers, page.body)).toEqual([])

    const begun = await stage.app.inject({
      url: addressOfSignIn,
      headers: { host: new URL(stage.url).host },
    })
    const cookies = [begun.headers['set-cookie'] ?? []].flat()
    expect(cookies.length).toBeGreaterThan(0)
    for (const cookie of cookies) expect(cookie).toMatch(/httponly/i)
    for (const cookie of cookies) expect(cookie).toMatch(/samesite=lax/i)
    for (const step of ['number', 'code', 'consent', 'abort'])
      for (const [site, expected] of [
        ['cross-site', 'access_denied'],
        ['same-site', 'access_denied'],
        ['none', 'access_denied'],
        ['same-origin', 'invalid_request'],
      ] as const) {
        const answer = await stage.app.inject({
          method: 'POST',
          url: `/oauth/interaction/another/${step}`,
          headers: {
            'sec-fetch-site': site,
            'content-type': 'application/x-www-form-urlencoded',
            cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; '),
          },
          payload: 'number=13900010001',
        })
        expect([step, site, answer.statusCode]).toEqual([step, site, 400])
        expect(answer.body).toContain(expected)
      }
  })
})
