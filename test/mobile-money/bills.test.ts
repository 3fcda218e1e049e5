/** Bills through the mobile money API: by PIN alone, once for each id, pending while the biller has not said. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountNo } from '../billers/stage.ts'
import { offencesIn } from '../books.ts'
import { engines } from '../database.ts'
import { openMobileMoney, party, type Stage, withPin } from './stage.ts'

const payments = '/bills/{billReference}/payments'
const open = '/accounts/{accountId}/bills/payments'
const state = '/requeststates/{serverCorrelationId}'
const consumer = { accountId: `serviceprovider@power$consumerno@${accountNo}` }

let one: Stage
let two: Stage
beforeAll(async () => {
  const visitsBillers = true
  one = await openMobileMoney({
    ...(engines.includes('postgres') && { engine: 'postgres' }),
    visitsBillers,
  })
  two = await openMobileMoney({ like: one, visitsBillers })
})
afterAll(async () => {
  await two?.close()
  await one?.close()
})

const money = (amountPaid: string) => ({ amountPaid, currency: 'CNY' })

/** A customer with a wallet, and what is due. */
async function billed() {
  const { msisdn } = await one.customer(200_00n)
  const token = one.token(msisdn)
  const given = { token, params: consumer }
  const [bill] = (await one.call('GET', '/accounts/{accountId}/bills', given)).body
  return { msisdn, token, bill, available: () => one.people.available(msisdn) }
}

const told = async (url: string) =>
  (await one.told()).filter((each) => each.url === url).map(({ body }) => JSON.parse(body))

test('who has not the payer’s token and PIN pays no bill of his', async () => {
  const { msisdn, token, bill, available } = await billed()
  const other = one.token((await one.customer(200_00n)).msisdn)
  const body = money('86.40')
  const code = await one.call('POST', '/accounts/{accountId}/authorisationcodes', {
    ...{ token, params: { accountId: `msisdn@${msisdn}` }, headers: withPin },
    body: { amount: '86.40', currency: 'CNY' },
  })
  const attempts = [
    [{ token: one.token(), headers: withPin }, 401],
    [{ token }, 401],
    [{ token, headers: { 'x-user-credential-1': '000000' } }, 401],
    [{ token, body: { ...body, oneTimeCode: code.body.authorisationCode } }, 401],
    [{ token: other, headers: withPin }, 404],
  ] as const
  for (const [attempt, status] of attempts) {
    const answer = await one.call('POST', payments, { params: bill, body, ...attempt })
    expect([attempt, answer.status]).toEqual([attempt, status])
  }
  const seen = await one.call('GET', payments, { token: other, params: bill })
  expect(seen.status).toBe(404)
  expect(await available()).toBe(200_00n)
})

test('a bill is paid for once, with what is due, and said again it answers the same', async () => {
  const { token, bill, available } = await billed()
  const pay = (amount: string, id: string = randomUUID()) =>
    one.call('POST', payments, {
      ...{ token, params: bill, body: money(amount) },
      headers: { ...withPin, 'x-correlationid': id },
    })
  expect((await pay('86.39')).body.errorCode).toBe('underPaymentNotAllowed')
  expect((await pay('86.41')).body.errorCode).toBe('overPaymentNotAllowed')
  const id = randomUUID()
  const paid = await pay('86.40', id)
  expect(paid).toMatchObject({ status: 201, body: { billPaymentStatus: 'completed' } })
  expect(paid.body.serviceProviderPaymentReference).toMatch(/^R\d+$/)
  expect(await pay('86.40', id)).toMatchObject({ status: 201, body: paid.body })
  expect((await pay('86.40')).body.errorCode).toBe('incorrectState')
  expect(await available()).toBe(113_60n)
  const params = { clientCorrelationId: id }
  const { body } = await one.call('GET', '/responses/{clientCorrelationId}', { token, params })
  expect(body.link).toContain(`/bills/${bill.billReference}/payments`)
})

test('what is not due, not answered or not known is not paid', async () => {
  const { token, available } = await billed()
  const { power } = one.bills
  const pay = (accountId: string) =>
    one.call('POST', open, {
      ...{ token, headers: withPin, params: { accountId }, body: money('86.40') },
    })
  const ours = consumer.accountId
  expect((await pay('serviceprovider@oil$consumerno@1')).status).toBe(404)
  expect((await pay('serviceprovider@power$consumerno@1')).status).toBe(404)
  expect((await pay('serviceprovider@power')).body.errorCode).toBe('mandatoryValueNotSupplied')
  power.nothingDue(true)
  expect((await pay(ours)).body.errorCode).toBe('incorrectState')
  const given = { token, params: consumer }
  expect((await one.call('GET', '/accounts/{accountId}/bills', given)).body).toEqual([])
  power.nothingDue(false)
  power.order('silent')
  expect((await pay(ours)).status).toBe(503)
  power.order('account_unknown')
  expect((await pay(ours)).status).toBe(404)
  expect(await available()).toBe(200_00n)
})

