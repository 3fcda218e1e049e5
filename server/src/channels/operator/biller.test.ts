/** Differences with a biller over the operator's routes, with real bills and days: each fen goes one way. */
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createStage, type Stage } from '../../../../test/billers/stage.ts'
import { offencesIn } from '../../../../test/books.ts'
import {
  asPerson,
  operatorPeople,
  operatorToken,
  secondCode,
} from '../../../test/operator-people.ts'
import { sealHead } from '../../audit/index.ts'
import { armDays } from '../../billers/day-store.ts'
import type { FileRow } from '../../billers/index.ts'
import { createFieldCipher, createIds, Secret } from '../../kernel/index.ts'
import { accountBalances } from '../../ledger/index.ts'
import { createCatalogue } from '../../merchants/index.ts'
import { createPolicy } from '../../risk/index.ts'
import { createHttpServer } from '../http/index.ts'
import { operatorRoutes } from './index.ts'

const hour = 3_600_000
const day = 24 * hour
let stage: Stage
let app: FastifyInstance

beforeAll(async () => {
  stage = await createStage()
  const { db, clock, time, wallet, billers } = stage
  await armDays(db, time, ['power'], clock.now())
  const ids = createIds()
  const cipher = createFieldCipher(new Secret(operatorToken), ids)
  await sealHead(db, cipher)
  const log = { info: () => {}, warn: () => {}, error: console.error }
  const requestId = () => 'request'
  app = await createHttpServer({
    ...{ log, behindProxy: false, securitySchemes: {}, version: '0', requestId },
  })
  await app.register(operatorRoutes, {
    ...operatorPeople(clock),
    ...{ db, clock, ids, time, cipher, wallet, billers },
    ...{ release: async () => {}, signOut: async () => {} },
    catalogue: await createCatalogue(db, clock),
    policy: await createPolicy(db, clock),
  })
  await app.ready()
})
afterAll(async () => {
  await app?.close()
  await stage?.close()
})
beforeEach(async () => {
  stage.power.files(null)
  await until(day)
})

const until = async (ms: number) => {
  stage.clock.advance(ms)
  await stage.settle()
}
async function call(url: string, given: { by?: string; body?: object } = {}) {
  const { by = 'chen.li', body } = given
  const answer = await app.inject({
    ...{ method: body ? 'POST' : 'GET', url: `/operator${url}` },
    headers: asPerson(by),
    ...(body && { payload: body }),
  })
  return { status: answer.statusCode, body: answer.json() }
}
const ask = (id: string, act: string) =>
  call(`/biller-differences/${id}/acts`, { body: { act, reason: 'asked the biller' } })
const approve = (id: unknown, login = 'wu.min', given = secondCode) =>
  call(`/biller-acts/${id}/approve`, { body: { login, code: given } })
async function both(id: string, act: string) {
  const asked = await ask(id, act)
  expect(asked).toMatchObject({ status: 201, body: { state: 'asked', kind: act } })
  expect(await approve(asked.body.id)).toMatchObject({ status: 200, body: { state: 'done' } })
}
const typeOf = ({ body }: { body: { type?: string } }) => body.type?.replace('/problems/', '')

let numbers = 0
/** Somebody who paid 86.40 out of 200.00. */
async function payer() {
  numbers += 1
  const { msisdn, walletId } = await stage.customer(
    `+86134${String(numbers).padStart(8, '0')}`,
    200_00n,
  )
  return { msisdn, walletId, bill: await stage.paid(msisdn, stage.key()) }
}
/** The file of today has these rows and nothing else; what differs in it, oldest first. */
async function found(rows: readonly Omit<FileRow, 'receiptNo'>[]) {
  const date = stage.time.dateOf(stage.clock.now())
  stage.power.files((wanted) =>
    wanted === date ? rows.map((row, at) => ({ ...row, receiptNo: `F${at}` })) : [],
  )
  await until(day + 2 * hour)
  const { body } = await call(`/biller-differences?day=${date}`)
  return body.items.toReversed()
}
const sumOf = async (name: string) => {
  const rows = await accountBalances(stage.db, { names: [name] })
  return rows.reduce((sum, row) => sum + row.debitsPosted - row.creditsPosted, 0n)
}
const paidOver = async () => -(await sumOf('bank-clearing:ABC'))
const lossAndOwn = async () => [await sumOf('biller-suspense:power'), await sumOf('own-bank')]

