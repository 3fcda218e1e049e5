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
  settleLate,
  settleOrder,
  settleReversal,
} from './settle.ts'

const longestMs = 60_000
const exchange: Exchange = { stan: 1, transmittedAt: '0912120000', acquirer: '1', forwarder: '2' }
const begun = (kind: OperationKind): Operation => ({
  ...{ bucket: 0, id: 'o', kind, bank: 'b', cardToken: 'c', amount: 500n, orderNo: 'O' },
  ...{ debitId: null, sealedPin: 'sealed', state: 'begun', detail: null, refusal: null },
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
  | { readonly kind: 'lose' | 'take_back' | 'late_yes' | 'late_no' | 'absent' }
  | { readonly kind: 'filed'; readonly state: 'done' | 'accepted' | 'refused' }
const events: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('go' as const),
      answer: answers,
      who: fc.constantFrom('caller' as const, 'at_it' as const),
    }),
  },
  fc.record({
    kind: fc.constantFrom(
      'lose' as const,
      'take_back' as const,
      'late_yes' as const,
      'late_no' as const,
      'absent' as const,
    ),
  }),
  fc.record({
    kind: fc.constant('filed' as const),
    state: fc.constantFrom('done' as const, 'accepted' as const, 'refused' as const),
  }),
)

/** The rows of one operation, as `drive.ts` and `save.ts` keep them. */
function book(kind: OperationKind) {
  let operation = begun(kind)
  const sent: SentExchange[] = []
  let now = 0
  const apply = (at: number, settlement: Settlement | undefined) => {
    const one = sent[at]
    if (!settlement || !one) return
    checkMove(operation, settlement.operation.state)
    operation = { ...operation, ...settlement.operation }
    sent[at] = { ...one, ...settlement.sent }
  }
  const settle = (at: number, answer: SendAnswer) => {
    const one = sent[at] as SentExchange
    const situation = { operation, sent: one, now }
    if (one.kind !== 'reversal') return apply(at, settleOrder(situation, answer))
    const usable = answer.outcome === 'partial' || answer.outcome === 'accepted'
    if (!usable) apply(at, settleReversal(situation, answer, { reversals: 1, purchasedAt: 0 }))
  }
  function go({ answer, who }: Extract<Event, { kind: 'go' }>, isLost: boolean) {
    now += 1_000
    const next = plan({ operation, sent, now, longestMs, who, dayIsOver: false })
    if (next.kind === 'give_up')
      return settle(sent.indexOf(next.sent), { outcome: 'unknown', detail: 'lost', alarm: false })
    if (next.kind !== 'send') return
    const at = next.again ? sent.indexOf(next.again) : sent.length
    const fresh = {
      bucket: 0,
      operationId: 'o',
      no: at + 1,
      kind: next.verb,
      bank: 'b',
      exchange,
      amount: 500n,
    }
    sent[at] = {
      ...(next.again ?? { ...fresh, code: null, settledOn: null, sends: 0, begunAt: now }),
      ...{ state: 'begun', sends: (next.again?.sends ?? 0) + 1, sentAt: now },
    }
    if (!isLost) settle(at, answer)
  }
  function happen(event: Event) {
    const at = sent.length - 1
    const one = sent[at]
    switch (event.kind) {
      case 'go':
        return go(event, false)
      case 'lose':
        go({ kind: 'go', who: 'caller', answer: { outcome: 'unsent', detail: '' } }, true)
        now += longestMs
        return
      case 'take_back':
        if (kind === 'debit' && (operation.state === 'done' || operation.state === 'unknown'))
          operation = { ...operation, state: 'reversing', refusal: null }
        return
      default: {
        if (!one) return
        const situation = { operation, sent: one, now }
        if (event.kind === 'absent') return apply(at, settleByAbsence(situation))
        if (event.kind === 'filed') {
          const row = { kind: one.kind, amount: 500n, state: event.state }
          return apply(at, settleByFile(situation, { row, isReversed: false }))
        }
        const meaning = event.kind === 'late_yes' ? 'approved' : 'refused'
        apply(at, settleLate(situation, { meaning, code: 'BR-05', trace: {} }))
      }
    }
  }
  return { happen, sent, state: () => operation.state, operation: () => operation }
}

test.each<OperationKind>(['debit', 'credit', 'refund'])(
  'any story of a %s keeps to the table and sends no second message while one may have been done',
  (kind) => {
    const seen = new Set<OperationState>()
    fc.assert(
      fc.property(fc.array(events, { maxLength: 14 }), (story) => {
        const { happen, sent, state, operation } = book(kind)
        for (const event of story) {
          const before = state()
          happen(event)
          seen.add(state())
          if (before !== state()) expect(moves[kind][before]).toContain(state())
          const standing = sent.filter(
            (one) => one.kind !== 'reversal' && one.state !== 'refused' && one.state !== 'unsent',
          )
          expect(standing.length).toBeLessThanOrEqual(1)
          if (kind !== 'debit') expect(sent.some((one) => one.kind === 'reversal')).toBe(false)
          if (state() === 'refused') expect(operation().refusal).not.toBeNull()
          if (!['begun', 'reversing'].includes(state())) expect(operation().sealedPin).toBeNull()
        }
      }),
      { numRuns: 400 },
    )
    const all: OperationState[] = ['begun', 'done', 'refused', 'unknown']
    expect([...seen]).toEqual(expect.arrayContaining(all))
  },
)

describe('the table', () => {
  test('a credit and a refund are never reversed', () => {
    for (const kind of ['credit', 'refund'] as const)
      expect(Object.values(moves[kind]).flat()).not.toContain('reversing')
    expect(() => checkMove(begun('credit'), 'reversing')).toThrow('from begun to reversing')
  })

  test('a partial approval is reversed at once by who is at it', () => {
    const sent = { ...({} as SentExchange), kind: 'purchase', state: 'begun' } as const
    const situation = { operation: begun('debit'), sent, now: 0 }
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
    const sent = { ...({} as SentExchange), kind: 'reversal', state: 'begun', sends: 1 } as const
    const answer = { outcome: 'unknown', detail: 'code_25', code: 'BR-25', alarm: false } as const
    const at = (now: number) =>
      settleReversal({ operation, sent, now }, answer, { reversals: 1, purchasedAt: 0 }).operation
    expect(at(599_999).state).toBeUndefined()
    expect(at(600_000).state).toBe('reversed')
  })
})
