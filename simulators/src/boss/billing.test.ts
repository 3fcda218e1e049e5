/** The billing system against a model: random verbs, repeats, waits and restarts from its journal. */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Billing, createBilling } from './billing.ts'
import { type ChargeContent, reservationMs, type Verdict } from './line.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'billing-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const start = Date.UTC(2026, 8, 12, 4)
const msisdns = ['+8613800138000', '+8613900139000']
const chargeIds = ['1', '2', '3', '4'].map((n) => `CH20260912000000000${n}`)
const opening = 100_00n

type Step =
  | { verb: 'reserve' | 'charge'; charge: number; line: number; amount: bigint }
  | { verb: 'commit' | 'release' | 'reverse'; charge: number }
  | { verb: 'refund'; charge: number; refund: number; amount: bigint }
  | { verb: 'text'; line: number; count: number }
  | { verb: 'wait'; ms: number }
  | { verb: 'restart'; torn: string }

const charge = fc.nat(chargeIds.length - 1)
const line = fc.nat(msisdns.length - 1)
const amount = fc.constantFrom(1n, 10_00n, 30_00n, 60_00n)
const commitReverse = fc.constantFrom<'commit' | 'reverse'>('commit', 'commit', 'commit', 'reverse')
const verb = <Verb extends Step['verb']>(name: Verb) => fc.constant(name)
// Weights keep charges alive long enough to be committed, refunded and reversed again and again.
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ verb: verb('reserve'), charge, line, amount }) },
  { weight: 3, arbitrary: fc.record({ verb: verb('charge'), charge, line, amount }) },
  { weight: 8, arbitrary: fc.record({ verb: commitReverse, charge }) },
  { weight: 1, arbitrary: fc.record({ verb: verb('release'), charge }) },
  { weight: 6, arbitrary: fc.record({ verb: verb('refund'), charge, refund: fc.nat(2), amount }) },
  { weight: 1, arbitrary: fc.record({ verb: verb('text'), line, count: fc.nat({ max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ verb: verb('wait'), ms: fc.constantFrom(1, 150_000) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      verb: verb('restart'),
      torn: fc.constantFrom('', '{', '{"at":1,"type":"committed","chargeId":"CH', '\u0000'),
    }),
  },
)

const contentOf = ({ line, amount }: { line: number; amount: bigint }): ChargeContent => ({
  msisdn: msisdns[line] ?? '',
  amount,
  merchantId: '6021',
  goods: '300',
  merchantName: 'Star Games',
  description: '-',
})

/** What must be true of the money, told only by the answers the system gave. */
interface Model {
  readonly committed: Map<string, ChargeContent>
  readonly reserved: Map<string, { content: ChargeContent; at: number }>
  readonly reversed: Set<string>
  readonly refunds: Map<string, bigint>
  readonly texts: Map<string, bigint>
}

function play(billing: Billing, model: Model, step: Step, now: number): void {
  if (step.verb === 'wait' || step.verb === 'restart') return
  if (step.verb === 'text') {
    const msisdn = msisdns[step.line] ?? ''
    const sum = billing.chargeCommunication(msisdn, 10n, step.count)
    if (sum.ok) model.texts.set(msisdn, (model.texts.get(msisdn) ?? 0n) + sum.value)
    return
  }
  const chargeId = chargeIds[step.charge] ?? ''
  if (step.verb === 'refund') {
    const refundId = `R${step.refund}`
    const done = billing.refund({ chargeId, refundId, amount: step.amount })
    const key = `${chargeId} ${refundId}`
    if (done.ok) expect(model.refunds.get(key) ?? step.amount).toBe(step.amount)
    if (done.ok) model.refunds.set(key, step.amount)
    return
  }
  const verdict = apply(billing, step, chargeId)
  if (!verdict.ok) return
  const { status } = verdict.value
  if (step.verb === 'reserve' && status === 'reserved' && !model.reserved.has(chargeId))
    model.reserved.set(chargeId, { content: contentOf(step), at: now })
  if (status === 'committed') {
    const held = model.reserved.get(chargeId)
    const own = step.verb === 'charge' ? contentOf(step) : undefined
    const content = model.committed.get(chargeId) ?? held?.content ?? own
    if (!content) throw new Error('committed without a reservation')
    model.committed.set(chargeId, content)
  }
  if (status !== 'reserved') model.reserved.delete(chargeId)
  if (status === 'reversed' && model.committed.has(chargeId)) model.reversed.add(chargeId)
}

function apply(
  billing: Billing,
  step: Extract<Step, { verb: 'reserve' | 'charge' | 'commit' | 'release' | 'reverse' }>,
  chargeId: string,
) {
  return step.verb === 'reserve' || step.verb === 'charge'
    ? billing[step.verb](chargeId, contentOf(step))
    : billing[step.verb](chargeId)
}

function check(billing: Billing, model: Model, now: number): void {
  let net = 0n
  for (const msisdn of msisdns) {
    let balance = opening - (model.texts.get(msisdn) ?? 0n)
    let reserved = 0n
    for (const [chargeId, content] of model.committed) {
      if (content.msisdn !== msisdn) continue
      const back = [...model.refunds].reduce(
        (sum, [key, one]) => (key.startsWith(chargeId) ? sum + one : sum),
        model.reversed.has(chargeId) ? content.amount : 0n,
      )
      expect(back <= content.amount).toBe(true)
      balance -= content.amount - back
      net += content.amount - back
    }
    for (const [, { content, at }] of model.reserved)
      if (content.msisdn === msisdn && now - at < reservationMs) reserved += content.amount
    const view = billing.lineView(msisdn)
    expect(view).toMatchObject({ balance: String(balance), reserved: String(reserved) })
    expect(balance - reserved >= 0n).toBe(true)
    const bill = view?.charges ?? []
    const informed = bill.filter(({ kind }) => kind === 'information').map((one) => one.chargeId)
    expect(new Set(informed).size).toBe(informed.length)
  }
  expect(billing.ledgerTotals().get('6021')?.net ?? 0n).toBe(net)
}

test('no verb, repeat, wait or restart makes a balance wrong or charges twice', () => {
  let run = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 30, maxLength: 60, size: 'max' }), (steps) => {
      run += 1
      const journal = join(folder, `${run}.jsonl`)
      let now = start
      const open = () => createBilling({ now: () => now, journal })
      let billing = open()
      for (const msisdn of msisdns)
        billing.openLine({ msisdn, billing: 'prepaid', balance: opening })
      const model: Model = {
        committed: new Map(),
        reserved: new Map(),
        reversed: new Set(),
        refunds: new Map(),
        texts: new Map(),
      }
      for (const one of steps) {
        if (one.verb === 'wait') now += one.ms
        if (one.verb === 'restart') {
          billing.close()
          appendFileSync(journal, one.torn)
          billing = open()
        }
        play(billing, model, one, now)
        check(billing, model, now)
      }
      billing.close()
      rmSync(journal)
    }),
    { numRuns: 150 },
  )
})

