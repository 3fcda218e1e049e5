/**
 * The sandbox against the published contract: every operation that we serve is one of it and answers as it says, every
 * error code is reached, and what is no request is refused in its form.
 */
import { createHash, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type ErrorName,
  errors,
  sandboxNumbers as numbers,
  sandboxNumberOf,
} from '../../server/src/channels/mobile-money/index.ts'
import { engines } from '../database.ts'
import { billOperations } from './bill-operations.ts'
import { contractFound, publishedErrorCodes, publishedOperations } from './contract.ts'
import { type Given, openMobileMoney, party, type Stage, withPin, withTestPin } from './stage.ts'

let box: Stage
let client: string
let customer: string
beforeAll(async () => {
  // The other engine than that of the tests of money.
  const engine = engines.at(-1)
  box = await openMobileMoney({ ...(engine && { engine }), visitsBillers: true })
  client = box.token(undefined, { test: true })
  customer = box.token(numbers.pays, { test: true })
})
afterAll(() => box?.close())

const amount = { amount: '15.21', currency: 'CNY' }
const pay = (payer: string, more: object = {}) => ({ ...amount, debitParty: party(payer), ...more })
const byType = '/transactions/type/{transactionType}'
const merchantpay = { transactionType: 'merchantpay' }
const bought = (payer: string, more: Partial<Given> = {}) =>
  box.call('POST', byType, { token: client, params: merchantpay, body: pay(payer), ...more })

/** Both ways to name an account. */
const forms = [
  ['/accounts/{accountId}', { accountId: `msisdn@${numbers.pays}` }],
  [
    '/accounts/{identifierType}/{identifier}',
    { identifierType: 'msisdn', identifier: numbers.pays },
  ],
] as const

/** As the YAML names what our routes call otherwise. */
const published = (route: string) =>
  route
    .replace('/transactions/{reference}', '/transactions/{transactionReference}')
    .replace('/statemententries/{reference}', '/statemententries/{transactionReference}')
    .replace('/quotations/{reference}', '/quotations/{quotationReference}')
    .replace('/debitmandates/{reference}', '/debitmandates/{debitMandateReference}')

const patch = (path: string, value: string) => [{ op: 'replace', path, value }]

