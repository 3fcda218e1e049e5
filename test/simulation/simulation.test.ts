/**
 * Simulated days of the whole deployment: what must hold holds, the same seed is the same day, and a
 * build with a rule taken out is found. `npm run simulate` plays more of it.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appMutants } from './app-mutants.ts'
import { bankMutants } from './bank-mutants.ts'
import { dieEverywhere, flows } from './crash-points.ts'
import { mutants } from './mutants.ts'
import { type Item, type Plan, planOf } from './plan.ts'
import { play } from './run.ts'
import { only, shrunk } from './shrink.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

const hours = 24

test('a day without faults: everything is as it should be, and customers do pay', async () => {
  const { offences, paid, faults } = await play(stage, planOf(1, hours / 2, { faults: false }))
  expect(offences).toEqual([])
  expect(paid).toBeGreaterThan(5)
  expect(faults).toEqual({})
}, 120_000)

test('the same seed gives the same day, whatever was played before it', async () => {
  const plan = planOf(5, 6)
  const first = await play(stage, plan)
  const other = await play(stage, planOf(6, 6))
  const again = await play(stage, plan)
  expect(again).toEqual(first)
  expect(other.trace).not.toBe(first.trace)
}, 120_000)

test('two days full of faults break no rule, and everything is finished in the end', async () => {
  const kinds = new Set<string>()
  let paid = 0
  for (let seed = 1; seed <= 2; seed += 1) {
    const outcome = await play(stage, planOf(seed, hours))
    expect([seed, outcome.offences]).toEqual([seed, []])
    for (const kind of Object.keys(outcome.faults)) kinds.add(kind)
    paid += outcome.paid
  }
  expect(kinds.size).toBeGreaterThan(10)
  expect(paid).toBeGreaterThan(10)
}, 400_000)

/**
 * A bank that is silent about a purchase and a withdrawal, and a biller about two payments, all of which they have
 * done; a code that two tills read, and everything said more than once. Of a day that is long enough
 * for them, billers give two files: one with another amount, one with a payment that nobody made.
 */
function silentOthers(): Plan {
  const lost = { kind: 'bank', bank: 'jiangcheng' } as const
  const message = { is: 'message', fault: { kind: 'lost_answer', count: 1 } } as const
  const fault = { kind: 'pays_and_drops_link', verb: 'pay', count: 4 } as const
  const wrong = { kind: 'biller', lastMs: hours * 3_600_000 } as const
  const once = { kind: 'wrong_file', count: 1 } as const
  const movement = { kind: 'movement', amount: 12_34, isSameDay: true, copies: 1 } as const
  const scan = { kind: 'scan', isReadTwice: false, answer: 'yes', copies: 2 } as const
  const collect = { kind: 'collect', answer: 'yes', isWithdrawn: false } as const
  const bill = { kind: 'bill', account: 3, amount: 10_00, isPaidTwice: true, copies: 1 } as const
  const repayment = { kind: 'repayment', amount: 90_00, copies: 2 } as const
  const acts = [
    { line: 0, ...lost, trouble: { ...message, fault: { ...message.fault, on: 'purchase' } } },
    { line: 0, ...lost, trouble: { ...message, fault: { ...message.fault, on: 'credit' } } },
    { line: 0, kind: 'biller', fault, lastMs: 3_600_000 },
    { line: 0, kind: 'card_text', words: '6021 100', pin: 'right', copies: 1 },
    { line: 0, ...movement, move: 'withdrawal' },
    { line: 1, ...movement, move: 'top_up' },
    { line: 3, ...scan, merchantId: '6021', amount: 12_00, isReadTwice: true, end: 'wait' },
    { line: 1, ...scan, merchantId: '6022', amount: 9_90, end: 'cancel_later' },
    { line: 2, ...scan, merchantId: '6022', amount: 3_30, end: 'cancel_at_once' },
    { line: 0, ...collect, amount: 6_00, also: 'till', copies: 2 },
    { line: 0, ...bill, biller: 'power' },
    { line: 1, ...bill, biller: 'mobile' },
    { line: 0, ...repayment },
    { line: 0, ...repayment },
    { line: 0, ...wrong, fault: { ...once, fileFault: 'other_amount' } },
    { line: 0, ...wrong, fault: { ...once, fileFault: 'extra_row' } },
  ] as const
  const items = acts.map((act, index): Item => ({ ...act, index, at: 1_000 * (index + 1) }))
  return { ...planOf(2, 1, { faults: false }), banks: true, items }
}