const open = () => {
  let now = start
  const billing = createBilling({ now: () => now })
  billing.openLine({ msisdn: '13800138000', billing: 'prepaid', balance: opening })
  return { billing, wait: (ms: number) => (now += ms) }
}
const [chargeId = ''] = chargeIds
const content = contentOf({ line: 0, amount: 30_00n })
const codeOf = (verdict: Verdict<unknown>) => (verdict.ok ? 'ok' : verdict.code)

test('a name that changed between two sendings is no other charge; an amount that changed is', () => {
  const { billing } = open()
  billing.reserve(chargeId, content)
  expect(codeOf(billing.reserve(chargeId, { ...content, merchantName: '星际游戏' }))).toBe('ok')
  expect(codeOf(billing.reserve(chargeId, { ...content, goods: '100' }))).toBe(
    'exists_with_different_content',
  )
})

test.each([
  ['reserved', 'charge_committed', ['reserve', 'commit', 'release']],
  ['released', 'charge_not_found', ['release', 'reverse']],
  ['released', 'reservation_expired', ['release', 'reserve']],
  ['reversed', 'already_reversed', ['reserve', 'reverse', 'commit']],
  ['reversed', 'ok', ['reserve', 'commit', 'reverse', 'release']],
  ['nothing', 'charge_not_found', ['commit']],
  ['charged', 'ok', ['charge', 'charge', 'commit', 'reserve', 'charge']],
  ['charged', 'charge_committed', ['reserve', 'charge', 'release']],
  ['released', 'reservation_expired', ['release', 'charge']],
  ['reversed', 'already_reversed', ['charge', 'reverse', 'charge']],
] as const)('a charge that is %s answers %s after %j', (_state, code, verbs) => {
  const { billing } = open()
  const verdicts = verbs.map((verb) =>
    verb === 'reserve' || verb === 'charge'
      ? billing[verb](chargeId, content)
      : billing[verb](chargeId),
  )
  expect(codeOf(verdicts.at(-1) ?? { ok: false, code: 'refused' })).toBe(code)
})