describe('every operation', () => {
  test('supporting ones', async () => {
    const heart = await box.call('GET', '/heartbeat', { token: client })
    expect(heart.body).toEqual({ serviceStatus: 'available' })
    const id = randomUUID()
    const asked = await bought(numbers.silent, { headers: { 'x-correlationid': id } })
    expect(asked).toMatchObject({ status: 202, body: { status: 'pending' } })
    const params = { serverCorrelationId: asked.body.serverCorrelationId, clientCorrelationId: id }
    const state = { token: client, params }
    const seen = await box.call('GET', '/requeststates/{serverCorrelationId}', state)
    expect(seen.body).toEqual(asked.body)
    const found = await box.call('GET', '/responses/{clientCorrelationId}', state)
    expect(found.body.link).toContain(`/requeststates/${params.serverCorrelationId}`)
  })

  test.each(forms)('of accounts: %s', async (account, params) => {
    for (const name of ['status', 'accountname', 'balance', 'transactions', 'statemententries']) {
      const seen = await box.call('GET', `${account}/${name}`, { token: customer, params })
      expect([name, seen.status]).toEqual([name, 200])
    }
    const own = await box.call('GET', '/accounts/balance', { token: customer })
    expect(own.body.availableBalance).toBe('1000.00')
  })

  test('of transactions: at once, later, declined, taken back, reversed', async () => {
    const one = '/transactions/{transactionReference}'
    const look = async (reference: string) =>
      (await box.call('GET', one, { token: client, params: { transactionReference: reference } }))
        .body.transactionStatus
    const now = await bought(numbers.pays)
    expect(now.status).toBe(201)
    const [later, no, never] = [
      await bought(numbers.paysLater),
      await bought(numbers.declines),
      await bought(numbers.silent),
    ].map(({ body }) => body.serverCorrelationId as string)
    expect(await look(later ?? '')).toBe('pending')
    box.clock.advance(2_000)
    expect(await look(later ?? '')).toBe('completed')
    expect(await look(no ?? '')).toBe('failed')
    const params = { transactionReference: never ?? '' }
    const body = patch('/transactionStatus', 'cancelled')
    expect((await box.call('PATCH', one, { token: client, params, body })).status).toBe(204)
    expect(await look(never ?? '')).toBe('failed')
    const back = await box.call('POST', `${one}/reversals`, {
      ...{ token: client, params: now.body, body: { type: 'reversal', ...amount } },
    })
    expect(back.body.originalTransactionReference).toBe(now.body.transactionReference)
  })

  test('of quotations', async () => {
    const parties = { debitParty: party(numbers.pays), creditParty: party(numbers.paysLater) }
    const body = { ...parties, requestAmount: '15.21', requestCurrency: 'CNY', type: 'transfer' }
    const made = await box.call('POST', '/quotations', { token: client, body })
    expect(made.body.quotes[0].receivingAmount).toBe('15.21')
    const path = '/quotations/{quotationReference}'
    const seen = await box.call('GET', path, { token: client, params: made.body })
    expect(seen.body).toEqual(made.body)
  })

  test.each(forms)('of debit mandates: %s', async (account, params) => {
    const path = `${account}/debitmandates`
    const body = {
      ...{ payee: party(numbers.paysLater), amountLimit: '100.00', currency: 'CNY' },
      ...{ startDate: '2026-09-12', frequencyType: 'monthspecificdate' },
    }
    const given = { token: customer, params, headers: withTestPin }
    const made = await box.call('POST', path, { ...given, body })
    expect(made.status).toBe(201)
    const { mandateReference } = made.body
    const one = {
      path: `${path}/{debitMandateReference}`,
      params: { ...params, debitMandateReference: mandateReference },
    }
    const seen = await box.call('GET', one.path, { token: customer, params: one.params })
    expect(seen.body.mandateStatus).toBe('active')
    const draw = () =>
      box.call('POST', byType, {
        token: box.token(numbers.paysLater, { test: true }),
        params: { transactionType: 'transfer' },
        body: {
          ...{ ...amount, debitParty: party(mandateReference, 'mandatereference') },
          creditParty: party(numbers.paysLater),
        },
      })
    expect((await draw()).status).toBe(201)
    const end = { token: customer, params: one.params, body: patch('/mandateStatus', 'inactive') }
    expect((await box.call('PATCH', one.path, end)).status).toBe(204)
    expect((await draw()).body.errorCode).toBe('noMandateAuthority')
  })

  test.each(forms)('of authorisation codes: %s', async (account, params) => {
    const path = `${account}/authorisationcodes`
    const given = { token: customer, params, headers: withTestPin }
    const made = await box.call('POST', path, { ...given, body: amount })
    expect(made.status).toBe(201)
    const list = (state: string) =>
      box.call('GET', path, { token: customer, params, query: `?codeState=${state}` })
    const { authorisationCode } = made.body
    const one = {
      path: `${path}/{authorisationCode}`,
      given: { token: customer, params: { ...params, authorisationCode } },
    }
    expect((await list('active')).body).toContainEqual(made.body)
    expect((await box.call('GET', one.path, one.given)).body).toEqual(made.body)
    const body = patch('/codeState', 'cancelled')
    expect((await box.call('PATCH', one.path, { ...one.given, body })).status).toBe(204)
    const cancelled = (await list('cancelled')).body
    expect(cancelled).toContainEqual({ ...made.body, codeState: 'cancelled' })
    const taken = { ...amount, oneTimeCode: authorisationCode }
    expect((await bought('', { body: taken })).body.errorCode).toBe('incorrectState')
  })

  billOperations(forms, () => ({ box, client, customer }))

  test('one entry of a statement, and one transaction in the ledger’s words', async () => {
    const { msisdn } = await box.customer(20_00n)
    const token = box.token(msisdn)
    const given = { token, params: { accountId: `msisdn@${msisdn}` } }
    const all = await box.call('GET', '/accounts/{accountId}/statemententries', given)
    expect(all.headers['x-records-returned-count']).toBe('1')
    const [entry] = all.body
    expect(entry).toMatchObject({ amount: '20.00', displayType: 'deposit' })
    const path = '/statemententries/{transactionReference}'
    expect((await box.call('GET', path, { token, params: entry })).body).toEqual(entry)
    const other = box.token((await box.customer()).msisdn)
    expect((await box.call('GET', path, { token: other, params: entry })).status).toBe(404)
    const paged = { ...given, query: '?limit=1&offset=1' }
    const none = await box.call('GET', '/accounts/{accountId}/transactions', paged)
    expect(none.body.errorCode).toBe('invalidOffset')
    const typed = { ...given, query: '?transactionType=withdrawal' }
    expect((await box.call('GET', '/accounts/{accountId}/transactions', typed)).body).toEqual([])
  })

  test.runIf(contractFound)('that we serve is published, and was answered well', () => {
    const served = box.routes.map(published)
    expect(served.length).toBeGreaterThan(50)
    expect(served.filter((one) => !publishedOperations().includes(one))).toEqual([])
    expect(served.filter((one) => !box.answered.has(one))).toEqual([])
  })
})

