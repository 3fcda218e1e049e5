/** A carrier in memory for tests of what stands above the rail: idempotent, and scriptable by verb. */
import type { Msisdn } from '../server/src/kernel/index.ts'
import type { Carrier, CarrierAnswer, Line } from '../server/src/payments/index.ts'

type Verb = 'line' | 'reserve' | 'charge' | 'commit' | 'release' | 'query' | 'reverse' | 'refund'
/** What happens to the next calls of a verb: the answer is lost, the work is not done, or it is refused. */
export type Fault =
  | { readonly kind: 'lose_answer' }
  | { readonly kind: 'lose_request' }
  | { readonly kind: 'away' }
  | { readonly kind: 'refuse'; readonly reason: 'low_credit' | 'line_suspended' }

export interface TestCarrier extends Carrier {
  /** Faults in order for the next calls of the verb; `times` repeats one. */
  script(verb: Verb, fault: Fault, times?: number): void
  clearScripts(): void
  readonly lines: Map<Msisdn, Partial<Line>>
  readonly charges: Map<string, { amount: bigint; state: string; refunded: bigint }>
  readonly calls: string[]
  /** Committed less reversed and refunded. */
  total(): bigint
}

export function createTestCarrier(): TestCarrier {
  const scripts = new Map<Verb, Fault[]>()
  const charges: TestCarrier['charges'] = new Map()
  const refunds = new Map<string, bigint>()
  const lines: TestCarrier['lines'] = new Map()
  const calls: string[] = []

  async function call<Value>(
    verb: Verb,
    work: () => CarrierAnswer<Value>,
  ): Promise<CarrierAnswer<Value>> {
    calls.push(verb)
    const fault = scripts.get(verb)?.shift()
    await Promise.resolve()
    if (fault?.kind === 'away') return { outcome: 'unsent', detail: 'connection refused' }
    if (fault?.kind === 'lose_request') return { outcome: 'unknown', detail: 'time-out' }
    if (fault?.kind === 'refuse') return { outcome: 'refused', reason: fault.reason }
    const answer = work()
    return fault ? { outcome: 'unknown', detail: 'time-out' } : answer
  }
  /** What was given back or undone cannot be charged any more. */
  const over = (state: string | undefined) => {
    if (state === 'released') return { outcome: 'refused', reason: 'reservation_expired' } as const
    if (state === 'reversed') return { outcome: 'refused', reason: 'already_reversed' } as const
    return undefined
  }
  const done = <Value>(value: Value) => ({ outcome: 'done', value, carrierRef: 'B1' }) as const

  return {
    lines,
    charges,
    calls,
    script(verb, fault, times = 1) {
      const list = scripts.get(verb) ?? []
      for (let i = 0; i < times; i += 1) list.push(fault)
      scripts.set(verb, list)
    },
    clearScripts: () => scripts.clear(),
    total: () =>
      [...charges.values()]
        .filter((charge) => charge.state === 'committed')
        .reduce((sum, charge) => sum + charge.amount - charge.refunded, 0n),
    line: (msisdn) =>
      call('line', () =>
        done({
          msisdn,
          carrier: 'CMCC',
          brand: '全球通',
          billing: 'postpaid',
          status: 'active',
          language: 'zh',
          region: '110000',
          available: 100_00n,
          ...lines.get(msisdn),
        }),
      ),
    reserve: ({ chargeId, amount }) =>
      call('reserve', () => {
        const known = charges.get(chargeId)
        if (!known) charges.set(chargeId, { amount, state: 'reserved', refunded: 0n })
        return over(known?.state) ?? done(known?.state === 'committed' ? 'committed' : 'reserved')
      }),
    charge: ({ chargeId, amount }) =>
      call('charge', () => {
        const known = charges.get(chargeId)
        const no = over(known?.state)
        if (no) return no
        charges.set(chargeId, { amount, refunded: 0n, ...known, state: 'committed' })
        return done('committed')
      }),
    commit: (chargeId) =>
      call('commit', () => {
        const charge = charges.get(chargeId)
        if (!charge) return { outcome: 'refused', reason: 'reservation_expired' }
        const no = over(charge.state)
        if (no) return no
        charge.state = 'committed'
        return done('committed')
      }),
    release: (chargeId) =>
      call('release', () => {
        const charge = charges.get(chargeId)
        if (charge?.state === 'reserved') charge.state = 'released'
        return done('released')
      }),
    query: (chargeId) =>
      call('query', () => done((charges.get(chargeId)?.state ?? 'not_found') as 'committed')),
    reverse: (chargeId) =>
      call('reverse', () => {
        const charge = charges.get(chargeId)
        if (!charge) return done('not_found')
        charge.state = 'reversed'
        return done('reversed')
      }),
    refund: ({ chargeId, refundId, amount }) =>
      call('refund', () => {
        const charge = charges.get(chargeId)
        if (refunds.has(refundId)) return done('refunded')
        if (charge?.state !== 'committed' || charge.refunded + amount > charge.amount)
          return { outcome: 'refused', reason: 'refused_by_carrier' }
        charge.refunded += amount
        refunds.set(refundId, amount)
        return done('refunded')
      }),
    queryRefund: (_chargeId, refundId) =>
      call('query', () => done(refunds.has(refundId) ? 'refunded' : 'not_found')),
    health: () => ({ up: true, unanswered: 0, detail: '' }),
  }
}
