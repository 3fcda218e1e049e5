/** What answers make of operations: any answers, in any order, keep to the table and to the rules of money. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BankRefusal, Exchange } from '../bank.ts'
import { settleByAbsence, settleByFile } from './by-file.ts'
import { moves, type OperationKind, type OperationState } from './operation.ts'
import { plan } from './plan.ts'
import type { Operation, SentExchange } from './record.ts'
import {
  checkMove,
  reversalDelay,
  type SendAnswer,
  type Settlement,
  type Situation,
  settleOrder,
  settleReversal,
  situationOf,
} from './settle.ts'
import { settleLate } from './settle-late.ts'
import { purchaseToUndo } from './standing.ts'

const longestMs = 60_000
const exchange: Exchange = { stan: 1, transmittedAt: '0912120000', acquirer: '1', forwarder: '2' }
const begun = (kind: OperationKind): Operation => ({
  ...{ bucket: 0, id: 'o', kind, bank: 'b', cardToken: 'c', amount: 500n, orderNo: 'O' },
  ...{
    debitId: null,
    sealedPin: 'sealed',
    sealedPayee: null,
    state: 'begun',
    detail: null,
    refusal: null,
  },
  ...{ trace: null, retries: 0, refunded: 0n, createdAt: 0 },
})
const refusal = (rest: Partial<BankRefusal>): BankRefusal => ({
  ...{ code: 'BR-05', reason: 'declined', class: 'F', alarm: false },
  ...rest,
})

const refusals = fc
  .constantFrom<Partial<BankRefusal>>(
    ...[{}, { code: 'BR-22' }, { class: 'R' as const, after: 'now' as const }],
    ...[{ class: 'S' as const, after: 'repair' as const }],
    ...[{ class: 'R' as const, after: 'cut_over' as const }],
    ...[{ class: 'R' as const, after: 'reversal' as const }],
  )
  .map((rest): SendAnswer => ({ outcome: 'refused', refusal: refusal(rest) }))
const answers = fc.oneof<fc.Arbitrary<SendAnswer>[]>(
  fc.constant({ outcome: 'done', value: {} }),
  fc.constant({ outcome: 'unsent', detail: 'closed' }),
  fc.constantFrom<SendAnswer>(
    { outcome: 'unknown', detail: 'silence', alarm: false },
    { outcome: 'unknown', detail: 'code', code: 'BR-25', alarm: false },
    { outcome: 'unknown', detail: 'code', code: 'BR-96', alarm: true },
  ),
  refusals,
)
type Event =
  | { readonly kind: 'go'; readonly answer: SendAnswer; readonly who: 'caller' | 'at_it' }
  | { readonly kind: 'lose' | 'take_back' | 'pass' }
  /** Of any message that was sent: the `of`-th, counted round. */
  | { readonly kind: 'late_yes' | 'late_no' | 'absent'; readonly of: number }
  | { readonly kind: 'filed'; readonly of: number; readonly state: 'done' | 'accepted' | 'refused' }
const events: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('go' as const),
      answer: answers,
      who: fc.constantFrom('caller' as const, 'at_it' as const),
    }),
  },
  fc.record({ kind: fc.constantFrom('lose' as const, 'take_back' as const, 'pass' as const) }),
  fc.record({
    kind: fc.constantFrom('late_yes' as const, 'late_no' as const, 'absent' as const),
    of: fc.nat(5),
  }),
  fc.record({
    kind: fc.constant('filed' as const),
    of: fc.nat(5),
    state: fc.constantFrom('done' as const, 'accepted' as const, 'refused' as const),
  }),
)

