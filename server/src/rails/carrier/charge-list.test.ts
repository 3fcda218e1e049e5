/** Lists of charges against the billing system's simulator: every charge has an outcome of its own. */
import { type CarrierFault, createBoss } from '@telepurse/simulators'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { Secret } from '../../kernel/index.ts'
import type { CarrierAnswer, Charge } from '../../payments/index.ts'
import { readListAnswer } from './answer.ts'
import { createHttpCarrier, type HttpCarrierOptions } from './http-carrier.ts'
import { chargeVerb } from './verbs.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const charges: readonly Charge[] = ['1', '2', '3', '4', '5'].map((n) => ({
  chargeId: `CH20260912000000000${n}`,
  msisdn: '+8613800138000',
  amount: 10_00n,
  merchantId: '6021',
  merchantName: 'Star Games',
  goods: '100',
  description: '100 gems',
}))

async function setUp(more: Partial<HttpCarrierOptions> = {}, random = () => 0.9) {
  const boss = createBoss({
    now: () => 0,
    token: 'boss-token',
    random,
    lines: [{ msisdn: '13800138000', billing: 'prepaid', balance: 1_000_00n }],
  })
  const { url: baseUrl } = await boss.listen()
  const token = new Secret('boss-token')
  closers.push(boss.close)
  const open = (timeoutMs = 20_000) => {
    const carrier = createHttpCarrier({ baseUrl, token, timeoutMs, now: () => 0, ...more })
    closers.unshift(carrier.close)
    return carrier
  }
  const carrier = open()
  return { boss, open, carrier, all: (by = carrier) => Promise.all(charges.map(by.charge)) }
}

const charged = expect.objectContaining({ outcome: 'done', value: 'committed' })
const unknown = (detail: string) => ({ outcome: 'unknown', detail })
const times = <Value>(count: number, value: Value) => new Array<Value>(count).fill(value)

test.each([0, 1, 3, 100])(
  'charges of one moment are all charged, %i in a list',
  async (listMax) => {
    const { boss, carrier, all } = await setUp({ listMax })
    expect(await all()).toEqual(times(5, charged))
    expect(await all()).toEqual(times(5, charged))
    expect(boss.ledgerTotals().get('6021')?.net).toBe(50_00n)
    expect(boss.lineView('+8613800138000')).toMatchObject({ reserved: '0', balance: '95000' })
    expect(carrier.health()).toMatchObject({ up: true, unanswered: 0 })
  },
)

test('what is sent again goes alone: the one that spoils a list spoils no other charge', async () => {
  const { boss, carrier } = await setUp()
  await boss.addFault({ kind: 'drops_link', verb: 'charge', count: 1 })
  const again = charges.map((charge) => carrier.charge({ ...charge, isRepeated: true }))
  const outcomes = (await Promise.all(again)).map(({ outcome }) => outcome)
  expect(outcomes.toSorted()).toEqual([...times(4, 'done'), 'unknown'])
})

/** What becomes of five charges when the second one is struck, and how many were done. */
const strikes: readonly [CarrierFault['kind'], CarrierAnswer<unknown>['outcome'][], number][] = [
  ['lost_request', ['done', 'unknown', 'done', 'done', 'done'], 4],
  ['lost_answer', ['done', 'unknown', 'done', 'done', 'done'], 5],
  ['answers_twice', ['done', 'unknown', 'done', 'done', 'done'], 5],
  ['garbled_answer', ['done', 'unknown', 'done', 'done', 'done'], 5],
  ['foreign_answer', ['done', 'unknown', 'done', 'done', 'done'], 5],
  ['refuse', ['done', 'refused', 'done', 'done', 'done'], 4],
  ['answers_late', times(5, 'unknown'), 5],
  ['works_late', times(5, 'unknown'), 4],
  ['commits_and_drops_link', times(5, 'unknown'), 2],
  ['drops_link', times(5, 'unknown'), 1],
  ['http_500', times(5, 'unknown'), 1],
  ['http_500_after', times(5, 'unknown'), 2],
]
test.each(strikes)(
  'a list whose second charge is struck by %s: %j',
  async (kind, outcomes, made) => {
    const dice = [0.9, 0.1, 0.9, 0.9, 0.9]
    const { boss, open, carrier, all } = await setUp({}, () => dice.shift() ?? 0.9)
    // Only what is late needs an end to patience, which must not run out while connecting.
    const asking = kind.endsWith('_late') ? open(2_000) : carrier
    await asking.query('CH202609120000000009')
    await boss.addFault({ kind, verb: 'charge', percent: 50, lateMs: 60_000 })
    const answers = await all(asking)
    expect(answers.map(({ outcome }) => outcome)).toEqual(outcomes)
    expect(boss.charges()).toHaveLength(made)
    // Told or not, done or not: the same charges again come to the same end, and nothing is doubled.
    await boss.clearFaults()
    expect(await all()).toEqual(times(5, charged))
    expect(boss.ledgerTotals().get('6021')?.net).toBe(50_00n)
    expect(carrier.health()).toMatchObject({ up: true })
  },
)

test('a carrier that is away leaves a whole list unsent, and one call without an answer', async () => {
  const { boss, carrier, all } = await setUp()
  await boss.addFault({ kind: 'away' })
  expect(await all()).toEqual(times(5, { outcome: 'unsent', detail: expect.any(String) }))
  expect(carrier.health()).toMatchObject({ unanswered: 1 })
  await boss.clearFaults()
  expect(await all()).toEqual(times(5, charged))
  await carrier.close()
  expect(await all()).toEqual(times(5, { outcome: 'unsent', detail: 'closed' }))
})

