/** Differences with banks over the operator's routes, on a real database: journals exact to the fen. */
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../../test/books.ts'
import { engines, type TestDatabase, testDatabase } from '../../../../test/database.ts'
import { createStage } from '../../../../test/wallet/stage.ts'
import {
  asPerson,
  operatorPeople,
  operatorToken,
  secondCode,
} from '../../../test/operator-people.ts'
import { sealHead } from '../../audit/index.ts'
import type { Log } from '../../db/index.ts'
import {
  bucketOf,
  createBusinessTime,
  createFieldCipher,
  createIds,
  manualClock,
  refuse,
  Secret,
} from '../../kernel/index.ts'
import { accountBalances } from '../../ledger/index.ts'
import { createCatalogue } from '../../merchants/index.ts'
import { createPolicy } from '../../risk/index.ts'
import { introduce } from '../../subscribers/index.ts'
import { createHttpServer } from '../http/index.ts'
import { operatorRoutes } from './index.ts'

const hour = 3_600_000
/** A Saturday noon in Shanghai. */
const noon = Date.UTC(2026, 8, 12, 4)
const clock = manualClock(noon)
const ids = createIds()
const bank = 'jiangcheng'
const day = '2026-09-11'
const msisdn = '+8613800138000'
const wallet = ids.next(bucketOf(msisdn), clock.now())