/** The rows of one operation, as `drive.ts` and `save.ts` keep them. */
function book(kind: OperationKind) {
  let operation = begun(kind)
  const sent: SentExchange[] = []
  const absent = new Set<number>()
  const alarms: string[] = []
  let isTakenBack = false
  let now = 0
  const apply = (at: number, settlement: Settlement | undefined) => {
    const one = sent[at]
    if (!settlement || !one) return
    checkMove(operation, settlement.operation.state)
    operation = { ...operation, ...settlement.operation }
    sent[at] = { ...one, ...settlement.sent }
    if (settlement.alarm !== undefined) alarms.push(settlement.alarm)
  }
  const settle = (at: number, answer: SendAnswer) => {
    const one = sent[at] as SentExchange
    const situation = situationOf(operation, one, { all: sent, now })
    if (one.kind !== 'reversal') return apply(at, settleOrder(situation, answer))
    const purchase = sent[(one.reverses ?? 0) - 1]
    const usable = answer.outcome === 'partial' || answer.outcome === 'accepted'
    if (!usable) apply(at, settleReversal(situation, answer, { reversals: 1, purchase }))
  }
  function go({ answer, who }: Extract<Event, { kind: 'go' }>, isLost: boolean) {
    now += 1_000
    const next = plan({ operation, sent, now, longestMs, who, dayIsOver: false })
    if (next.kind === 'give_up')
      return settle(sent.indexOf(next.sent), { outcome: 'unknown', detail: 'lost', alarm: false })
    if (next.kind !== 'send') return
    const at = next.again ? sent.indexOf(next.again) : sent.length
    if (next.verb === 'purchase') {
      expect(isTakenBack).toBe(false)
      expect(openPurchases()).toEqual([])
    }
    const fresh = {
      bucket: 0,
      operationId: 'o',
      no: at + 1,
      kind: next.verb,
      bank: 'b',
      exchange,
      amount: 500n,
      reverses: next.verb === 'reversal' ? (purchaseToUndo(sent)?.no ?? null) : null,
    }
    sent[at] = {
      ...(next.again ?? { ...fresh, code: null, settledOn: null, sends: 0, begunAt: now }),
      ...{ state: 'begun', sends: (next.again?.sends ?? 0) + 1, sentAt: now },
    }
    if (!isLost) settle(at, answer)
  }
  /** Purchases that may have been taken and of which nobody said that they are undone. */
  const openPurchases = () =>
    sent.filter(({ no, kind, state }) => {
      const mayBeTaken = kind === 'purchase' && state !== 'refused' && state !== 'unsent'
      const isUndone = sent.some(
        ({ reverses, state: ended, code }) =>
          reverses === no && (ended === 'approved' || code === 'BR-25'),
      )
      return mayBeTaken && !isUndone && !absent.has(no)
    })
  /** As `takenBack` of `card-operations.ts` does. */
  function takeBack() {
    const { state } = operation
    const isUnderWay = sent.some((one) => one.state === 'begun')
    if (kind !== 'debit' || state === 'refused' || state === 'reversed') return
    isTakenBack = true
    const to = state === 'begun' && !isUnderWay ? 'reversed' : 'reversing'
    checkMove(operation, to)
    operation = { ...operation, state: to, refusal: null, sealedPin: null }
  }
  function happen(event: Event) {
    switch (event.kind) {
      case 'go':
        return go(event, false)
      case 'lose':
        go({ kind: 'go', who: 'caller', answer: { outcome: 'unsent', detail: '' } }, true)
        now += longestMs
        return
      case 'pass':
        now += 600_000
        return
      case 'take_back':
        return takeBack()
      default: {
        const at = event.of % Math.max(1, sent.length)
        const one = sent[at]
        if (!one) return
        const situation = situationOf(operation, one, { all: sent, now })
        if (event.kind === 'absent') {
          if (one.kind === 'reversal' || !['unanswered', 'refused'].includes(one.state)) return
          const settlement = settleByAbsence(situation)
          if (settlement) absent.add(one.no)
          return apply(at, settlement)
        }
        if (event.kind === 'filed') {
          const row = { kind: one.kind, amount: 500n, state: event.state }
          return apply(at, settleByFile(situation, { row, isReversed: false }))
        }
        const meaning = event.kind === 'late_yes' ? 'approved' : 'refused'
        apply(at, settleLate(situation, { meaning, code: 'BR-05', trace: {} }))
      }
    }
  }
  return { happen, sent, openPurchases, alarms, operation: () => operation }
}