test('a charge with a refund cannot be reversed, and a closed line gets no refund', () => {
  const { billing } = open()
  billing.reserve(chargeId, content)
  billing.commit(chargeId)
  billing.refund({ chargeId, refundId: 'R1', amount: 1_00n })
  expect(codeOf(billing.reverse(chargeId))).toBe('refunds_exist')
  billing.changeLine({ msisdn: content.msisdn, status: 'closed' })
  expect(codeOf(billing.refund({ chargeId, refundId: 'R2', amount: 1_00n }))).toBe('line_closed')
  expect(codeOf(billing.refund({ chargeId, refundId: 'R1', amount: 1_00n }))).toBe('ok')
})

test('texts cost ten fen each and are printed; the month begins anew', () => {
  const { billing, wait } = open()
  const { msisdn } = content
  expect(billing.chargeCommunication(msisdn)).toEqual({ ok: true, value: 10n })
  expect(billing.chargeCommunication(msisdn, 10n, 2)).toEqual({ ok: true, value: 20n })
  expect(billing.lineView(msisdn)).toMatchObject({ balance: '9970', monthSpent: '30' })
  expect(billing.billPage(msisdn)?.lines.map((one) => one.text)).toEqual([
    '通信费 短信 1条 0.10',
    '通信费 短信 2条 0.20',
  ])
  wait(30 * 86_400_000)
  expect(billing.lineView(msisdn)?.monthSpent).toBe('0')
  billing.changeLine({ msisdn, balance: 5n })
  expect(codeOf(billing.chargeCommunication(msisdn))).toBe('low_credit')
})

test('the month of a bill line is that of the carrier, not of UTC', () => {
  // 1 October 00:00 in Shanghai is still September in UTC.
  let now = Date.UTC(2026, 8, 30, 16) - 1
  const billing = createBilling({ now: () => now })
  billing.openLine({ msisdn: '13800138000', billing: 'postpaid', balance: opening })
  billing.chargeCommunication(content.msisdn)
  expect(billing.lineView(content.msisdn)?.monthSpent).toBe('10')
  now += 1
  expect(billing.lineView(content.msisdn)?.monthSpent).toBe('0')
})

test('a balance cannot be set below what is reserved, and listeners hear what changed', () => {
  const { billing } = open()
  const heard: string[] = []
  const stop = billing.onChange(({ type, msisdn }) => heard.push(`${type} ${msisdn ?? '-'}`))
  billing.reserve(chargeId, content)
  billing.reserve(chargeId, content)
  expect(codeOf(billing.changeLine({ msisdn: content.msisdn, balance: 29_99n }))).toBe(
    'balance_below_reserved',
  )
  billing.commit(chargeId)
  billing.release('CH202609120000000009')
  stop()
  billing.reverse(chargeId)
  expect(heard).toEqual([`reserved ${content.msisdn}`, `committed ${content.msisdn}`, 'released -'])
})