describe('every error', () => {
  const names = Object.keys(errors) as ErrorName[]

  test.each(names)('%s is what a number of the sandbox always says', async (name) => {
    const [category, code] = errors[name]
    const answer = await bought(sandboxNumberOf(name))
    expect(answer.body).toMatchObject({ errorCategory: category, errorCode: code })
  })

  test.runIf(contractFound)('code of the contract is among them, and there are no others', () => {
    const ours = new Set<string>(names.map((name) => errors[name][1]))
    expect([...ours].toSorted()).toEqual([...publishedErrorCodes()].toSorted())
  })

  test('numbers of the sandbox are not there for others, nor others for the sandbox', async () => {
    const real = box.token()
    expect((await bought(numbers.pays, { token: real })).status).toBe(404)
    expect((await bought((await box.customer()).msisdn)).status).toBe(404)
  })
})

describe('what is no request', () => {
  const refused: readonly (readonly [string, string, object])[] = [
    ['mandatoryValueNotSupplied', 'an amount is missing', { body: { currency: 'CNY' } }],
    ['negativeValue', 'an amount below zero', { body: pay(numbers.pays, { amount: '-5.5' }) }],
    ['formatError', 'an amount finer than a fen', { body: pay(numbers.pays, { amount: '1.001' }) }],
    ['lengthError', 'an amount too long', { body: pay(numbers.pays, { amount: '1'.repeat(24) }) }],
    ['currencyNotSupported', 'another currency', { body: pay(numbers.pays, { currency: 'XOF' }) }],
    ['lengthError', 'a text too long', { body: pay(numbers.pays, { subType: 'x'.repeat(257) }) }],
    ['formatError', 'no JSON', { raw: '{"amount":' }],
    ['mandatoryValueNotSupplied', 'no correlation id', { headers: { 'x-correlationid': '' } }],
    ['formatError', 'a correlation id that is none', { headers: { 'x-correlationid': 'x' } }],
    ['formatError', 'a stale date', { headers: { 'x-date': '2020-01-01T00:00:00Z' } }],
    ['formatError', 'another body than was hashed', { headers: { 'x-content-hash': '00' } }],
    ['formatError', 'an insecure callback', { headers: { 'x-callback-url': 'http://a.example' } }],
    ['transactionTypeError', 'a type we do not do', { params: { transactionType: 'deposit' } }],
    ['clientAuthorisationError', 'no token', { token: undefined }],
    ['clientAuthorisationError', 'a forged token', { token: 'Bearer x' }],
  ]
  test.each(refused)('%s: %s', async (code, _, given) => {
    expect((await bought(numbers.pays, given)).body.errorCode).toBe(code)
  })

  test('a hash that fits is welcome', async () => {
    const raw = JSON.stringify(pay(numbers.pays))
    const hash = createHash('sha256').update(raw).digest('hex')
    expect((await bought(numbers.pays, { raw, headers: { 'x-content-hash': hash } })).status).toBe(
      201,
    )
  })

  test('who sends too much is told so', async () => {
    const box2 = await openMobileMoney({ like: box, rate: { perSecond: 1, burst: 1 } })
    const token = box2.token()
    expect((await box2.call('GET', '/heartbeat', { token })).status).toBe(200)
    const more = await box2.call('GET', '/heartbeat', { token })
    expect(more.body.errorCode).toBe('rateLimitError')
    await box2.close()
  })

  test('whatever is sent anywhere, the answer is of the contract and no failure of ours', async () => {
    const routes = box.routes.map(published)
    const anything = fc.oneof(
      fc.json(),
      fc.string(),
      fc.constantFrom('[]', 'null', '{"amount":{}}'),
    )
    // An address of dots leads elsewhere before it is routed.
    const text = fc.string({ minLength: 1, maxLength: 40 }).filter((one) => !/^[.]+$/.test(one))
    const value = fc.oneof(text, fc.uuid(), fc.constantFrom('msisdn@x', 'a$b@c', '\u0000', '%2e'))
    await fc.assert(
      fc.asyncProperty(
        ...[fc.constantFrom(...routes), anything, value],
        fc.constantFrom(client, customer, box.token((await box.customer()).msisdn)),
        async (route, raw, text, token) => {
          const [method = '', path = ''] = route.split(' ')
          const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, text])
          const given = { token, params: Object.fromEntries(names), headers: withTestPin }
          const isRead = method === 'GET'
          const answer = await box.call(method, path, isRead ? given : { ...given, raw })
          expect(answer.status).toBeLessThan(500)
        },
      ),
      { numRuns: 200 },
    )
  })
})

