/** One correlation id at many doors at once: one effect, one answer. On PostgreSQL, by two processes. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { offencesIn } from '../books.ts'
import { engines } from '../database.ts'
import { openMobileMoney, party, type Stage, withPin } from './stage.ts'

const path = '/transactions/type/{transactionType}'

describe.runIf(engines.includes('postgres'))('two processes', () => {
  let one: Stage
  let two: Stage
  beforeAll(async () => {
    one = await openMobileMoney({ engine: 'postgres' })
    two = await openMobileMoney({ like: one })
  })
  afterAll(async () => {
    await two?.close()
    await one?.close()
  })

  test('the same instruction 16 times at once is done once, and all hear the same', async () => {
    const [payer, payee] = [await one.customer(100_00n), await one.customer()]
    const given = {
      params: { transactionType: 'transfer' },
      headers: { ...withPin, 'x-correlationid': randomUUID() },
      body: {
        ...{ amount: '3.00', currency: 'CNY' },
        ...{ debitParty: party(payer.msisdn), creditParty: party(payee.msisdn) },
      },
    }
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, n) => {
        const stage = n % 2 === 0 ? one : two
        return stage.call('POST', path, { ...given, token: stage.token(payer.msisdn) })
      }),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    expect(await one.people.available(payee.msisdn)).toBe(3_00n)
  })

  test('of one id with two contents one is done, and the other is a duplicate', async () => {
    const [payer, payee] = [await one.customer(100_00n), await one.customer()]
    const headers = { ...withPin, 'x-correlationid': randomUUID() }
    const pay = (stage: Stage, amount: string) =>
      stage.call('POST', path, {
        ...{ params: { transactionType: 'transfer' }, headers, token: stage.token(payer.msisdn) },
        body: {
          ...{ amount, currency: 'CNY' },
          ...{ debitParty: party(payer.msisdn), creditParty: party(payee.msisdn) },
        },
      })
    const both = await Promise.all([pay(one, '1.00'), pay(two, '2.00')])
    const [done, not] = both.toSorted((a, b) => a.status - b.status)
    expect(done?.status).toBe(201)
    expect(not).toMatchObject({ status: 400, body: { errorCode: 'duplicateRequest' } })
    const moved = await one.people.available(payee.msisdn)
    expect(moved).toBe(done?.body.amount === '1.00' ? 1_00n : 2_00n)
  })

  test('a code shown to eight at once pays one of them', async () => {
    const payer = await one.customer(100_00n)
    const made = await one.call('POST', '/accounts/{accountId}/authorisationcodes', {
      ...{ params: { accountId: `msisdn@${payer.msisdn}` }, headers: withPin },
      ...{ token: one.token(payer.msisdn), body: { amount: '10.00', currency: 'CNY' } },
    })
    const oneTimeCode = made.body.authorisationCode
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => {
        const stage = n % 2 === 0 ? one : two
        return stage.call('POST', path, {
          ...{ params: { transactionType: 'merchantpay' }, token: stage.token() },
          body: { amount: '10.00', currency: 'CNY', oneTimeCode },
        })
      }),
    )
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b)
    expect(statuses).toEqual([201, ...Array.from({ length: 7 }, () => 400)])
    expect(await one.people.available(payer.msisdn)).toBe(90_00n)
    expect(await offencesIn(one.db)).toEqual([])
  })
})