describe.each(engines)('differences with a bank on %s', (engine) => {
  let made: TestDatabase
  let app: FastifyInstance
  let keys = 0

  beforeAll(async () => {
    clock.set(noon)
    made = await testDatabase({ engine })
    const { db } = made
    const silent: Log = { info: () => {}, warn: () => {}, error: () => {} }
    const cipher = createFieldCipher(new Secret(operatorToken), ids)
    await sealHead(db, cipher)
    const catalogue = await createCatalogue(db, clock)
    const policy = await createPolicy(db, clock)
    const requestId = () => 'request'
    app = await createHttpServer({
      ...{ log: silent, behindProxy: false, securitySchemes: {}, version: '0', requestId },
    })
    await app.register(operatorRoutes, {
      ...operatorPeople(clock),
      ...{ db, clock, ids, time: createBusinessTime(), catalogue, policy, cipher },
      ...{ release: async () => {}, signOut: async () => {} },
      billers: { findOut: async () => refuse('bill_not_paid') },
      wallet: (await createStage({ db, clock })).wallet,
    })
    await app.ready()
    const line = { carrier: 'mobile', brand: 'x', billing: 'prepaid', region: '110000' } as const
    await introduce(db, { msisdn, ...line, status: 'active', language: 'zh' }, clock.now())
    await db.transact(async (tx) => {
      await tx.query(
        `insert into wallet_account (bucket, id, version, msisdn, identity_id, class, state, opened_at)
         values ($1, $2, 1, $3, $4, 'I', 'open', $5)`,
        [bucketOf(msisdn), wallet, msisdn, ids.next(0, clock.now()), clock.now()],
      )
      await tx.query(
        `insert into wallet_event (bucket, subject, seq, type, state, at)
         values ($1, $2, 1, 'opened', 'open', $3)`,
        [bucketOf(msisdn), wallet, clock.now()],
      )
    })
  })
  afterAll(async () => {
    await app?.close()
    await made?.close()
  })

  async function call(url: string, given: { by?: string; body?: object } = {}) {
    const { by = 'chen.li', body } = given
    const answer = await app.inject({
      ...{ method: body ? 'POST' : 'GET', url: `/operator${url}` },
      headers: asPerson(by),
      ...(body && { payload: body }),
    })
    return { status: answer.statusCode, body: answer.json() }
  }
  /** A row as the reading of a bank's file leaves it. */
  async function found(side: 'long' | 'short' | null, amount: bigint | null): Promise<string> {
    keys += 1
    const kind = side === null ? 'state' : side === 'long' ? 'missing_here' : 'missing_there'
    const [row] = await made.db.transact((tx) =>
      tx.query<{ id: bigint }>(
        `insert into bank_difference (bank, day, kind, key, ours, theirs, found_at, side, amount)
         values ($1, $2::date, $3, $4, 'a', 'b', $5, $6, $7) returning id`,
        [bank, day, kind, String(keys), clock.now(), side, amount],
      ),
    )
    return String(row?.id)
  }
  const ask = (id: string, act: string, more: object = {}) =>
    call(`/bank-differences/${id}/acts`, {
      body: { act, reason: 'checked with the bank', ...more },
    })
  const approve = (id: unknown, login = 'wu.min', given = secondCode) =>
    call(`/bank-acts/${id}/approve`, { body: { login, code: given } })
  const both = async (id: string, act: string, more: object = {}) => {
    const asked = await ask(id, act, more)
    expect(asked).toMatchObject({ status: 201, body: { state: 'asked' } })
    expect(await approve(asked.body.id)).toMatchObject({ status: 200, body: { state: 'done' } })
  }
  /** Debits less credits. */
  const balance = async (name: string) => {
    const rows = await accountBalances(made.db, { names: [name] })
    return rows.reduce((sum, row) => sum + row.debitsPosted - row.creditsPosted, 0n)
  }
  const balances = async () =>
    Promise.all(
      [
        ...[`bank-clearing:${bank}`, `bank-long-suspense:${bank}`, `bank-short-suspense:${bank}`],
        ...[`user-balance:${wallet}`, 'own-bank'],
      ].map(balance),
    )

  test('long: booked by two, then paid into the wallet of whose money it is', async () => {
    const id = await found('long', 15_00n)
    const before = await balances()
    expect(await ask(id, 'identified', { msisdn })).toMatchObject({
      ...{ status: 409, body: { type: '/problems/difference_not_in_suspense' } },
    })
    const asked = await ask(id, 'to_suspense')
    expect(asked).toMatchObject({ status: 201, body: { state: 'asked', amount: '1500' } })
    expect(await balances()).toEqual(before)
    expect((await ask(id, 'to_suspense')).body.type).toBe('/problems/act_waits')
    expect(await approve(asked.body.id, 'chen.li')).toMatchObject({
      ...{ status: 403, body: { type: '/problems/act_is_own' } },
    })
    for (const [login, given] of [
      ['wu.min', '111111'],
      ['nobody', secondCode],
    ])
      expect(await approve(asked.body.id, login, given)).toMatchObject({
        ...{ status: 403, body: { type: '/problems/second_person_wrong' } },
      })
    expect((await approve(asked.body.id, 'wu.min', '999999')).status).toBe(429)
    expect(await balances()).toEqual(before)
    expect(await approve(asked.body.id)).toMatchObject({ status: 200 })
    expect((await approve(asked.body.id)).body.type).toBe('/problems/act_decided')
    expect(await balances()).toEqual([15_00n, -15_00n, 0n, 0n, 0n])
    expect((await ask(id, 'covered')).body.type).toBe('/problems/difference_other_side')
    expect((await ask(id, 'identified')).body.type).toBe('/problems/number_needed')
    expect((await ask(id, 'identified', { msisdn: '13800138001' })).body.type).toBe(
      '/problems/wallet_not_open',
    )
    await both(id, 'identified', { msisdn })
    expect(await balances()).toEqual([15_00n, 0n, 0n, -15_00n, 0n])
    const told = await made.db.query<{ payload: { notice: object } }>(
      "select payload from job where topic = 'sms.send'",
    )
    expect(told.map(({ payload }) => payload.notice)).toMatchObject([
      { id: 'wallet_credited', amount: '1500', balance: '1500' },
    ])
    const { body } = await call(`/bank-differences/${id}`)
    expect(body).toMatchObject({ state: 'resolved', resolution: 'identified', overdue: false })
    expect(body.acts.map((act: { kind: string }) => act.kind)).toEqual([
      ...['to_suspense', 'identified'],
    ])
    expect((await ask(id, 'identified', { msisdn })).body.type).toBe(
      '/problems/difference_resolved',
    )
    expect(await offencesIn(made.db)).toEqual([])
  })

  test('short: booked as the operator’s loss, and covered from own money', async () => {
    const [clearing = 0n] = await balances()
    const id = await found('short', 7_00n)
    await both(id, 'to_suspense')
    expect((await balances()).slice(0, 3)).toEqual([clearing - 7_00n, 0n, 7_00n])
    await both(id, 'covered')
    expect(await balances()).toEqual([clearing, 0n, 7_00n, -15_00n, -7_00n])
    expect(await offencesIn(made.db)).toEqual([])
  })

  test('what moves no money one person explains; where money is missing two must', async () => {
    const [words, money] = [await found(null, null), await found('short', 1_00n)]
    expect((await ask(words, 'to_suspense')).body.type).toBe('/problems/difference_without_amount')
    expect(await ask(words, 'explained')).toMatchObject({ status: 201, body: { state: 'done' } })
    const asked = await ask(money, 'explained')
    expect(asked.body.state).toBe('asked')
    const declined = await call(`/bank-acts/${asked.body.id}/decline`, {
      ...{ by: 'wu.min', body: { note: 'ask the bank first' } },
    })
    expect(declined.body).toMatchObject({ state: 'declined', note: 'ask the bank first' })
    await both(money, 'explained')
    expect(await offencesIn(made.db)).toEqual([])
  })

  test('at once, two agree to one act: it is done once; what nobody decides runs out', async () => {
    const id = await found('long', 3_00n)
    const asked = await ask(id, 'to_suspense')
    const answers = await Promise.all(
      ['wu.min', 'he.jun', 'li.na'].map((login) => approve(asked.body.id, login)),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409])
    const late = await ask(id, 'identified', { msisdn })
    clock.advance(36 * hour)
    expect((await approve(late.body.id)).body.type).toBe('/problems/act_expired')
    await both(id, 'identified', { msisdn })
    expect(await offencesIn(made.db)).toEqual([])
  })

  test('the queue shows what is unresolved, filtered and in pages, with its age', async () => {
    const mine = [await found('long', 1n), await found('short', 2n), await found(null, null)]
    const first = await call(`/bank-differences?bank=${bank}&day=${day}&limit=2`)
    expect(first.body).toMatchObject({ items: [{ id: mine[2] }, { id: mine[1] }], next: mine[1] })
    const rest = await call(`/bank-differences?limit=2&before=${first.body.next}`)
    expect(rest.body).toMatchObject({ items: [{ id: mine[0], ageHours: 0 }], next: null })
    const kinds = await call('/bank-differences?kind=missing_there&state=open')
    expect(kinds.body.items.map(({ id }: { id: string }) => id)).toEqual([mine[1]])
    expect((await call('/bank-differences?state=resolved')).body.items.length).toBeGreaterThan(3)
    expect((await call('/bank-differences?day=0000-01-01')).status).toBe(422)
    expect((await call('/bank-differences/999999')).status).toBe(404)
    clock.advance(5 * 24 * hour)
    const old = await call(`/bank-differences/${mine[0]}`)
    expect(old.body).toMatchObject({ ageHours: 120, overdue: true, dueOn: '2026-09-16' })
  })

  test('the days of a bank with their problems; one without totals is taken for whole by two', async () => {
    await made.db.transact((tx) =>
      tx.query(
        `insert into bank_day (bank, day, totals, state, problem, changed_at) values
         ($1, '2026-09-10', null, 'read', null, 1), ($1, '2026-09-11', null, 'refused', 'x', 1)`,
        [bank],
      ),
    )
    const { body } = await call(`/banks/${bank}/days?limit=1`)
    expect(body).toMatchObject({
      items: [{ day: '2026-09-11', state: 'refused', problem: 'x' }],
      next: '2026-09-11',
    })
    const complete = (date: string) =>
      call(`/banks/${bank}/days/${date}/complete`, { body: { reason: 'told by telephone' } })
    expect((await complete('2026-09-11')).body.type).toBe('/problems/day_not_read')
    expect((await complete('2026-09-09')).body.type).toBe('/problems/day_unknown')
    const asked = await complete('2026-09-10')
    expect((await approve(asked.body.id, 'chen.li')).status).toBe(403)
    expect(await approve(asked.body.id)).toMatchObject({ status: 200, body: { state: 'done' } })
    const older = await call(`/banks/${bank}/days?before=2026-09-11`)
    expect(older.body.items).toMatchObject([{ day: '2026-09-10', acceptedAt: expect.any(String) }])
    const log = await call('/log?limit=3')
    expect(log.body.items.map(({ action }: { action: string }) => action)).toEqual([
      ...['bank_act.done', 'refused', 'bank_act.asked'],
    ])
    expect(await offencesIn(made.db)).toEqual([])
  })

  test.each([
    [
      "update bank_difference set state = 'resolved', resolution = 'explained', resolved_at = 1 where state = 'open'",
      'bank_differences_follow_their_acts',
    ],
    [
      "update bank_act set amount = amount + 1 where kind = 'to_suspense' and state = 'done'",
      'bank_acts_are_in_the_ledger',
    ],
    ["delete from bank_act where kind = 'covered'", 'bank_acts_are_in_the_ledger'],
    [
      "update bank_day set accepted_at = 1 where state = 'read'; update bank_act set state = 'expired', decided_by = null, decided_at = null where kind = 'complete_file'",
      'bank_files_are_accepted_by_two',
    ],
  ])('verify sees it: %s', async (tampering, rule) => {
    await made.db
      .transact(async (tx) => {
        for (const statement of tampering.split('; ')) await tx.query(statement)
        const offences = await offencesIn(tx)
        expect(offences.some((line) => line.startsWith(rule))).toBe(true)
        throw new Error('taken back')
      })
      .catch((error: Error) => expect(error.message).toBe('taken back'))
    expect(await offencesIn(made.db)).toEqual([])
  })
})
