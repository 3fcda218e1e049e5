/** Money through the mobile money API: only with the payer's consent, once for each id, and all of it in the books. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { offencesIn } from '../books.ts'
import { openMobileMoney, party, pin, type Stage, withPin } from './stage.ts'

const transfers = '/transactions/type/{transactionType}'
const transfer = { transactionType: 'transfer' }
const merchantpay = { transactionType: 'merchantpay' }
const state = '/requeststates/{serverCorrelationId}'

describe('money', () => {
  let stage: Stage
  let payer: { msisdn: string; walletId: string }
  let payee: { msisdn: string; walletId: string }
  const have = (one: { msisdn: string }) => stage.people.available(one.msisdn)
  const send = (amount: string, more: object = {}) => ({
    ...{ amount, currency: 'CNY', debitParty: party(payer.msisdn) },
    ...{ creditParty: party(payee.msisdn), ...more },
  })

  beforeAll(async () => {
    stage = await openMobileMoney()
    payer = await stage.customer(1_000_00n)
    payee = await stage.customer()
  })
  afterAll(() => stage?.close())

  test('with token and PIN of the payer it is done at once, and found by its correlation id', async () => {
    const token = stage.token(payer.msisdn)
    const id = randomUUID()
    const given = { params: transfer, token, body: send('30.00', { descriptionText: 'lunch' }) }
    const headers = { ...withPin, 'x-correlationid': id }
    const done = await stage.call('POST', transfers, { ...given, headers })
    expect(done).toMatchObject({ status: 201, body: { transactionStatus: 'completed' } })
    expect(await have(payee)).toBe(30_00n)
    const again = await stage.call('POST', transfers, { ...given, headers })
    expect(again.body).toEqual(done.body)
    expect(await have(payee)).toBe(30_00n)
    const params = { clientCorrelationId: id }
    const found = await stage.call('GET', '/responses/{clientCorrelationId}', { token, params })
    const reference = done.body.transactionReference
    expect(found.body).toEqual({ link: `/mobile-money/v1.2/transactions/${reference}` })
    const other = { ...given, headers, body: send('31.00') }
    expect(await stage.call('POST', transfers, other)).toMatchObject({
      status: 400,
      body: { errorCode: 'duplicateRequest' },
    })
    const stranger = stage.token(payer.msisdn, { client: 'other' })
    const none = await stage.call('GET', '/responses/{clientCorrelationId}', {
      ...{ token: stranger, params },
    })
    expect(none.status).toBe(404)
  })

  test('who only knows a number moves nothing', async () => {
    const before = await have(payer)
    const attempts = [
      { token: stage.token() },
      { token: stage.token(), headers: withPin },
      { token: stage.token(payer.msisdn) },
      { token: stage.token(payer.msisdn), headers: { 'x-user-credential-1': '000000' } },
      { token: stage.token((await stage.customer()).msisdn), headers: withPin },
    ]
    for (const attempt of attempts) {
      const given = { params: transfer, body: send('1.00'), ...attempt }
      expect(await stage.call('POST', transfers, given)).toMatchObject({
        status: 401,
        body: { errorCode: 'requestingPartyAuthorisationError' },
      })
    }
    for (const name of ['balance', 'transactions', 'statemententries'] as const)
      for (const token of [stage.token(), stage.token(payee.msisdn)]) {
        const given = { params: { accountId: `msisdn@${payer.msisdn}` }, token }
        const seen = await stage.call('GET', `/accounts/{accountId}/${name}`, given)
        expect(seen.status).toBe(401)
      }
    expect(await have(payer)).toBe(before)
  })

  test('a wrong PIN counts, once for each request, and five lock it for the right one too', async () => {
    const { msisdn } = await stage.customer(10_00n)
    const attempt = (shown: string, id: string = randomUUID()) =>
      stage.call('POST', transfers, {
        ...{ params: transfer, token: stage.token(msisdn) },
        headers: { 'x-user-credential-1': shown, 'x-correlationid': id },
        body: send('1.00', { debitParty: party(msisdn) }),
      })
    const id = randomUUID()
    for (let round = 0; round < 6; round += 1)
      expect((await attempt('111111', id)).status).toBe(401)
    expect((await attempt(pin)).status).toBe(201)
    for (let round = 0; round < 5; round += 1) expect((await attempt('111111')).status).toBe(401)
    expect((await attempt(pin)).status).toBe(401)
    expect(await have({ msisdn })).toBe(9_00n)
  })

  test('asked for by the payee it waits for the payer, who says yes or no; the address is told', async () => {
    const token = stage.token(payee.msisdn)
    const headers = { 'x-callback-url': 'https://shop.example/told' }
    const ask = async () =>
      stage.call('POST', transfers, { params: transfer, token, headers, body: send('5.00') })
    const before = (await have(payee)) ?? 0n
    const [yes, no] = [await ask(), await ask()]
    expect(yes).toMatchObject({ status: 202, body: { status: 'pending' } })
    expect(yes.body.notificationMethod).toBe('callback')
    const [second, first] = await stage.people.transfers.requests(payer.msisdn, { limit: 2 })
    const paying = { msisdn: payer.msisdn, channel: 'web', key: randomUUID() } as const
    await stage.people.transfers.payRequest({ ...paying, requestId: first?.id ?? '' })
    await stage.people.transfers.decline({ ...paying, requestId: second?.id ?? '' })
    expect(await have(payee)).toBe(before + 5_00n)
    stage.clock.advance(2_000)
    await stage.worker.step()
    const one = async ({ body }: typeof yes) =>
      (await stage.call('GET', state, { token, params: body })).body
    expect(await one(yes)).toMatchObject({ status: 'completed' })
    expect(await one(no)).toMatchObject({
      ...{ status: 'failed', error: { errorCode: 'requestDeclined' } },
    })
    const bodies = (await stage.told()).map((callback) => JSON.parse(callback.body))
    expect(bodies).toHaveLength(2)
    expect(bodies).toContainEqual(expect.objectContaining({ transactionStatus: 'completed' }))
    expect(bodies).toContainEqual(expect.objectContaining({ errorCode: 'requestDeclined' }))
  })

  test('a mandate lets its payee draw up to the limit, until it is ended', async () => {
    const token = stage.token(payer.msisdn)
    const params = { accountId: `walletid@${payer.walletId}` }
    const body = {
      ...{ payee: party(payee.msisdn), amountLimit: '20.00', currency: 'CNY' },
      ...{ startDate: '2026-09-12', frequencyType: 'weekly' },
    }
    const path = '/accounts/{accountId}/debitmandates'
    const refused = await stage.call('POST', path, { token, params, body })
    expect(refused.status).toBe(401)
    const given = await stage.call('POST', path, { token, params, body, headers: withPin })
    expect(given).toMatchObject({ status: 201, body: { mandateStatus: 'active' } })
    const { mandateReference } = given.body
    const draw = (amount: string, as = payee.msisdn) =>
      stage.call('POST', transfers, {
        ...{ params: transfer, token: stage.token(as) },
        body: send(amount, { debitParty: party(mandateReference, 'mandatereference') }),
      })
    expect((await draw('15.00')).status).toBe(201)
    const none = { status: 400, body: { errorCode: 'noMandateAuthority' } }
    expect(await draw('15.00')).toMatchObject(none)
    expect((await draw('1.00', payer.msisdn)).status).toBe(401)
    const end = {
      ...{ token, params: { ...params, debitMandateReference: mandateReference } },
      body: [{ op: 'replace', path: '/mandateStatus', value: 'inactive' }],
    }
    const one = `${path}/{debitMandateReference}`
    expect((await stage.call('PATCH', one, end)).status).toBe(204)
    expect((await stage.call('PATCH', one, end)).status).toBe(204)
    expect(await draw('1.00')).toMatchObject(none)
    const { body: seen } = await stage.call('GET', one, { token, params: end.params })
    expect(seen).toMatchObject({ mandateStatus: 'inactive', amountLimit: '20.00' })
  })

  test('a code pays its merchant once: never more, never less, not for another, not taken back', async () => {
    const token = stage.token(payer.msisdn)
    const params = { accountId: `msisdn@${payer.msisdn}` }
    const path = '/accounts/{accountId}/authorisationcodes'
    const make = async (more: object = {}) => {
      const body = { amount: '10.00', currency: 'CNY', ...more }
      const made = await stage.call('POST', path, { token, params, body, headers: withPin })
      expect(made).toMatchObject({ status: 201, body: { codeState: 'active' } })
      return made.body.authorisationCode as string
    }
    const pay = (oneTimeCode: string, amount: string, as = {}) =>
      stage.call('POST', transfers, {
        ...{ params: merchantpay, token: stage.token(undefined, as) },
        body: { amount, currency: 'CNY', oneTimeCode },
      })
    const before = (await have(payer)) ?? 0n
    const code = await make()
    expect((await pay(code, '9.00')).body.errorCode).toBe('underPaymentNotAllowed')
    expect((await pay(code, '11.00')).body.errorCode).toBe('overPaymentNotAllowed')
    expect((await pay(`${code.slice(0, -2)}00`, '10.00')).status).toBe(404)
    const paid = await Promise.all([pay(code, '10.00'), pay(code, '10.00'), pay(code, '10.00')])
    expect(paid.map(({ status }) => status).sort()).toEqual([201, 400, 400])
    expect(await have(payer)).toBe(before - 10_00n)
    const theirs = await make({
      redemptionAccountIdentifiers: party('6022', 'organisationid'),
      amountType: 'maximum',
    })
    expect((await pay(theirs, '10.00')).status).toBe(404)
    const other = { client: 'books', merchantId: '6022' }
    const back = { ...params, authorisationCode: theirs }
    const cancel = [{ op: 'replace', path: '/codeState', value: 'cancelled' }]
    const one = `${path}/{authorisationCode}`
    const taken = await stage.call('PATCH', one, { token, params: back, body: cancel })
    expect(taken.status).toBe(204)
    expect((await pay(theirs, '10.00', other)).body.errorCode).toBe('incorrectState')
    const late = await make({ codeLifetime: 60 })
    stage.clock.advance(60_000)
    expect((await pay(late, '10.00')).body.errorCode).toBe('incorrectState')
    expect(await have(payer)).toBe(before - 10_00n)
  })

  test('codes and mandates are not there for whoever has the number next', async () => {
    const [left, other] = [await stage.customer(), await stage.customer()]
    const token = stage.token(left.msisdn)
    const params = { accountId: `msisdn@${left.msisdn}` }
    const account = '/accounts/{accountId}'
    const given = { token, params, headers: withPin }
    const amounts = { amount: '10.00', currency: 'CNY' }
    const codes = `${account}/authorisationcodes`
    const { body: code } = await stage.call('POST', codes, { ...given, body: amounts })
    const mandates = `${account}/debitmandates`
    const terms = { amountLimit: '20.00', currency: 'CNY', startDate: '2026-09-12' }
    const { body: mandate } = await stage.call('POST', mandates, {
      ...given,
      body: { payee: party(other.msisdn), frequencyType: 'weekly', ...terms },
    })
    const look = async () => {
      const list = await stage.call('GET', codes, { token, params, query: '?codeState=active' })
      const named = { ...params, authorisationCode: code.authorisationCode }
      const more = { ...params, debitMandateReference: mandate.mandateReference }
      const one = await stage.call('GET', `${codes}/{authorisationCode}`, { token, params: named })
      const two = { token, params: more }
      const seen = await stage.call('GET', `${mandates}/{debitMandateReference}`, two)
      return [list.body.length, one.status, seen.status]
    }
    expect(await look()).toEqual([1, 200, 200])
    await stage.people.leave(left)
    await stage.people.customer(left.msisdn)
    expect(await look()).toEqual([0, 404, 404])
  })

  test('a merchant is paid with the payer’s PIN, or waits for it, and gives back once what was paid', async () => {
    const before = (await have(payer)) ?? 0n
    const body = { amount: '8.00', currency: 'CNY', debitParty: party(payer.msisdn) }
    const client = stage.token()
    const asked = await stage.call('POST', transfers, { params: merchantpay, token: client, body })
    expect(asked.status).toBe(202)
    expect(await have(payer)).toBe(before)
    const { serverCorrelationId: reference } = asked.body
    const cancel = {
      ...{ token: client, params: { transactionReference: reference } },
      body: [{ op: 'replace', path: '/transactionStatus', value: 'cancelled' }],
    }
    const one = '/transactions/{transactionReference}'
    expect((await stage.call('PATCH', one, cancel)).status).toBe(204)
    expect((await stage.call('PATCH', one, cancel)).body.errorCode).toBe('incorrectState')
    const given = { params: merchantpay, token: stage.token(payer.msisdn), headers: withPin, body }
    const paid = await stage.call('POST', transfers, given)
    expect(paid).toMatchObject({ status: 201, body: { type: 'merchantpay' } })
    expect(await have(payer)).toBe(before - 8_00n)
    const reverse = (amount?: string) =>
      stage.call('POST', `${one}/reversals`, {
        ...{ token: client, params: { transactionReference: paid.body.transactionReference } },
        body: { type: 'reversal', ...(amount && { amount, currency: 'CNY' }) },
      })
    expect((await reverse('3.00')).status).toBe(201)
    expect((await reverse('6.00')).body.errorCode).toBe('overPaymentNotAllowed')
    expect((await reverse()).status).toBe(201)
    expect((await reverse()).body.errorCode).toBe('overPaymentNotAllowed')
    expect(await have(payer)).toBe(before)
  })

  test('an answered yes by PIN completes what a merchant asked for', async () => {
    const body = { amount: '2.00', currency: 'CNY', debitParty: party(payer.msisdn) }
    const token = stage.token()
    const asked = await stage.call('POST', transfers, { params: merchantpay, token, body })
    const listed = { msisdn: payer.msisdn, order: 'desc', offset: 0, limit: 1 } as const
    const [payment] = (await stage.world.payments.list(listed)).items
    const step = { paymentId: payment?.id ?? '', msisdn: payer.msisdn }
    expect(await stage.world.payments.approve(step)).toMatchObject({ ok: true })
    const now = await stage.call('GET', state, { token, params: asked.body })
    expect(now.body).toMatchObject({ status: 'completed' })
  })

  test('what was refused once says so ever after, though it might go well by now', async () => {
    const poor = await stage.customer()
    const id = randomUUID()
    const given = {
      ...{ params: transfer, token: stage.token(poor.msisdn) },
      headers: { ...withPin, 'x-correlationid': id },
      body: send('50.00', { debitParty: party(poor.msisdn) }),
    }
    const refused = await stage.call('POST', transfers, given)
    expect(refused.body.errorCode).toBe('insufficientFunds')
    const till = { till: 't1', channel: 'counter', key: randomUUID() } as const
    await stage.people.wallet.cashIn({ msisdn: poor.msisdn, amount: 60_00n, ...till })
    expect((await stage.call('POST', transfers, given)).body.errorCode).toBe('insufficientFunds')
    expect(await have(poor)).toBe(60_00n)
  })

  test('all of it is in the books, and an answer that is not true is found', async () => {
    expect(await offencesIn(stage.db)).toEqual([])
    const spoil = (change: string) =>
      stage.db.transact((tx) => tx.query(`update mobile_money_instruction set ${change}`))
    await spoil(`state = 'waiting' where state = 'completed' and kind = 'authorisationcode'`)
    await spoil(`subject = id where state = 'completed' and kind in ('merchantpay', 'reversal')`)
    await spoil(`used_by = id where used_by is not null`)
    const found = await offencesIn(stage.db)
    for (const rule of ['timers_are_set', 'answers_are_true', 'codes_pay_once'])
      expect(found).toContainEqual(expect.stringMatching(`^mobile_money_${rule}: [1-9]`))
  })

  test('a PIN is in no row and no callback', async () => {
    const rows = await stage.db.query('select * from mobile_money_instruction')
    const kept = JSON.stringify([rows, await stage.told()], (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    expect(rows.length).toBeGreaterThan(10)
    expect(kept).not.toContain(pin)
    expect(kept).not.toContain('oneTimeCode')
  })
})
