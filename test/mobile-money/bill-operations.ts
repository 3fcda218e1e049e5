/** The operations of bills, for the test of the contract, which counts what was answered. */
import { expect, test } from 'vitest'
import { sandboxNumbers as numbers } from '../../server/src/channels/mobile-money/index.ts'
import { accountNo } from '../billers/stage.ts'
import { party, type Stage, withPin, withTestPin } from './stage.ts'

interface Callers {
  readonly box: Stage
  readonly client: string
  readonly customer: string
}

type Form = readonly [account: string, params: Readonly<Record<string, string>>]

/** `callers` are there when the tests run. */
export function billOperations(forms: readonly Form[], callers: () => Callers): void {
  test.each(forms)('of bills in the sandbox: %s', async (account, params) => {
    const { box, customer } = callers()
    const given = { token: customer, params: { ...params, billReference: 'sandbox' } }
    const companies = await box.call('GET', `${account}/billcompanies`, given)
    expect(companies.body).toMatchObject([{ serviceProvider: 'power' }])
    const [bill] = (await box.call('GET', `${account}/bills`, given)).body
    expect(bill).toMatchObject({ billReference: 'sandbox', billStatus: 'unpaid' })
    const path = `${account}/bills/{billReference}/payments`
    const body = { amountPaid: bill.amountDue, currency: 'CNY', customerReference: '17' }
    const headers = withTestPin
    const paid = await box.call('POST', path, { ...given, headers, body })
    expect(paid).toMatchObject({ status: 201, body: { billPaymentStatus: 'completed' } })
    expect((await box.call('GET', path, given)).body).toContainEqual(paid.body)
    const none = { ...given.params, billReference: 'other' }
    const missed = await box.call('POST', path, { ...given, params: none, headers, body })
    expect(missed.status).toBe(404)
    const late = box.token(numbers.paysLater, { test: true })
    const bare = '/bills/{billReference}/payments'
    const waits = await box.call('POST', bare, { ...given, token: late, headers, body })
    expect(waits.status).toBe(202)
    box.clock.advance(2_000)
    const state = { token: late, params: waits.body }
    const done = await box.call('GET', '/requeststates/{serverCorrelationId}', state)
    expect(done.body).toMatchObject({ status: 'completed' })
  })

  test('of bills: whose may be paid, what is due, by bill and by customer number', async () => {
    const { box, client } = callers()
    const all = await box.call('GET', '/billcompanies', { token: client })
    const params = { serviceProvider: 'power' }
    const one = '/billcompanies/{serviceProvider}'
    const seen = await box.call('GET', one, { token: client, params })
    expect(all.body).toEqual([seen.body])
    const other = { token: client, params: { serviceProvider: 'oil' } }
    expect((await box.call('GET', one, other)).status).toBe(404)
    const { msisdn } = await box.customer(300_00n)
    const token = box.token(msisdn)
    const consumer = { accountId: `serviceprovider@power$consumerno@${accountNo}` }
    const byNumber = '/accounts/{accountId}/bills'
    const [bill] = (await box.call('GET', byNumber, { token, params: consumer })).body
    expect(bill).toMatchObject({ amountDue: '86.40', billStatus: 'unpaid' })
    const paying = { token, headers: withPin, body: { amountPaid: '86.40', currency: 'CNY' } }
    const bare = '/bills/{billReference}/payments'
    const paid = await box.call('POST', bare, { ...paying, params: bill })
    expect(paid).toMatchObject({ status: 201, body: { serviceProviderPaymentReference: 'R1' } })
    const payments = (await box.call('GET', bare, { token, params: bill })).body
    expect(payments).toMatchObject([{ billPaymentStatus: 'completed', amountPaid: '86.40' }])
    const open = '/accounts/{accountId}/bills/payments'
    expect((await box.call('POST', open, { ...paying, params: consumer })).status).toBe(201)
    const typed = '/accounts/{identifierType}/{identifier}/bills/payments'
    const biller = { identifierType: 'serviceprovider', identifier: 'power' }
    const body = { ...paying.body, customerReference: accountNo }
    expect((await box.call('POST', typed, { ...paying, params: biller, body })).status).toBe(201)
    expect((await box.call('GET', open, { token, params: consumer })).body).toHaveLength(3)
    expect((await box.call('GET', typed, { token, params: biller })).body).toHaveLength(3)
    const own = { accountId: `msisdn@${msisdn}` }
    const listed = await box.call('GET', byNumber, { token, params: own })
    expect(listed.body.map((each: { billStatus: string }) => each.billStatus)).toEqual([
      ...['paid', 'paid', 'paid'],
    ])
    const paged = await box.call('GET', open, { token, params: own, query: '?limit=1&offset=2' })
    expect(paged.body).toHaveLength(1)
  })

  test('a transaction by the old address, and a bill as a transaction', async () => {
    const { box, client, customer } = callers()
    const money = { amount: '15.21', currency: 'CNY', debitParty: party(numbers.pays) }
    const body = { ...money, creditParty: party('6021', 'organisationid') }
    const old = { token: client, body: { ...body, type: 'merchantpay' } }
    expect((await box.call('POST', '/transactions', old)).status).toBe(201)
    const billpay = {
      ...{ ...money, type: 'billpay' },
      creditParty: [...party('power', 'serviceprovider'), ...party(accountNo, 'consumerno')],
    }
    const given = { token: customer, headers: withTestPin, body: billpay }
    const paid = await box.call('POST', '/transactions', given)
    expect(paid.body).toMatchObject({ type: 'billpay', transactionStatus: 'completed' })
    const one = '/transactions/{transactionReference}'
    const seen = await box.call('GET', one, { token: customer, params: paid.body })
    expect(seen.body).toEqual(paid.body)
    const back = { token: customer, params: paid.body, body: { type: 'reversal' } }
    const refused = await box.call('POST', `${one}/reversals`, back)
    expect(refused.body.errorCode).toBe('transactionTypeError')
  })
}
