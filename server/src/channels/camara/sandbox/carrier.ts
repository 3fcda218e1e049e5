/**
 * The carrier of the sandbox: answers by number, always the same. It remembers charges in memory, for
 * only `reserve` is told the number; a charge it has forgotten (a restart, another process) behaves
 * like one of the number that always pays.
 */
import type { Clock, Msisdn } from '../../../kernel/index.ts'
import type {
  Carrier,
  CarrierAnswer,
  CarrierRefusal,
  ChargeStatus,
} from '../../../payments/index.ts'
import { isSandboxNumber, sandboxNumbers as numbers } from './numbers.ts'

interface Known {
  readonly msisdn: Msisdn
  readonly askedAt: number
  readonly status: ChargeStatus
}

/** Longer than a request waits (five seconds), shorter than the second question to a carrier. */
const delayMs = 6_000
const rememberedMax = 10_000

const done = <Value>(value: Value): CarrierAnswer<Value> => ({ outcome: 'done', value })
const refused = (reason: CarrierRefusal) => ({ outcome: 'refused', reason }) as const
const unknown = { outcome: 'unknown', detail: 'sandbox: no answer' } as const
const unsent = { outcome: 'unsent', detail: 'sandbox: the door is closed' } as const

const refusedAtReserve: Readonly<Record<string, CarrierRefusal>> = {
  [numbers.denied]: 'refused_by_carrier',
  [numbers.asyncDenied]: 'refused_by_carrier',
  [numbers.lowCredit]: 'low_credit',
  [numbers.suspended]: 'line_suspended',
  [numbers.unknown]: 'unknown_number',
  [numbers.unsupported]: 'not_eligible',
}
const refusedAtCommit: Readonly<Record<string, CarrierRefusal>> = {
  [numbers.deniedAtConfirm]: 'refused_by_carrier',
  [numbers.unsupportedAtConfirm]: 'not_eligible',
}

const refundsLate: ReadonlySet<Msisdn> = new Set([numbers.refundAsync, numbers.refundAsyncDenied])
const refundsDenied: ReadonlySet<Msisdn> = new Set([
  numbers.refundDenied,
  numbers.refundAsyncDenied,
])

/** What lines of the sandbox say their carrier is; no real one is called so. */
export const sandboxCarrierName = 'sandbox'

export function sandboxCarrier(clock: Clock): Carrier {
  const charges = new Map<string, Known>()
  /** When each refund was first asked for. */
  const refunds = new Map<string, number>()
  const find = (chargeId: string): Known =>
    charges.get(chargeId) ?? { msisdn: numbers.sync, askedAt: 0, status: 'reserved' }
  const keep = (chargeId: string, known: Known) => remember(charges, chargeId, known)
  const late = (since: number) => clock.now() - since < delayMs

  const carrier: Carrier = {
    line: async (msisdn) => lineOf(msisdn),
    async charge(charge) {
      const answer = await carrier.reserve(charge)
      return answer.outcome === 'done' ? carrier.commit(charge.chargeId) : answer
    },
    async reserve({ chargeId, msisdn }) {
      const known = charges.get(chargeId)
      const askedAt = known?.askedAt ?? clock.now()
      const status = known?.status ?? 'not_found'
      if (status === 'committed') return done('committed')
      keep(chargeId, { msisdn, askedAt, status })
      if (msisdn === numbers.silent) return unknown
      if (msisdn === numbers.async && late(askedAt)) return unknown
      if (msisdn === numbers.asyncDenied && late(askedAt)) return unsent
      const reason = refusedAtReserve[msisdn]
      if (reason !== undefined) return refused(reason)
      keep(chargeId, { ...find(chargeId), status: 'reserved' })
      return done('reserved')
    },
    async commit(chargeId) {
      const known = find(chargeId)
      const reason = refusedAtCommit[known.msisdn]
      if (reason !== undefined) return refused(reason)
      keep(chargeId, { ...known, status: 'committed' })
      return { outcome: 'done', value: 'committed', carrierRef: `SANDBOX${chargeId}` }
    },
    async release(chargeId) {
      keep(chargeId, { ...find(chargeId), status: 'released' })
      return done('released')
    },
    query: async (chargeId) => queried(charges.get(chargeId)),
    async reverse(chargeId) {
      const known = find(chargeId)
      if (known.msisdn === numbers.silent) return unknown
      keep(chargeId, { ...known, status: 'reversed' })
      return done('reversed')
    },
    async refund({ chargeId, refundId }) {
      const { msisdn } = find(chargeId)
      const askedAt = refunds.get(refundId) ?? clock.now()
      remember(refunds, refundId, askedAt)
      if (refundsLate.has(msisdn) && late(askedAt)) return unknown
      return refundsDenied.has(msisdn) ? refused('refused_by_carrier') : done('refunded')
    },
    async queryRefund(chargeId, refundId) {
      const { msisdn } = find(chargeId)
      const askedAt = refunds.get(refundId)
      if (askedAt === undefined) return done('not_found')
      if (refundsLate.has(msisdn) && late(askedAt)) return unknown
      return done(refundsDenied.has(msisdn) ? 'not_found' : 'refunded')
    },
    health: () => ({ up: true, unanswered: 0, detail: 'sandbox' }),
  }
  return carrier
}

function remember<Value>(known: Map<string, Value>, key: string, value: Value): void {
  const [oldest] = known.keys()
  if (known.size >= rememberedMax && oldest !== undefined) known.delete(oldest)
  known.set(key, value)
}

const queried = (known: Known | undefined): CarrierAnswer<ChargeStatus> =>
  known?.msisdn === numbers.silent ? unknown : done(known?.status ?? 'not_found')

function lineOf(msisdn: Msisdn): Awaited<ReturnType<Carrier['line']>> {
  if (!isSandboxNumber(msisdn) || msisdn === numbers.unknown) return refused('unknown_number')
  return done({
    msisdn,
    carrier: sandboxCarrierName,
    brand: 'sandbox',
    billing: 'postpaid',
    status: msisdn === numbers.suspended ? 'suspended' : 'active',
    language: 'en',
    region: '110000',
    available: 100_000_00n,
  })
}
