/** What banks say of an operation, as payments hear it. The operations themselves are played. */
import { describe, expect, test } from 'vitest'
import type { BankRefusal, OperationAnswer, OperationStatus } from '../../bank-cards/index.ts'
import { Secret } from '../../kernel/index.ts'
import type { Payment } from '../../payments/index.ts'
import { createCardFunding } from './card-funding.ts'

const payment = {
  id: '019a0000-0000-7000-8000-000000000005',
  orderNo: '26091212345',
  amount: 10_00n,
  card: { id: 'binding', bank: 'jiangcheng', bankName: { zh: '', en: '' }, last4: '6215' },
} as Payment
const refusal = { code: 'BR-51', reason: 'low_funds', class: 'F', alarm: false } as const

function play(given: {
  answer?: OperationAnswer
  status?: OperationStatus
  refusal?: BankRefusal
  isActive?: boolean
  /** What a debit comes to that is taken back; the answer to everything when not given. */
  takenBack?: OperationAnswer
}) {
  const calls: unknown[] = []
  const answer = given.answer ?? { outcome: 'unknown', detail: 'time-out' }
  const call =
    (name: string) =>
    async (...asked: unknown[]) => {
      calls.push([name, ...asked])
      return name === 'reverse' ? (given.takenBack ?? answer) : answer
    }
  const pins = new Map([[payment.id, new Secret('111222')]])
  const funding = createCardFunding({
    operations: {
      ...{ debit: call('debit'), refund: call('refund'), reverse: call('reverse') },
      statusOf: async () => given.status ?? 'not_found',
      refusalOf: async () => given.refusal,
    },
    keepsPin: () => true,
    cardOf: async () => ({ token: 'token', isActive: given.isActive ?? true }),
    pins: {
      read: async (id) => pins.get(id),
      forget: async (id) => void pins.delete(id),
    },
  })(payment)
  return { funding, calls, pins }
}
const charge = (funding: ReturnType<typeof play>['funding']) => funding.charge({} as never)

describe('charge', () => {
  test.each([
    [
      { outcome: 'done', trace: { retrievalReference: 'R1' } },
      { outcome: 'done', value: 'committed', carrierRef: 'R1' },
    ],
    [
      { outcome: 'refused', refusal },
      { outcome: 'refused', reason: 'card_low_funds' },
    ],
    [
      { outcome: 'unknown', detail: 'time-out' },
      { outcome: 'unknown', detail: 'time-out' },
    ],
    [{ outcome: 'reversed' }, { outcome: 'refused', reason: 'bank_away' }],
    [
      { outcome: 'unsent', detail: 'closed' },
      { outcome: 'refused', reason: 'bank_away' },
    ],
  ] as const)('%j is heard as %j', async (answer, heard) => {
    expect(await charge(play({ answer }).funding)).toEqual(heard)
  })

  test('the operation bears the id of the payment; the PIN goes with it once and is forgotten', async () => {
    const { funding, calls, pins } = play({})
    await charge(funding)
    await charge(funding)
    const order = { id: payment.id, bank: 'jiangcheng', cardToken: 'token', amount: 10_00n }
    const { orderNo } = payment
    expect(calls).toEqual([
      ['debit', { ...order, orderNo, pin: new Secret('111222') }],
      ['debit', { ...order, orderNo }],
    ])
    expect(pins.size).toBe(0)
  })

  test('a card that is bound no more is not asked for', async () => {
    const { funding, calls } = play({ isActive: false })
    expect(await charge(funding)).toEqual({ outcome: 'refused', reason: 'card_needs_rebinding' })
    expect(calls).toEqual([])
  })

  test('what was begun before the card was bound no more is asked about: it may have been taken', async () => {
    const done = { outcome: 'done', trace: { retrievalReference: 'R1' } } as const
    const { funding, calls } = play({ isActive: false, status: 'done', answer: done })
    expect(await charge(funding)).toMatchObject({ outcome: 'done', value: 'committed' })
    expect(calls).toMatchObject([['debit', { id: payment.id }]])
  })

  test('what did not leave is ended before it is refused, and not refused while nobody knows', async () => {
    const heard = async (takenBack: OperationAnswer, status: OperationStatus) => {
      const answer = { outcome: 'unsent', detail: 'closed' } as const
      const { funding, calls } = play({ answer, takenBack, status })
      const { outcome } = await charge(funding)
      expect(calls.at(-1)).toEqual(['reverse', payment.id])
      return outcome
    }
    const nothing = { outcome: 'unsent', detail: 'not_found' } as const
    expect(await heard({ outcome: 'reversed' }, 'reversed')).toBe('refused')
    expect(await heard(nothing, 'not_found')).toBe('refused')
    expect(await heard(nothing, 'begun')).toBe('unknown')
    expect(await heard({ outcome: 'unknown', detail: 'time-out' }, 'reversing')).toBe('unknown')
  })
})

test.each([
  ['not_found', { outcome: 'done', value: 'not_found' }],
  ['begun', { outcome: 'unknown', detail: 'the operation is begun' }],
  ['done', { outcome: 'done', value: 'committed' }],
  ['refused', { outcome: 'done', value: 'released' }],
  ['reversing', { outcome: 'unknown', detail: 'the operation is reversing' }],
  ['reversed', { outcome: 'done', value: 'reversed' }],
  ['unknown', { outcome: 'unknown', detail: 'the operation is unknown' }],
] as const)('an operation that is %s answers the question with %j', async (status, heard) => {
  expect(await play({ status }).funding.query('')).toEqual(heard)
})

test('what the bank refused while nobody was there to hear it is told with its reason', async () => {
  const { funding } = play({ status: 'refused', refusal })
  expect(await funding.query('')).toMatchObject({ value: 'released', reason: 'card_low_funds' })
  const { funding: asked } = play({
    ...{ answer: { outcome: 'unsent', detail: 'closed' }, status: 'refused' },
    takenBack: { outcome: 'refused', refusal },
  })
  expect(await charge(asked)).toEqual({ outcome: 'refused', reason: 'card_low_funds' })
})

test('taking back: proven by the bank, or by nothing having been asked of it', async () => {
  const reverse = (given: Parameters<typeof play>[0]) => play(given).funding.reverse('')
  const status = 'reversing'
  const undone = { outcome: 'done', value: 'reversed' }
  expect(await reverse({ status, answer: { outcome: 'reversed' } })).toEqual(undone)
  expect(await reverse({ status, answer: { outcome: 'refused', refusal } })).toEqual(undone)
  expect(await reverse({ status })).toEqual({ outcome: 'unknown', detail: 'unknown' })
  expect(await reverse({})).toEqual({ outcome: 'done', value: 'not_found' })
})

test('a refund is an operation of its own, and only a yes returns the money', async () => {
  const refund = (answer: OperationAnswer) => {
    const played = play({ answer })
    const asked = played.funding.refund({ chargeId: '', refundId: 'r1', amount: 4_00n })
    return asked.then((heard) => [heard.outcome, played.calls])
  }
  const call = [['refund', { id: 'r1', debitId: payment.id, amount: 4_00n }]]
  expect(await refund({ outcome: 'done', trace: {} })).toEqual(['done', call])
  expect(await refund({ outcome: 'refused', refusal })).toEqual(['refused', call])
  expect(await refund({ outcome: 'unknown', detail: '' })).toEqual(['unknown', call])
  expect(await refund({ outcome: 'unsent', detail: '' })).toEqual(['unknown', call])
})