test('a charge is refused for its own reason, in a list and alone', async () => {
  const { carrier } = await setUp()
  const [first, second, third] = charges
  if (!first || !second || !third) throw new Error('charges are missing')
  const answers = await Promise.all([
    carrier.charge(first),
    carrier.charge({ ...second, amount: 990_01n }),
    carrier.charge({ ...third, msisdn: '+8613600136000' }),
    carrier.charge({ ...first, amount: 1n }),
  ])
  expect(answers).toEqual([
    charged,
    { outcome: 'refused', reason: 'low_credit' },
    { outcome: 'refused', reason: 'unknown_number' },
    { outcome: 'refused', reason: 'refused_by_carrier' },
  ])
})

test('what was reserved is charged, what was given up is not', async () => {
  const { carrier } = await setUp()
  const [first, second] = charges
  if (!first || !second) throw new Error('charges are missing')
  await carrier.reserve(first)
  await carrier.release(second.chargeId)
  expect(await Promise.all([carrier.charge(first), carrier.charge(second)])).toEqual([
    charged,
    { outcome: 'refused', reason: 'reservation_expired' },
  ])
})

const requestId = '5'
const verbs = charges.map(chargeVerb)
const raw = (body: unknown, status = 200) => ({
  status,
  contentType: 'application/json',
  requestId,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})
const stateOf = ({ chargeId, msisdn, amount }: Charge) => ({
  ...{ chargeId, status: 'committed', carrierRef: 'B1', msisdn },
  ...{ amount: amount.toString(), refunded: '0' },
})
const [state, ...states] = charges.map(stateOf)

test.each<[string, unknown, string]>([
  ['no list', { charges: 'none' }, 'answer_without_sense'],
  ['a page', '<html>', 'not_json'],
  ['an empty list', { charges: [] }, 'missing_in_list'],
  ['another id', { charges: [{ ...state, chargeId: 'CH202609129999999999' }] }, 'missing_in_list'],
  ['the same twice', { charges: [state, ...states, state] }, 'twice_in_list'],
  ['another amount', { charges: [{ ...state, amount: '999' }] }, 'answer_with_other_content'],
  ['another number', { charges: [{ ...state, msisdn: '+8613' }] }, 'answer_with_other_content'],
  ['a reservation', { charges: [{ ...state, status: 'reserved' }] }, 'answer_without_sense'],
  ['yes and no', { charges: [{ ...state, code: 'low_credit' }] }, 'answer_without_sense'],
  ['neither', { charges: [{ ...state, status: undefined }] }, 'answer_without_sense'],
  ['a new word', { charges: [{ ...state, status: undefined, code: 'odd' }] }, 'error_odd'],
])('%s in a list leaves the charge unknown', (_name, body, detail) => {
  const [answer] = readListAnswer(raw(body), requestId, verbs)
  expect(answer).toEqual(unknown(detail))
})

test.each([400, 404, 413, 422, 500, 503])('%i to a list settles nothing', (status) => {
  const body = { code: 'low_credit', charges: [state, ...states] }
  expect(readListAnswer(raw(body, status), requestId, verbs)).toEqual(
    times(5, unknown(`http_${status}`)),
  )
  expect(readListAnswer(raw(body), 'another', verbs)).toEqual(
    times(5, unknown('answer_to_another_request')),
  )
})

test('each charge has the answer that names it, whatever stands around it', () => {
  const entry = fc.constantFrom('charged', 'refused', 'missing', 'twice')
  const noise = fc.array(fc.jsonValue(), { maxLength: 3 })
  const finalOf = new Map<string, string>([
    ['charged', 'done'],
    ['refused', 'refused'],
  ])
  const answersTo = fc.tuple(...charges.map(() => entry))
  fc.assert(
    fc.property(answersTo, noise, fc.infiniteStream(fc.nat()), (kinds, junk, order) => {
      const entries = charges.flatMap((charge, index): unknown[] => {
        const { chargeId } = charge
        if (kinds[index] === 'missing') return []
        if (kinds[index] === 'refused') return [{ code: 'low_credit', chargeId }]
        return times(kinds[index] === 'twice' ? 2 : 1, stateOf(charge))
      })
      const shuffled = [...entries, ...junk]
        .map((one) => ({ one, at: order.next().value }))
        .sort((a, b) => a.at - b.at)
        .map(({ one }) => one)
      const outcomes = readListAnswer(raw({ charges: shuffled }), requestId, verbs)
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(
        kinds.map((kind) => finalOf.get(kind) ?? 'unknown'),
      )
    }),
  )
})

test('whatever the bytes are, reading a list gives an answer for each charge, and none is final', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map(Buffer.from),
    fc.array(fc.jsonValue()).map((list) => Buffer.from(JSON.stringify({ charges: list }))),
  )
  fc.assert(
    fc.property(bytes, (body) => {
      const answers = readListAnswer({ ...raw(''), body }, requestId, verbs)
      expect(answers.map(({ outcome }) => outcome)).toEqual(times(5, 'unknown'))
    }),
    { numRuns: 1_000 },
  )
})

test('a list with any one byte changed makes no final answer of another kind', () => {
  const text = Buffer.from(JSON.stringify({ charges: [state, ...states] }))
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
      const body = Uint8Array.from(text, (byte, index) => (index === at ? byte ^ mask : byte))
      for (const answer of readListAnswer({ ...raw(''), body }, requestId, verbs)) {
        expect(answer.outcome).not.toBe('refused')
        if (answer.outcome === 'done') expect(answer.value).toBe('committed')
      }
    }),
    { numRuns: 1_000 },
  )
})