test.each([
  ['has it all the same', 'lost', 113_60n, { billPaymentStatus: 'completed' }],
  ['never had it', 'silent', 200_00n, { errorCode: 'genericError' }],
] as const)(
  'a biller that is silent and %s: pending, and its client is told in the moment it is known',
  async (_, order, left, said) => {
    const { token, bill, available } = await billed()
    one.bills.power.order(order)
    const url = `https://shop.example/${randomUUID()}`
    const headers = { ...withPin, 'x-callback-url': url }
    const given = { token, params: bill, body: money('86.40') }
    const asked = await one.call('POST', payments, { ...given, headers })
    expect(asked).toMatchObject({ status: 202, body: { status: 'pending' } })
    expect(await available()).toBe(113_60n)
    const seen = await one.call('GET', payments, { token, params: bill })
    expect(seen.body).toMatchObject([{ billPaymentStatus: 'pending' }])
    await one.worker.step()
    one.clock.advance(4_500)
    await one.worker.step()
    expect(await told(url)).toEqual([])
    one.clock.advance(500)
    one.bills.billers.kick()
    two.bills.billers.kick()
    await expect
      .poll(() => one.bills.stateOf(bill.billReference), { timeout: 25_000 })
      .toMatch(/^(written_off|refunded)$/)
    // By its own timer it would not be looked at yet.
    await one.worker.step()
    expect(await told(url)).toMatchObject([said])
    expect(await available()).toBe(left)
    const status = order === 'lost' ? 'completed' : 'failed'
    expect((await one.call('GET', state, { token, params: asked.body })).body.status).toBe(status)
  },
)

test.runIf(engines.includes('postgres'))(
  'one id 16 times at once at two processes pays one bill, and all hear the same',
  async () => {
    const { msisdn, available } = await billed()
    const { paid } = one.bills.power
    const before = paid.size
    const headers = { ...withPin, 'x-correlationid': randomUUID() }
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, n) => {
        const stage = n % 2 === 0 ? one : two
        const given = { token: stage.token(msisdn), params: consumer, body: money('86.40') }
        return stage.call('POST', open, { ...given, headers })
      }),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    expect(paid.size).toBe(before + 1)
    expect(await available()).toBe(113_60n)
  },
)

test.runIf(engines.includes('postgres'))(
  'one bill under eight ids at once is paid by one of them',
  async () => {
    const { msisdn, bill, available } = await billed()
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => {
        const stage = n % 2 === 0 ? one : two
        const given = { token: stage.token(msisdn), params: bill, body: money('86.40') }
        return stage.call('POST', payments, { ...given, headers: withPin })
      }),
    )
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b)
    expect(statuses).toEqual([201, ...Array.from({ length: 7 }, () => 400)])
    expect(await available()).toBe(113_60n)
  },
)

test('all of it is in the books, and a bill that was not paid for is found', async () => {
  expect(await offencesIn(one.db)).toEqual([])
  await one.db.transact((tx) =>
    tx.query(`update mobile_money_instruction set subject = id
      where kind = 'billpay' and state = 'completed'`),
  )
  expect(await offencesIn(one.db)).toContainEqual(
    expect.stringMatching(/^mobile_money_answers_are_true: [1-9]/),
  )
})

test('a bill as a transaction names its payer, and is not taken back', async () => {
  const { msisdn, token, available } = await billed()
  const body = {
    ...{ amount: '86.40', currency: 'CNY', debitParty: party(msisdn) },
    creditParty: [...party('power', 'serviceprovider'), ...party(accountNo, 'consumerno')],
  }
  const params = { transactionType: 'billpay' }
  const path = '/transactions/type/{transactionType}'
  const paid = await one.call('POST', path, { token, params, body, headers: withPin })
  expect(paid).toMatchObject({ status: 201, body: { transactionStatus: 'completed' } })
  expect(paid.body.transactionReceipt).toMatch(/^R\d+$/)
  expect(await available()).toBe(113_60n)
  const other = one.token((await one.customer()).msisdn)
  const theirs = await one.call('POST', path, { token: other, params, body, headers: withPin })
  expect(theirs.body.errorCode).toBe('requestingPartyAuthorisationError')
})
