/**
 * Values that must not be found are sent through everything there is, and then looked for: in the log,
 * in answers, in the files, and in every row of every table, which is what a dump and a backup hold.
 */
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createInbound } from '../../server/src/channels/sms/inbound.ts'
import { createSmsLog } from '../../server/src/channels/sms/sms-log.ts'
import { type Outgoing, openedNotice } from '../../server/src/payments/index.ts'
import { createBrowser } from '../camara/browser.ts'
import { engines } from '../database.ts'
import { openStage, operatorToken, payer, type Stage, scopes } from './stage.ts'

const pan = '6222021234567890128'
const pin = '730619'
const password = `canary-${randomBytes(9).toString('hex')}`

/** Where a value is kept although it is one of these, and why. */
const kept: readonly { readonly table: string; readonly row: RegExp; readonly why: string }[] = [
  {
    table: 'job',
    row: /sms\.send/,
    why: 'a text waits here until it is sent, and is deleted then',
  },
]

describe.runIf(engines.includes('postgres'))('secrets', () => {
  let stage: Stage
  const answers: string[] = []
  const secrets = new Map<string, string>()
  const codes = new Map<string, string>()

  beforeAll(async () => {
    stage = await openStage()
    await drive()
  }, 120_000)
  afterAll(() => stage?.close())

  /** `shown` answers hold what they make, this once. */
  async function call(
    method: 'GET' | 'POST' | 'PATCH',
    url: string,
    bearer: string,
    payload?: object,
  ) {
    const answer = await stage.app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${bearer}`, 'x-operator': 'Canary' },
      ...(payload && { payload }),
    })
    return { status: answer.statusCode, text: answer.body }
  }
  async function quiet(...given: Parameters<typeof call>) {
    const { status, text } = await call(...given)
    answers.push(text)
    return { status, text }
  }
  async function textsOf(paymentId: string): Promise<string> {
    const rows = await stage.db.query<{ code: string }>(
      `select payload->'notice'->>'code' as code from job where payload->>'paymentId' = $1`,
      [paymentId],
    )
    return rows[0]?.code ?? ''
  }

  async function drive(): Promise<void> {
    const { keys, tokens } = stage
    const things = stage.things.games
    for (const [name, value] of Object.entries({ ...keys, ...tokens, operatorToken }))
      secrets.set(name, value)
    const { fieldKey, carrierToken, metricsToken } = stage.config
    for (const [name, value] of Object.entries({ fieldKey, carrierToken, metricsToken }))
      secrets.set(name, value?.reveal() ?? '')
    secrets.set('password', password)
    const hook = await call('POST', '/v1/webhook-endpoints', keys.games, {
      url: 'https://shop.example/other',
    })
    secrets.set('webhook', (JSON.parse(hook.text) as { secret: string }).secret)
    const rotated = await call(
      'POST',
      `/v1/webhook-endpoints/${things.endpoint}/rotate-secret`,
      keys.games,
      { overlapSeconds: 60 },
    )
    secrets.set('rotated webhook', (JSON.parse(rotated.text) as { secret: string }).secret)
    await quiet('GET', '/v1/webhook-endpoints', keys.games)
    const client = await call('POST', '/operator/merchants/6021/clients', operatorToken, {
      name: 'canary',
      scopes,
      grantTypes: ['client_credentials', 'authorization_code'],
      redirectUris: ['https://shop.example/back'],
      tokenSeconds: 300,
      test: false,
    })
    const made = JSON.parse(client.text) as { id: string; secret: string }
    secrets.set('client', made.secret)
    await quiet('GET', '/operator/merchants/6021/clients', operatorToken)
    await quiet('GET', '/operator/log', operatorToken)
    secrets.set('session of the app', stage.cookie.split('.')[1] ?? '')
    await cards()
    await oneTimeCodes(made.id)
    await mistakes()
  }

  async function cards(): Promise<void> {
    const { keys, tokens } = stage
    const things = stage.things.games
    const order = { msisdn: payer, amount: '100', orderId: 'canary-1', goods: `卡${pan}` }
    for (const [url, body] of [
      ['/v1/payments', order],
      ['/v1/payments', { ...order, goods: pan.replace(/(....)/g, '$1 ').trim() }],
      ['/v1/checkouts', { amount: '100', orderId: 'canary-2', goods: pan }],
      [`/v1/payments/${things.payment}/refunds`, { refundId: 'canary-3', reason: `to ${pan}` }],
    ] as const)
      expect([url, (await quiet('POST', url, keys.games, body)).status]).toEqual([url, 422])
    const description = `Coins ${pan}`
    const camara = await quiet('POST', '/carrier-billing/v0.5/payments', tokens.games, {
      amountTransaction: {
        phoneNumber: '+8613900000001',
        referenceCode: 'canary-4',
        paymentAmount: { chargingInformation: { amount: 1, currency: 'CNY', description } },
      },
    })
    expect(camara.status).toBe(400)
    const { db, clock, ids, payments, log } = stage.parts
    const smsLog = createSmsLog(db, clock)
    const inbound = createInbound({ db, clock, ids, payments, smsLog, gateway: 'canary', log })
    for (const text of [pan, `我的卡号 ${pan}`, `100 ${pan}`])
      await inbound.onMessage({
        source: { number: payer.slice(1), ton: 1, npi: 1 },
        destination: { number: '1065800886021', ton: 3, npi: 0 },
        dataCoding: 8,
        content: new Uint8Array(),
        elements: [],
        receivedAt: clock.now(),
        text,
      } as never)
    await smsLog.close()
  }

  async function oneTimeCodes(clientId: string): Promise<void> {
    const { keys } = stage
    const things = stage.things.games
    codes.set('payment', await textsOf(things.payment))
    await quiet('POST', `/v1/payments/${things.payment}/validate`, keys.games, { code: pin })
    await quiet('GET', `/v1/payments/${things.payment}`, keys.games)
    const browser = createBrowser(stage.app, stage.url)
    const query = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: 'https://shop.example/back',
      scope: scopes.join(' '),
      code_challenge: 'a'.repeat(43),
      code_challenge_method: 'S256',
    })
    const asked = await browser.visit(`/oauth/auth?${query}`)
    const sent = await browser.submit(asked, 'number', { number: payer.slice(3) })
    const [job] = await stage.db.query<{ subject: string; payload: Outgoing }>(
      `select subject, payload from job where payload->'notice'->>'id' = 'sign_in_code'`,
    )
    const notice = job && openedNotice(stage.parts.keys, job.subject, job.payload)
    const code = notice && 'code' in notice ? notice.code : ''
    expect(code).toMatch(/^\d{6}$/)
    codes.set('sign-in', code)
    const wrong = await browser.submit(sent, 'code', { code: pin })
    answers.push(asked.body, sent.body, wrong.body)
    const consent = await browser.submit(wrong, 'code', { code })
    const back = await browser.submit(consent, 'consent')
    secrets.set('authorization code', new URL(back.url).searchParams.get('code') ?? '')
  }

  /** What people send by mistake, in every place where it can stand. */
  async function mistakes(): Promise<void> {
    for (const value of [pan, payer, password, secrets.get('client') ?? '']) {
      await quiet('GET', `/v1/payments/${encodeURIComponent(value)}`, value)
      await quiet(
        'GET',
        `/nowhere/${encodeURIComponent(value)}?q=${encodeURIComponent(value)}`,
        value,
      )
      await quiet('POST', '/v1/payments', stage.keys.games, { msisdn: value, orderId: value })
      await quiet('PATCH', '/operator/policy', operatorToken, { dayLimit: value })
      const token = await stage.app.inject({
        method: 'POST',
        url: '/oauth/token',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: 'canary',
          client_secret: value,
        }).toString(),
      })
      answers.push(token.body)
    }
    const page = await stage.app.inject({
      method: 'POST',
      url: `/checkout/${stage.things.games.checkout}/number`,
      headers: { 'idempotency-key': 'canary-key' },
      payload: { msisdn: payer },
    })
    expect(page.statusCode).toBe(200)
    expect(page.body).not.toContain(payer.slice(3))
    // Our own fault, with everything in it.
    stage.parts.log.error(
      { err: new Error(`no answer for ${payer} with ${pan}`), token: password, pin },
      `a request of ${payer.slice(3)} failed`,
    )
  }

  const found = (text: string, values: ReadonlyMap<string, string>) =>
    [...values].filter(([, value]) => value !== '' && text.includes(value)).map(([name]) => name)

  test('were really sent: each has a value, and is not another’s', () => {
    const all = [...secrets, ...codes]
    expect(all.filter(([, value]) => value.length < 6)).toEqual([])
    expect(new Set(all.map(([, value]) => value)).size).toBe(all.length)
    expect(all.length).toBeGreaterThanOrEqual(18)
  })

  test('are in no line of the log, nor are numbers of phones and cards', () => {
    const log = stage.lines.join('')
    expect(log).toContain('139****0001')
    expect(log).toContain('622202*********0128')
    expect(found(log, secrets)).toEqual([])
    expect(found(log, codes)).toEqual([])
    for (const value of [pan, pin, payer.slice(3)]) expect(log).not.toContain(value)
  })

  test('are in no answer but the one that made them', () => {
    const text = answers.join('\n')
    expect(found(text, secrets)).toEqual([])
    expect(found(text, codes)).toEqual([])
    expect(text).not.toContain(pan)
  })

  test('are in no row of any table, but for what is listed with its reason', async () => {
    const tables = await stage.db.query<{ name: string }>(
      `select table_name as name from information_schema.tables
       where table_schema = 'public' and table_type = 'BASE TABLE'`,
    )
    expect(tables.length).toBeGreaterThan(30)
    const hits: string[] = []
    for (const { name } of tables) {
      const rows = await stage.db.query<{ text: string }>(`select t::text as text from "${name}" t`)
      const exceptions = kept.filter(({ table }) => table === name)
      for (const { text } of rows.filter(
        (row) => !exceptions.some((one) => one.row.test(row.text)),
      ))
        for (const hit of [
          ...found(text, secrets),
          // Six digits are found by chance inside ids and hashes; a code stands alone.
          ...[...codes].filter(([, code]) => new RegExp(`(?<![\\w-])${code}(?![\\w-])`).test(text)),
          ...(text.includes(pan) || text.includes(pan.replace(/(....)/g, '$1 ').trim())
            ? ['pan']
            : []),
        ])
          hits.push(`${name}: ${hit}`)
    }
    expect(hits).toEqual([])
  })

  test('are in no file of the data directory', () => {
    for (const name of readdirSync(stage.dataDir, { recursive: true, encoding: 'utf8' })) {
      const file = join(stage.dataDir, name)
      if (statSync(file).isFile()) expect(found(readFileSync(file, 'latin1'), secrets)).toEqual([])
    }
  })
})
