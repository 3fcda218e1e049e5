/**
 * The process dies at every transaction and every movement of money there is in an instruction, just before and just
 * after it. Whoever asked asks again under the same id, or nobody does: one effect, and the same answer. What ends
 * later is told in the moment it ends, or by whoever lives on.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHttpClient } from '../../server/src/channels/http-client/index.ts'
import { createInstructionWorker } from '../../server/src/channels/mobile-money/index.ts'
import { createNoticeWorker } from '../../server/src/channels/webhooks/index.ts'
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

describe('callbacks', () => {
  const told = async (url: string) =>
    (await survivor.told()).filter((each) => each.url === url).map(({ body }) => JSON.parse(body))
  const hook = () => `https://shop.example/${randomUUID()}`

  /** Asked for by the payee, and not looked at by any timer before a second has passed. */
  async function asked(url: string, payer: { msisdn: string }, kind = 'transfer') {
    const isSale = kind === 'merchantpay'
    const waits = await survivor.call('POST', path, {
      ...{ token: survivor.token(isSale ? undefined : payee.msisdn) },
      ...{ params: { transactionType: kind }, headers: { 'x-callback-url': url } },
      body: {
        ...{ amount: '3.00', currency: 'CNY', debitParty: party(payer.msisdn) },
        ...(!isSale && { creditParty: party(payee.msisdn) }),
      },
    })
    expect(waits.status).toBe(202)
    await survivor.worker.step()
    expect(await told(url)).toEqual([])
  }

  async function paysRequest({ msisdn }: { msisdn: string }) {
    const { transfers } = survivor.people
    const [request] = await transfers.requests(msisdn, { limit: 1 })
    const paying = { msisdn, channel: 'web', key: randomUUID() } as const
    await transfers.payRequest({ ...paying, requestId: request?.id ?? '' })
  }

  test('a transfer and a payment are told of in the moment they end, no clock moving', async () => {
    const payer = await survivor.customer(10_00n)
    const [first, second] = [hook(), hook()]
    await asked(first, payer)
    await paysRequest(payer)
    expect(await survivor.worker.step()).toBe(1)
    expect(await told(first)).toMatchObject([{ transactionStatus: 'completed' }])
    await asked(second, payer, 'merchantpay')
    const { payments } = survivor.world
    const listed = { msisdn: payer.msisdn, order: 'desc', offset: 0, limit: 1 } as const
    const [payment] = (await payments.list(listed)).items
    await payments.approve({ paymentId: payment?.id ?? '', msisdn: payer.msisdn })
    expect(await survivor.worker.step()).toBe(1)
    expect(await told(second)).toMatchObject([{ transactionStatus: 'completed' }])
  })

  test('wherever the process dies that looks, somebody tells, once', async () => {
    let deaths = 0
    for (let call = 1, isOver = false; !isOver; call += 1)
      for (const when of ['before', 'after'] as const) {
        const [payer, url] = [await survivor.customer(10_00n), hook()]
        await asked(url, payer)
        await paysRequest(payer)
        const life = mortal({ call, when })
        const deps = { ...survivor.deps, db: life.database(survivor.db) }
        const worker = createInstructionWorker({ ...deps, concurrency: 0, onError: () => {} })
        life.begin()
        await worker.step().catch(() => {})
        // The lease of what the dead one had taken is over.
        survivor.clock.advance(61_000)
        await survivor.worker.step()
        expect([call, when, await told(url)]).toMatchObject([
          ...[call, when],
          [{ transactionStatus: 'completed' }],
        ])
        deaths += life.isDead() ? 1 : 0
        isOver = !life.isDead()
      }
    // The claim, and the outcome with its callback, each before and after.
    expect(deaths).toBeGreaterThanOrEqual(4)
    expect(await offencesIn(survivor.db)).toEqual([])
  })

  test('an address inside is never asked, and tried again as webhooks are', async () => {
    const payer = await survivor.customer(10_00n)
    const url = 'https://169.254.169.254/latest'
    await asked(url, payer)
    await paysRequest(payer)
    await survivor.worker.step()
    const client = createHttpClient({})
    const { db, clock, cipher } = survivor
    const worker = createNoticeWorker({ db, clock, client, cipher, onError: () => {} })
    const row = () =>
      db.query('select state, attempts, last_error from notice_delivery where url = $1', [url])
    await expect
      .poll(row, { timeout: 25_000 })
      .toMatchObject([{ state: 'pending', attempts: 1, last_error: 'address_refused' }])
    await worker.stop()
    await client.close()
  })
})
