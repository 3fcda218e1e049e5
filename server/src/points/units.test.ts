/** Points stand in the ledger beside money and are never added to it: said by code, by the database and by verify. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { createStage, type Stage } from '../../../test/points/stage.ts'
import {
  executeTransfers,
  pointsBalance,
  pointsIssued,
  reasons,
  userBalance,
} from '../ledger/index.ts'
import { openPocket } from './pocket.ts'
import { sum } from './points.ts'

const msisdn = '+8613900010001'
let stage: Stage
let walletId: string
beforeAll(async () => {
  stage = await createStage()
  walletId = (await stage.customer(msisdn, 100_00n)).walletId
})
afterAll(() => stage?.close())

test('the totals of money are the same with points in the books', async () => {
  await stage.promise({ perYuan: 7n })
  await stage.pay(msisdn, 20_00n)
  const before = await stage.money()
  await stage.settle()
  expect(await stage.inLedger(walletId)).toBe(140n)
  expect(await stage.money()).toEqual(before)
  expect(before).toMatchObject([{ balanced: true }])
})

test('a transfer between the units is refused; written past the code, by the database', async () => {
  const { db, clock, tools } = stage
  const [money, points] = [userBalance(3, walletId), pointsBalance(3, walletId)]
  for (const [debit, credit] of [
    [money, points],
    [points, money],
    [pointsIssued(3), money],
  ] as const) {
    const id = tools.ids.next(3, clock.now())
    const facts = { bucket: 3, subject: 'x', reason: reasons.transfer, businessDate: '2026-09-12' }
    const command = { kind: 'transfer', id, ...facts, debit, credit, amount: 1n } as const
    const results = await db.transact((tx) => executeTransfers(tx, [command], clock.now()))
    expect(results).toEqual([{ ok: false, refusal: 'units_differ' }])
  }
  const mixing = db.transact((tx) =>
    tx.query(`update transfer set debit_account = 'points-issued' where credit_account = $1`, [
      userBalance(0, walletId).name,
    ]),
  )
  await expect(mixing).rejects.toThrow('transfer_one_unit')
})

test('written past the database too, verify finds it', async () => {
  const { db } = stage
  const found = await db
    .transact(async (tx) => {
      await tx.query('alter table transfer drop constraint transfer_one_unit')
      await tx.query(`update transfer set debit_account = 'points-x' where credit_account = $1`, [
        userBalance(0, walletId).name,
      ])
      throw new Error((await offencesIn(tx)).join('\n'))
    })
    .catch((error: unknown) => String(error))
  expect(found).toContain('ledger_transfers_are_sound: 1')
  expect(await offencesIn(db)).toEqual([])
})

test('whatever is earned, taken back, spent and ended: lots, debt and moves agree, and none is below zero', () => {
  const day = fc.constantFrom('2026-12-31', '2027-12-31', '2028-12-31')
  const step = fc.record({
    act: fc.constantFrom('earn', 'takeBack', 'spend', 'giveBack', 'expire', 'takeAll'),
    expiresOn: day,
    points: fc.bigInt({ min: 1n, max: 50n }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const pocket = openPocket({ lots: [], owed: 0n })
      const why = { reason: reasons.pointsSpent, subject: 'x' } as const
      let [earned, taken] = [0n, 0n]
      for (const { act, expiresOn, points } of steps) {
        if (act === 'earn') pocket.earn({ expiresOn, points }, 'p')
        if (act === 'takeBack') pocket.takeBack({ expiresOn, points }, 'p')
        if (act === 'spend' && pocket.spendable(expiresOn) >= points)
          expect(sum(pocket.spend(expiresOn, points, why))).toBe(points)
        if (act === 'giveBack') {
          pocket.giveBack([{ expiresOn, points }], why)
          // Nobody has points while some are owed.
          expect(pocket.owed() === 0n || pocket.spendable('0000-01-01') === 0n).toBe(true)
        }
        if (act === 'expire') pocket.expire(expiresOn, why)
        if (act === 'takeAll') pocket.takeAll(why)
        if (act === 'earn' || act === 'giveBack') earned += points
        if (act === 'takeBack') taken += points
      }
      const moved = (way: string, reason?: string) =>
        pocket.moves
          .filter((move) => move.way === way && (reason === undefined || move.reason === reason))
          .reduce((total, move) => total + move.points, 0n)
      const balance = pocket.spendable('0000-01-01')
      expect(moved('in')).toBe(earned)
      expect(balance).toBe(moved('in') - moved('out'))
      expect(sum(pocket.writes().lots)).toBe(balance)
      expect(taken).toBe(moved('out', reasons.pointsTakenBack) + pocket.owed())
      expect(balance >= 0n && pocket.owed() >= 0n).toBe(true)
    }),
  )
})
