/** One payment, many callers at the same instant, two processes: one effect, and everybody hears of it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { read } from '../../server/src/channels/sms/index.ts'
import type { Database } from '../../server/src/db/index.ts'
import { bucketOf } from '../../server/src/kernel/index.ts'
import type { Command } from '../../server/src/payments/command.ts'
import type { Order, Payment } from '../../server/src/payments/index.ts'
import { offencesIn } from '../books.ts'
import { engines } from '../database.ts'
import { newId } from '../lane.ts'
import { spoiled, withoutWalls } from './broken.ts'
import { startTwoProcesses, type TwoProcesses } from './two-processes.ts'

const callers = 16
const trials = Number(process.env.TELEPURSE_RUNS ?? 8)
const each = <Value>(count: number, run: (n: number) => Promise<Value>) =>
  Promise.all(Array.from({ length: count }, (_, n) => run(n)))

describe.runIf(engines.includes('postgres'))('at the same time', () => {
  let two: TwoProcesses
  beforeAll(async () => {
    two = await startTwoProcesses({ intervalMs: 0 })
  })
  afterAll(async () => {
    expect(await offencesIn(two.db)).toEqual([])
    await two.close()
  })

  const orderOf = (msisdn: string, given: Partial<Order> = {}): Order => ({
    msisdn,
    merchantId: '6022',
    what: { amount: 30_00n },
    channel: 'api',
    consent: 'token',
    flow: 'charge',
    ...given,
  })

  /** A payment of 30.00 that was charged; `more` of the same number besides. */
  async function charged(more = 0): Promise<Payment> {
    const msisdn = await two.newNumber()
    const made: Payment[] = []
    for (let n = 0; n <= more; n += 1) {
      const placed = await two.left.payments.order(orderOf(msisdn))
      if (!placed.ok) throw new Error(placed.refusal)
      made.push(placed.value.payment)
    }
    await two.settle()
    return made[0] as Payment
  }

  test('64 equal orders under one key are one payment, and all hear of the same', async () => {
    for (let trial = 0; trial < trials; trial += 1) {
      const keys = [{ scope: 'race', key: `equal-${trial}`, contentHash: 'same' }]
      const order = orderOf(await two.newNumber(), { keys })
      const answers = await each(64, (n) => two.process(n).payments.order(order))
      const placed = answers.flatMap((answer) => (answer.ok ? [answer.value] : []))
      expect(placed).toHaveLength(64)
      expect(new Set(placed.map(({ payment }) => payment.id)).size).toBe(1)
      expect(placed.filter(({ replayed }) => !replayed)).toHaveLength(1)
      const filter = { msisdn: order.msisdn, order: 'asc', offset: 0, limit: 10 } as const
      expect((await two.left.payments.list(filter)).total).toBe(1)
    }
  }, 120_000)

  test('two contents under one key: one of them is done, the other is refused everywhere', async () => {
    for (let trial = 0; trial < trials; trial += 1) {
      const msisdn = await two.newNumber()
      const answers = await each(32, async (n) => {
        const content = n % 4 < 2 ? 'a' : 'b'
        const keys = [{ scope: 'race', key: `other-${trial}`, contentHash: content }]
        const what = { amount: content === 'a' ? 10_00n : 20_00n }
        const answer = await two.process(n).payments.order(orderOf(msisdn, { keys, what }))
        return { content, said: answer.ok ? 'placed' : answer.refusal }
      })
      const winners = new Set(answers.flatMap((one) => (one.said === 'placed' ? one.content : [])))
      expect(winners.size).toBe(1)
      for (const { content, said } of answers)
        expect(said).toBe(winners.has(content) ? 'placed' : 'exists_with_different_content')
    }
  }, 120_000)

  /** Sixteen callers want 4.00 each of 30.00; answers how many were promised it. */
  async function refundRace(
    { id: paymentId, msisdn }: Payment,
    spoil?: (db: Database) => Database,
  ): Promise<number> {
    const answers = await each(callers, async (n) => {
      const order = { paymentId, msisdn, refundId: newId(msisdn), amount: 4_00n, reason: 'race' }
      const [answer] = await two
        .lane(n, spoil)
        .together([{ kind: 'refund', msisdn, paymentId, order }])
      if (answer === undefined || answer === 'failed' || answer.kind !== 'refund') return 'failed'
      return answer.result.ok ? 'accepted' : answer.result.refusal
    })
    const accepted = answers.filter((answer) => answer === 'accepted').length
    if (!spoil)
      expect(answers.filter((answer) => answer !== 'accepted')).toEqual(
        Array.from({ length: callers - accepted }, () => 'over_paid_amount'),
      )
    return accepted
  }

  test('refunds at once never give back more than was paid', async () => {
    for (let trial = 0; trial < trials; trial += 1)
      expect(await refundRace(await charged())).toBe(7)
    await two.settle()
  }, 120_000)

  test('without its walls more would be given back: the race above is one', async () => {
    const sound = two
    const limits = { dayLimit: 1_000_000_00n, monthLimit: 1_000_000_00n }
    two = await startTwoProcesses({ intervalMs: 0, ...limits })
    try {
      // More sales of the number, so that the merchant's account has more to give than this one.
      const sales: Payment[] = []
      for (let n = 0; n < 5; n += 1) sales.push(await charged(3))
      const promised: number[] = []
      for (const sale of sales)
        promised.push(await refundRace(sale, (db) => spoiled(db, withoutWalls)))
      expect(Math.max(...promised)).toBeGreaterThan(7)
    } finally {
      await two.close()
      two = sound
    }
  }, 120_000)

  test('one refund key is one refund, however many ask', async () => {
    const { id: paymentId, msisdn } = await charged()
    const keys = [{ scope: 'race', key: 'refund', contentHash: 'same' }]
    const refund = { paymentId, msisdn, amount: 3_00n, reason: 'race', keys }
    const answers = await each(32, (n) => two.process(n).payments.refund(refund))
    expect(new Set(answers.map((answer) => answer.ok && answer.value.id)).size).toBe(1)
    await two.settle()
    expect(await two.left.payments.get(paymentId)).toMatchObject({ refunded: 3_00n, refunding: 0n })
  })

  test('yes, yes again, no, cancel and the deadline: one of them wins, the others see it', async () => {
    const ends = new Set<string>()
    for (let trial = 0; trial < trials * 2; trial += 1) {
      const msisdn = await two.newNumber()
      const placed = await two.left.payments.order(
        orderOf(msisdn, { consent: 'reply', channel: 'web' }),
      )
      if (!placed.ok) throw new Error(placed.refusal)
      const { id: paymentId, sender, deadlineAt } = placed.value.payment
      two.clock.set(deadlineAt + 1)
      const say = (words: string, messageId: string): Command => {
        const message = { from: msisdn, to: sender ?? '', receivedAt: deadlineAt, gateway: 'race' }
        const own = { messageId, paymentId: newId(msisdn), bucket: bucketOf(msisdn) }
        return { kind: 'text', msisdn, text: { ...message, ...own, reading: read(words) } }
      }
      const acts: ((n: number) => Command)[] = [
        (n) => say('Y', `${trial}-${n}`),
        () => ({ kind: 'expire', msisdn, paymentId }),
        (n) => say('N', `${trial}-${n}`),
        () => ({ kind: 'cancel', msisdn, paymentId }),
      ]
      const turned = [...acts.slice(trial % 4), ...acts.slice(0, trial % 4)]
      await each(callers, (n) => two.lane(n).together([turned[n % 4]?.(n) ?? say('Y', 'more')]))
      const payment = await two.left.payments.get(paymentId)
      ends.add(payment?.state ?? '')
      expect(['charging', 'expired', 'cancelled']).toContain(payment?.state)
      const charges = payment?.state === 'charging' ? 1 : 0
      expect(payment?.confirmedAt === null ? 0 : 1).toBe(charges)
      await two.settle()
      expect(two.carrier.charges.has(payment?.chargeId ?? '')).toBe(charges === 1)
    }
    expect(ends.size).toBeGreaterThan(1)
  }, 120_000)

  test('the merchant confirms while the reservation runs out: charged, or given back, never both', async () => {
    for (let trial = 0; trial < trials; trial += 1) {
      const msisdn = await two.newNumber()
      const placed = await two.left.payments.order(orderOf(msisdn, { flow: 'reserve' }))
      if (!placed.ok) throw new Error(placed.refusal)
      const { id: paymentId } = placed.value.payment
      await two.settle()
      const reserved = await two.left.payments.get(paymentId)
      expect(reserved?.state).toBe('reserved')
      two.clock.set((reserved?.deadlineAt ?? 0) + (trial % 2))
      await each<unknown>(callers, (n) =>
        n % 3 === 0
          ? two.process(n).payments.confirm({ paymentId, msisdn })
          : n % 3 === 1
            ? two.process(n).payments.cancel({ paymentId, msisdn })
            : two.lane(n).together([{ kind: 'expire', msisdn, paymentId }]),
      )
      await two.settle()
      const payment = await two.left.payments.get(paymentId)
      const charge = two.carrier.charges.get(payment?.chargeId ?? '')
      expect([payment?.state, charge?.state]).toEqual(
        payment?.businessDate === null
          ? [expect.stringMatching(/^(cancelled|expired)$/), 'released']
          : ['delivering', 'committed'],
      )
    }
  }, 120_000)

  test('what the carrier said arrives many times from both: it counts once', async () => {
    for (let trial = 0; trial < trials; trial += 1) {
      const msisdn = await two.newNumber()
      const placed = await two.left.payments.order(orderOf(msisdn))
      if (!placed.ok) throw new Error(placed.refusal)
      const { id: paymentId } = placed.value.payment
      const outcomes = [
        { kind: 'committed', carrierRef: 'B1' },
        { kind: 'unknown', detail: 'time-out' },
      ] as const
      await each(callers, (n) => {
        const outcome = outcomes[n % 2] ?? outcomes[0]
        const command = {
          kind: 'carrier_answered',
          msisdn,
          paymentId,
          outcome,
          attempt: 1,
        } as const
        return two.lane(n).together([command])
      })
      const [events] = await two.db.query<{ charged: bigint }>(
        `select count(*) as charged from payment_event where payment_id = $1 and type = 'charged'`,
        [paymentId],
      )
      expect(events?.charged).toBe(1n)
    }
    // These never went to the carrier, so the comparison of totals below must not count them.
    expect(await offencesIn(two.db)).toEqual([])
  }, 120_000)
})