test('missing at the biller: given back by two, told, and never twice', async () => {
  const { msisdn, bill } = await payer()
  await stage.settle()
  const [one] = await found([])
  expect(one).toMatchObject({
    ...{ kind: 'missing_there', billId: bill.id, ours: '8640', theirs: null, has: 'ours' },
    ...{ amount: '8640', billState: 'written_off', acts: ['received', 'returned'], overdue: false },
  })
  for (const wrong of ['covered', 'explained'])
    expect(typeOf(await ask(one.id, wrong))).toBe('difference_other_act')
  const { body: asked } = await ask(one.id, 'returned')
  expect(typeOf(await ask(one.id, 'received'))).toBe('act_waits')
  expect(typeOf(await approve(asked.id, 'chen.li'))).toBe('act_is_own')
  expect(typeOf(await approve(asked.id, 'wu.min', '111111'))).toBe('second_person_wrong')
  expect(await stage.available(msisdn)).toBe(113_60n)
  const supervisors = ['wu.min', 'he.jun', 'li.na']
  const answers = await Promise.all(supervisors.map((login) => approve(asked.id, login)))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409])
  const decidedBy = supervisors[answers.findIndex(({ status }) => status === 200)]
  expect(await stage.available(msisdn)).toBe(200_00n)
  expect(await stage.billers.bill(bill.id)).toMatchObject({
    ...{ state: 'refunded', reason: 'not_in_file', receiptNo: null },
  })
  expect((await stage.told(msisdn)).map(({ id }) => id)).toContain('bill_returned')
  expect(typeOf(await ask(one.id, 'returned'))).toBe('difference_resolved')
  const { body: seen } = await call(`/biller-differences/${one.id}`)
  expect(seen).toMatchObject({ resolution: 'returned', acts: [], done: [{ decidedBy }] })
  // The biller has it after all, when it is too late: that is another difference, and own money pays.
  const [late] = await found([{ paymentNo: bill.id, amount: 86_40n }])
  expect(late).toMatchObject({ kind: 'state', has: 'theirs', acts: ['covered', 'explained'] })
  await both(late.id, 'covered')
  expect(await lossAndOwn()).toEqual([86_40n, -86_40n])
  expect(await stage.available(msisdn)).toBe(200_00n)
  expect(await offencesIn(stage.db)).toEqual([])
})

test('missing at the biller, and there after all: paid over with its next day, once', async () => {
  const { msisdn, bill } = await payer()
  await stage.settle()
  const before = await paidOver()
  const [one] = await found([])
  await both(one.id, 'received')
  expect(await paidOver()).toBe(before)
  expect(await found([])).toEqual([])
  expect(await found([])).toEqual([])
  expect(await paidOver()).toBe(before + 86_40n)
  expect(await stage.billers.bill(bill.id)).toMatchObject({ state: 'written_off' })
  expect(await stage.available(msisdn)).toBe(113_60n)
  expect(await offencesIn(stage.db)).toEqual([])
})

test('another amount: what the biller has more own money pays, and the bill is paid over as it was paid', async () => {
  const { bill } = await payer()
  stage.power.asleep(true)
  await stage.settle()
  const [before, [loss = 0n]] = [await paidOver(), await lossAndOwn()]
  const [one] = await found([{ paymentNo: bill.id, amount: 86_41n }])
  expect(one).toMatchObject({
    ...{ kind: 'amount', has: 'amount', amount: '1', billState: 'write_off_unknown' },
    acts: ['received', 'returned', 'covered'],
  })
  await both(one.id, 'covered')
  stage.power.asleep(false)
  expect(await stage.billers.bill(bill.id)).toMatchObject({
    ...{ state: 'written_off', receiptNo: 'F0', amount: 86_40n },
  })
  expect(await lossAndOwn()).toEqual([loss + 1n, -loss - 1n])
  expect(await found([])).toEqual([])
  expect(await paidOver()).toBe(before + 86_40n)
  expect(await offencesIn(stage.db)).toEqual([])
})

test('what was right when it was asked for and is not any more is not done', async () => {
  const { msisdn, bill } = await payer()
  stage.power.asleep(true)
  await stage.settle()
  const [one] = await found([{ paymentNo: bill.id, amount: 80_00n }])
  expect(one.acts).toEqual(['received', 'returned'])
  const { body: asked } = await ask(one.id, 'received')
  stage.power.asleep(false)
  stage.power.refuseAll(bill.id)
  await until(2 * hour)
  expect(await stage.stateOf(bill.id)).toBe('refunded')
  expect(typeOf(await approve(asked.id))).toBe('difference_other_act')
  const declined = await call(`/biller-acts/${asked.id}/decline`, {
    ...{ by: 'wu.min', body: { note: 'given back meanwhile' } },
  })
  expect(declined.body).toMatchObject({ state: 'declined' })
  await both(one.id, 'explained')
  expect(await stage.available(msisdn)).toBe(200_00n)
  expect(await offencesIn(stage.db)).toEqual([])
})

