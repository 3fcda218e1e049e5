/**
 * The process dies at every transaction and every movement of money there is in an instruction, just before and just
 * after it. Whoever asked asks again under the same id, or nobody does: one effect, and the same answer.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../books.ts'
import { type Death, mortal } from '../payments/mortal.ts'
import { openMobileMoney, party, type Stage, withPin } from './stage.ts'

let survivor: Stage
let payee: { msisdn: string }
beforeAll(async () => {
  survivor = await openMobileMoney()
  payee = await survivor.customer()
})
afterAll(() => survivor?.close())

const path = '/transactions/type/{transactionType}'

const request = (payer: string) => ({
  params: { transactionType: 'transfer' },
  headers: { ...withPin, 'x-correlationid': randomUUID() },
  body: {
    ...{ amount: '3.00', currency: 'CNY' },
    ...{ debitParty: party(payer), creditParty: party(payee.msisdn) },
  },
})

/** False when all was over before. */
async function play(death: Death, isAskedAgain: boolean): Promise<boolean> {
  const payer = await survivor.customer(10_00n)
  const life = mortal(death)
  const stage = await openMobileMoney({
    like: survivor,
    change: ({ db, transfers }) => ({
      db: life.database(db),
      transfers: { ...transfers, send: life.call(transfers.send) },
    }),
  })
  life.begin()
  const given = request(payer.msisdn)
  const first = await stage.call('POST', path, { ...given, token: stage.token(payer.msisdn) })
  expect([death, first.status]).toEqual([death, life.isDead() ? 500 : 201])
  survivor.clock.advance(61_000)
  const token = survivor.token(payer.msisdn)
  const params = { clientCorrelationId: given.headers['x-correlationid'] }
  if (isAskedAgain)
    expect((await survivor.call('POST', path, { ...given, token })).status).toBe(201)
  else {
    await survivor.worker.step()
    const found = await survivor.call('GET', '/responses/{clientCorrelationId}', { token, params })
    const isKnown = !life.isDead() || death.call > 1 || death.when === 'after'
    expect([death, found.status]).toEqual([death, isKnown ? 200 : 404])
    if (isKnown) expect(found.body.link).toContain('/transactions/')
    if (!isKnown) return true
  }
  expect([death, await survivor.people.available(payer.msisdn)]).toEqual([death, 7_00n])
  await stage.close().catch(() => {})
  return life.isDead()
}

test.each([
  ['asked again', true],
  ['never asked again', false],
])('%s: once, wherever the process dies', async (_, isAskedAgain) => {
  let deaths = 0
  for (let call = 1, isOver = false; !isOver; call += 1)
    for (const when of ['before', 'after'] as const) {
      const died = await play({ call, when }, isAskedAgain)
      deaths += died ? 1 : 0
      isOver = !died
    }
  // The row, the money, the outcome, each before and after.
  expect(deaths).toBeGreaterThanOrEqual(6)
  expect(await offencesIn(survivor.db)).toEqual([])
})
