/**
 * The process dies just before and just after each transaction of what is done with vouchers. Whoever asked asks again:
 * one effect. Only the codes of a batch that was made are gone with the answer, and then another is asked for.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { type Death, mortal } from '../../../test/payments/mortal.ts'
import { sell } from '../../../test/top-up-vouchers/given.ts'
import { createStage, type Stage } from '../../../test/top-up-vouchers/stage.ts'
import { defaultPolicy } from '../risk/index.ts'
import { createTopUpVouchers, makeBatch, requestBatch } from './index.ts'

const deaths: readonly Death[] = [
  { call: 1, when: 'before' },
  { call: 1, when: 'after' },
]
let survivor: Stage
let numbers = 0
beforeAll(async () => {
  survivor = await createStage()
})
afterAll(async () => {
  expect(await offencesIn(survivor.db)).toEqual([])
  await survivor.close()
})

const dying = (death: Death) => {
  const fate = mortal(death)
  const db = fate.database(survivor.db)
  fate.begin()
  return db
}
const isDead = (run: Promise<unknown>) =>
  run.then(
    () => false,
    () => true,
  )

test.each(deaths)('a voucher is used once, whoever dies $when the commit', async (death) => {
  numbers += 1
  const { msisdn } = await survivor.customer(`+8613400000${String(numbers).padStart(3, '0')}`)
  const { codes } = await survivor.batch({ count: 1n })
  const { tools, clock } = survivor
  const dead = createTopUpVouchers({
    ...{ ...tools, clock, db: dying(death), policy: () => defaultPolicy },
  })
  const [code] = codes
  if (!code) throw new Error('no code')
  expect(await isDead(dead.use({ msisdn, code, key: 'k' }))).toBe(true)
  expect(await survivor.use(msisdn, code, 'k')).toMatchObject({
    ...{ ok: true, value: { replayed: death.when === 'after' } },
  })
  expect(await survivor.balance(msisdn)).toBe(50_00n)
})

test.each(deaths)('vouchers are sold once, whoever dies $when the commit', async (death) => {
  const { id } = await survivor.batch({ count: 4n, sold: 0n })
  const { clock, tools } = survivor
  const span = { id, first: 1n, last: 4n }
  expect(await isDead(sell({ clock, tools, db: dying(death) }, span))).toBe(true)
  expect(await survivor.activate(id, 1n, 4n)).toBe(death.when === 'after' ? 0n : 4n)
  expect(await survivor.held('top-up-voucher-float', id)).toBe(200_00n)
})

test.each(deaths)('codes leave once at most, whoever dies $when the commit', async (death) => {
  const wanted = survivor.wanted()
  const { db, clock, tools } = survivor
  await db.transact((tx) => requestBatch(tx, wanted, clock.now()))
  const make = (on = db) => on.transact((tx) => makeBatch(tx, tools, wanted.id, clock.now()))
  expect(await isDead(make(dying(death)))).toBe(true)
  expect((await make()).ok).toBe(death.when === 'before')
})