test('a payment that is not ours is paid from own money or explained; nobody is credited for it', async () => {
  const [first, second] = await found([
    { paymentNo: 'nobodys', amount: 15_00n },
    { paymentNo: 'nobodys-2', amount: 7_00n },
  ])
  expect(first).toMatchObject({ kind: 'missing_here', billState: null, amount: '1500' })
  expect(typeOf(await ask(first.id, 'returned'))).toBe('difference_other_act')
  const [loss = 0n] = await lossAndOwn()
  const { body: late } = await ask(first.id, 'covered')
  stage.clock.advance(36 * hour)
  expect(typeOf(await approve(late.id))).toBe('act_expired')
  await both(first.id, 'covered')
  await both(second.id, 'explained')
  expect(await lossAndOwn()).toEqual([loss + 15_00n, -loss - 15_00n])
  expect(await offencesIn(stage.db)).toEqual([])
})

test('a wallet that was closed since takes nothing back: the money stays owed', async () => {
  const { msisdn, walletId } = await payer()
  await stage.settle()
  const out = { msisdn, amount: 113_60n, till: 't1', channel: 'counter' } as const
  await stage.wallet.cashOut({ ...out, key: stage.key() })
  const closing = { msisdn, walletId, channel: 'counter', key: stage.key() } as const
  expect(await stage.wallet.close(closing)).toMatchObject({ ok: true })
  const [one] = await found([])
  const { body: asked } = await ask(one.id, 'returned')
  expect(typeOf(await approve(asked.id))).toBe('wallet_not_open')
  expect(await call(`/biller-differences/${one.id}`)).toMatchObject({ body: { resolution: null } })
  expect(await offencesIn(stage.db)).toEqual([])
})

test('given back while a day of the biller is paid over: one of them', async () => {
  const before = await paidOver()
  const people = await Promise.all([payer(), payer(), payer()])
  await stage.settle()
  const differences = await found([])
  const acts = await Promise.all(
    differences.map(async ({ id }: { id: string }, at: number) =>
      ask(id, at === 0 ? 'received' : 'returned'),
    ),
  )
  await Promise.all([
    ...acts.map(({ body }) => approve(body.id)),
    ...acts.map(({ body }) => approve(body.id, 'he.jun')),
    until(day),
  ])
  await until(day)
  const left = await Promise.all(people.map(({ msisdn }) => stage.available(msisdn)))
  expect(left.toSorted()).toEqual([113_60n, 200_00n, 200_00n])
  expect(await paidOver()).toBe(before + 86_40n)
  expect(await offencesIn(stage.db)).toEqual([])
})

test('the queue in pages, by state and kind, with age; and each act in the log', async () => {
  const all = await call('/biller-differences?state=all&limit=200')
  const first = await call('/biller-differences?state=resolved&limit=1')
  expect(first.body.next).toBe(first.body.items[0].id)
  const rest = await call(`/biller-differences?state=all&before=${first.body.next}&limit=200`)
  expect(all.body.items.length).toBeGreaterThan(rest.body.items.length)
  const kinds = await call('/biller-differences?state=resolved&kind=missing_here')
  expect(kinds.body.items.map(({ billId }: { billId: string }) => billId)).toEqual([
    ...['nobodys-2', 'nobodys'],
  ])
  await until(5 * day)
  const open = await call('/biller-differences')
  expect(open.body.items).toMatchObject([{ kind: 'missing_there', overdue: true }])
  expect(open.body.items[0].ageHours).toBeGreaterThan(120)
  const acts = await call('/biller-acts?state=done&limit=1')
  expect(acts.body.items).toMatchObject([{ state: 'done', biller: 'power' }])
  expect((await call('/biller-differences/999999')).status).toBe(404)
  expect((await call('/biller-differences?limit=0')).status).toBe(422)
  const log = await call(`/log?subject=biller_difference:${kinds.body.items[1].id}`)
  expect(log.body.items.map(({ action }: { action: string }) => action)).toEqual([
    ...['biller_act.done', 'biller_act.asked', 'biller_act.asked'],
  ])
})

test.each([
  ["update biller_act set amount = amount + 1 where kind = 'covered' and state = 'done'", 'ledger'],
  ["delete from biller_act where kind = 'received'", 'differences'],
  [
    "update biller_difference set resolution = 'explained', resolved_at = 1 where resolution is null",
    'differences',
  ],
])('%s is noticed', async (tampering, by) => {
  const rule = { ledger: 'biller_acts_are_in_the_ledger', differences: 'biller_differences' }[by]
  await stage.db.transact((tx) => tx.query(tampering))
  expect((await offencesIn(stage.db)).join()).toContain(rule)
})
