/**
 * Builds with one rule taken out, to show that the simulation would notice. Each is made of wrappers
 * around ports and of statements that are changed on their way: the sources are those of the product.
 */
import type { Bank } from '../../server/src/bank-cards/index.ts'
import type { Biller } from '../../server/src/billers/index.ts'
import type { Carrier, CarrierAnswer, Payments } from '../../server/src/payments/index.ts'
import type { Policy } from '../../server/src/risk/index.ts'
import type { Tampering } from './storm.ts'

export interface Mutant {
  /** What the broken build does wrong. */
  readonly does: string
  readonly policy?: Partial<Policy>
  readonly carrier?: (carrier: Carrier) => Carrier
  readonly payments?: (payments: Payments) => Payments
  readonly tampering?: Tampering
  readonly bank?: (bank: Bank) => Bank
  readonly biller?: (biller: Biller) => Biller
  /** Payments as scans see them. */
  readonly scanned?: (payments: Payments) => Payments
  /** Payments as orders see them that the app takes on. */
  readonly taken?: (payments: Payments) => Payments
}

/** A broken build's ways out, where it has others. */
export type Broken = Required<
  Pick<Mutant, 'carrier' | 'payments' | 'bank' | 'biller' | 'scanned' | 'taken'>
>

const same = <Value>(value: Value): Value => value
export const brokenBy = (mutant?: Mutant): Broken => ({
  ...{ carrier: same, payments: same, bank: same, biller: same, scanned: same, taken: same },
  ...mutant,
})

const rowsOf = (list: unknown) => String(list).replace(/[{}"]/g, '')

export const mutants: Readonly<Record<string, Mutant>> = {
  no_limits: {
    does: 'lets every amount pass the limits of day and month',
    policy: { dayLimit: 1_000_000_00n, monthLimit: 1_000_000_00n },
  },
  keys_forgotten: {
    does: 'takes every order as a new one, whatever its key',
    payments: (payments) => ({
      ...payments,
      order: ({ keys: _keys, ...order }) => payments.order(order),
    }),
  },
  texts_not_remembered: {
    does: 'takes a text that the centre delivers again for another one',
    payments: (payments) => ({
      ...payments,
      text: (text) => payments.text({ ...text, messageId: `${text.messageId}-${text.receivedAt}` }),
    }),
  },
  unknown_is_no: {
    does: 'takes silence of the carrier for a refusal',
    carrier: (carrier) => ({
      ...carrier,
      charge: async (charge) => refusedIfUnknown(await carrier.charge(charge)),
      reserve: async (charge) => refusedIfUnknown(await carrier.reserve(charge)),
      commit: async (id) => refusedIfUnknown(await carrier.commit(id)),
    }),
  },
  new_charge_id: {
    does: 'sends a charge again under a new id after silence',
    carrier(carrier) {
      const tries = new Map<string, number>()
      const alias = (id: string) => {
        const nth = tries.get(id) ?? 0
        return nth === 0 ? id : `${id.slice(0, -2)}${String(90 - nth).padStart(2, '0')}`
      }
      const heard = async <Value>(id: string, answer: Promise<CarrierAnswer<Value>>) => {
        const given = await answer
        if (given.outcome === 'unknown') tries.set(id, (tries.get(id) ?? 0) + 1)
        return given
      }
      return {
        ...carrier,
        charge: (charge) =>
          heard(charge.chargeId, carrier.charge({ ...charge, chargeId: alias(charge.chargeId) })),
        reserve: (charge) =>
          heard(charge.chargeId, carrier.reserve({ ...charge, chargeId: alias(charge.chargeId) })),
        commit: (id) => heard(id, carrier.commit(alias(id))),
        query: (id) => carrier.query(alias(id)),
      }
    },
  },
  new_refund_id: {
    does: 'sends a refund again under a new id after silence',
    carrier(carrier) {
      const tries = new Map<string, number>()
      return {
        ...carrier,
        async refund(refund) {
          const nth = tries.get(refund.refundId) ?? 0
          const refundId = nth === 0 ? refund.refundId : `${refund.refundId.slice(0, -1)}${nth}`
          const answer = await carrier.refund({ ...refund, refundId })
          if (answer.outcome === 'unknown') tries.set(refund.refundId, nth + 1)
          return answer
        },
      }
    },
  },
  hold_kept: {
    does: 'does not void the hold of a charge that failed',
    tampering: withoutVoids(),
  },
  refund_over_paid: {
    does: 'forgets what was returned before when it decides on a refund',
    tampering: {
      rows: (_statement, rows) =>
        rows.map((row) => ('refunding' in row ? { ...row, refunding: 0n, refunded: 0n } : row)),
    },
  },
  job_lost: {
    does: 'does not write down the work that drives a charge',
    tampering: {
      write: (statement, values) =>
        statement === 'job.arm' && rowsOf(values[1]).includes('payment.drive') ? null : values,
    },
  },
  outbox_lost: {
    does: 'ends a payment without the texts and events it makes necessary',
    tampering: {
      write: (statement, values) =>
        statement === 'job.append' && rowsOf(values[1]).includes('sms.send') ? null : values,
    },
  },
}

function refusedIfUnknown<Value>(answer: CarrierAnswer<Value>): CarrierAnswer<Value> {
  return answer.outcome === 'unknown'
    ? { outcome: 'refused', reason: 'refused_by_carrier' }
    : answer
}

/** Leaves out transfers that are voids, and the balances that come with them. */
function withoutVoids(): Tampering {
  let isLeftOut = false
  return {
    write(statement, values) {
      if (statement === 'ledger.insert') isLeftOut = rowsOf(values[2]) === 'void'
      return isLeftOut && statement.startsWith('ledger.') ? null : values
    },
  }
}