test.each<OperationKind>(['debit', 'credit', 'refund'])(
  'any story of a %s keeps to the table and sends no second message while one may have been done',
  (kind) => {
    const seen = new Set<OperationState>()
    fc.assert(
      fc.property(fc.array(events, { maxLength: 14 }), (story) => {
        const { happen, sent, openPurchases, alarms, operation } = book(kind)
        const state = () => operation().state
        for (const event of story) {
          const before = state()
          happen(event)
          seen.add(state())
          if (before !== state()) expect(moves[kind][before]).toContain(state())
          const pushes = sent.filter(
            (one) => kind !== 'debit' && one.state !== 'refused' && one.state !== 'unsent',
          )
          if (pushes.length > 1 || openPurchases().length > 1) expect(alarms).not.toEqual([])
          if (state() === 'reversed') expect(openPurchases()).toEqual([])
          if (state() === 'refused') expect([...pushes, ...openPurchases()]).toEqual([])
          if (kind !== 'debit') expect(sent.some((one) => one.kind === 'reversal')).toBe(false)
          if (state() === 'refused') expect(operation().refusal).not.toBeNull()
          if (!['begun', 'reversing'].includes(state())) expect(operation().sealedPin).toBeNull()
        }
      }),
      { numRuns: 1_000 },
    )
    const all: OperationState[] = ['begun', 'done', 'refused', 'unknown']
    expect([...seen]).toEqual(expect.arrayContaining(all))
  },
)

test('where a bank takes back its no after the next purchase was sent, both are reversed', () => {
  const { happen, sent, alarms, operation } = book('debit')
  const go = (answer: SendAnswer) => happen({ kind: 'go', who: 'at_it', answer })
  const yes = { outcome: 'done', value: {} } as const
  const away = refusal({ code: 'BR-A0', class: 'S', after: 'repair' })
  happen({ kind: 'go', who: 'caller', answer: { outcome: 'refused', refusal: away } })
  go({ outcome: 'unknown', detail: 'silence', alarm: false })
  happen({ kind: 'late_yes', of: 0 })
  expect(alarms).toEqual(['approved_after_refused'])
  go(yes)
  expect(operation().state).toBe('reversing')
  go(yes)
  expect(operation().state).toBe('reversed')
  expect(sent.map(({ kind, reverses }) => [kind, reverses])).toEqual([
    ...[
      ['purchase', null],
      ['purchase', null],
    ],
    ...[
      ['reversal', 1],
      ['reversal', 2],
    ],
  ])
})

test('a debit that was taken back while its no was under way is not bought again', () => {
  const { happen, sent, operation } = book('debit')
  happen({ kind: 'lose' })
  happen({ kind: 'take_back' })
  const away = refusal({ code: 'BR-91', class: 'R', after: 'reversal' })
  const one = { operation: operation(), sent: sent[0] as SentExchange, now: 0, othersStand: false }
  const settlement = settleOrder(one, { outcome: 'refused', refusal: away })
  expect(settlement.operation).toMatchObject({ state: 'reversing', refusal: null })
})

describe('the table', () => {
  test('a credit and a refund are never reversed', () => {
    for (const kind of ['credit', 'refund'] as const)
      expect(Object.values(moves[kind]).flat()).not.toContain('reversing')
    expect(() => checkMove(begun('credit'), 'reversing')).toThrow('from begun to reversing')
  })

  test('a partial approval is reversed at once by who is at it', () => {
    const sent = { ...({} as SentExchange), kind: 'purchase', state: 'begun' } as const
    const situation = { operation: begun('debit'), sent, now: 0, othersStand: false }
    expect(settleOrder(situation, { outcome: 'partial', approved: 1n, value: {} })).toMatchObject({
      ...{ sent: { state: 'partial' }, operation: { state: 'reversing' } },
      next: { who: 'caller', when: 'now' },
    })
  })

  test('reversals are repeated after 5 s, 30 s, 2 min, 10 min, and every hour', () => {
    const seconds = [1, 2, 3, 4, 5, 50].map((attempt) => reversalDelay(attempt) / 1_000)
    expect(seconds).toEqual([5, 30, 120, 600, 3_600, 3_600])
  })

  test('a bank that knows no original is believed once nothing can be under way any more', () => {
    const operation: Operation = { ...begun('debit'), state: 'reversing' }
    const answer = { outcome: 'unknown', detail: 'code_25', code: 'BR-25', alarm: false } as const
    const at = (sentAt: number) => {
      const sent = { ...({} as SentExchange), kind: 'reversal', state: 'begun', sends: 1, sentAt }
      const situation = { operation, sent, now: sentAt, othersStand: false } as Situation
      return settleReversal(situation, answer, { reversals: 1, purchase: { sentAt: 0 } }).operation
    }
    expect(at(599_999).state).toBeUndefined()
    expect(at(600_000).state).toBe('reversed')
  })
})