test('each operation asks for its own right, and another client’s things are not there', async () => {
  const bare = box.token(numbers.pays, { test: true, scopes: new Set() })
  const other = box.token(numbers.pays, { test: true, client: 'other' })
  const { transactionReference } = (await bought(numbers.pays)).body
  const open = [
    '/heartbeat',
    '/requeststates/{serverCorrelationId}',
    '/responses/{clientCorrelationId}',
    '/billcompanies',
    '/billcompanies/{serviceProvider}',
  ]
  for (const route of box.routes.map(published)) {
    const [method = '', path = ''] = route.split(' ')
    const nobody = await box.call(method, path)
    expect([route, nobody.status]).toEqual([route, 401])
    if (open.includes(path)) continue
    const { body } = await box.call(method, path, { token: bare })
    expect([route, body.errorCode]).toEqual([route, 'requestingPartyAuthorisationError'])
  }
  const path = '/transactions/{transactionReference}'
  const hidden = await box.call('GET', path, { token: other, params: { transactionReference } })
  expect(hidden.status).toBe(404)
})

/** Fits the schema: what is asked is who may, not what is wrong with it. */
function bodyFor(method: string, path: string): object {
  if (method === 'PATCH')
    return path.includes('mandates')
      ? patch('/mandateStatus', 'inactive')
      : patch('/codeState', 'cancelled')
  if (path.includes('debitmandates'))
    return {
      ...{ payee: party(numbers.pays), amountLimit: '20.00', currency: 'CNY' },
      ...{ startDate: '2026-09-12', frequencyType: 'weekly' },
    }
  if (path.includes('payments')) return { amountPaid: '1.00', currency: 'CNY' }
  return amount
}

/** Whom a payer may look at before: whether there is a wallet, and the masked name. */
const shownToPayers = /\/(status|accountname)$/

test('an account is its owner’s alone, on every route that names one', async () => {
  const [own, other] = [await box.customer(20_00n), await box.customer()]
  const params = {
    ...{ accountId: `msisdn@${own.msisdn}`, identifierType: 'msisdn', identifier: own.msisdn },
    ...{ transactionReference: randomUUID(), authorisationCode: '1'.repeat(20) },
  }
  const shown: string[] = []
  const routes = box.routes.map(published).filter((one) => /\/accounts\/\{/.test(one))
  for (const route of routes.filter((one) => !shownToPayers.test(one))) {
    const [method = '', path = ''] = route.split(' ')
    const body = method === 'GET' ? { query: '?codeState=active' } : { body: bodyFor(method, path) }
    for (const token of [box.token(other.msisdn), box.token()]) {
      const answer = await box.call(method, path, { token, params, ...body, headers: withPin })
      if (answer.body?.errorCode !== 'requestingPartyAuthorisationError')
        shown.push(`${route} answers with ${answer.status} ${JSON.stringify(answer.body)}`)
    }
  }
  expect(shown).toEqual([])
})