test('what wallets, tills, silent banks and billers have of each other agrees to the fen in the end', async () => {
  const { offences, faults, paid } = await play(stage, { ...silentOthers(), hours: 8 })
  expect(offences).toEqual([])
  const ofBillers = { biller_pays_and_drops_link: 2, biller_wrong_file: 2 }
  expect(faults).toEqual({ bank_lost_answer: 2, ...ofBillers })
  // By card, at one of the two tills that read one code, and once at another.
  expect(paid).toBeGreaterThan(2)
}, 300_000)

test('a build that pays a withdrawal again after silence is found out by the bank’s own books', async () => {
  const { offences } = await play(stage, silentOthers(), { mutant: bankMutants.credit_sent_again })
  expect(offences[0]).toMatch(/^jiangcheng has a credit of 1234, which is nobody's/)
}, 120_000)

test.each([
  ['scan_paid_again', ['scan'], /payments of one order/],
  ['code_used_twice', ['scan'], /one code paid|: 2 scans$/],
  ['collected_again', ['collect'], /its code said to be used/],
  ['bill_paid_again', ['biller', 'bill'], /has 1000 of .*: not ours/],
  ['repaid_forgotten', ['repayment'], /was repaid of a bill/],
] as const)(
  'tills and billers find out a build that is broken like this: %s',
  async (name, kinds, said) => {
    const all = silentOthers()
    const items = all.items.filter(({ kind }) => kinds.some((one) => one === kind))
    const { offences } = await play(stage, { ...all, items }, { mutant: appMutants[name] })
    expect(offences).toContainEqual(expect.stringMatching(said))
  },
  120_000,
)

test('a failing day is made smaller and still fails', async () => {
  const mutant = mutants.job_lost
  const plan = planOf(1, hours / 4, { isRough: true })
  const fails = async (smaller: typeof plan) =>
    (await play(stage, smaller, { mutant })).offences.length > 0
  expect(await fails(plan)).toBe(true)
  const short = await shrunk(plan, fails, 12)
  expect(short.items.length).toBeLessThan(plan.items.length / 2)
  expect(await fails(only(plan, new Set(short.items.map(({ index }) => index))))).toBe(true)
}, 120_000)

/** Days within which each broken build must be found; the first one, and its hours, where that finds sooner. */
const daysMax = 15
const firstPlays: Readonly<Record<string, readonly [seed: number, hours: number]>> = {
  ...{ no_limits: [11, hours], unknown_is_no: [1, 6], new_charge_id: [1, 6] },
  ...{ new_refund_id: [16, 12], job_lost: [1, 6], hold_kept: [5, 6] },
}

test.each(Object.keys(mutants))(
  'a build is found out that is broken like this: %s',
  async (name) => {
    const mutant = mutants[name]
    const foundOn = async (seed: number, long: number) =>
      (await play(stage, planOf(seed, long, { isRough: true }), { mutant })).offences
    let found: readonly string[] = await foundOn(...(firstPlays[name] ?? [1, hours]))
    for (let seed = 2; seed <= daysMax && found.length === 0; seed += 1)
      found = await foundOn(seed, hours)
    expect(found).not.toEqual([])
  },
  120_000,
)

test.each(Object.keys(flows))(
  'a process dies in the flow %s: after a restart all is as it should be',
  async (name) => {
    const { deaths, failed } = await dieEverywhere(stage, flows[name] ?? [], 13)
    expect(failed.map(({ offences }) => offences)).toEqual([])
    expect(deaths).toBeGreaterThan(3)
  },
  120_000,
)
