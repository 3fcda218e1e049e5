/** Builds with a rule of scans, bills of others or repayments taken out. They are played on days with banks. */
import type { Biller } from '../../server/src/billers/index.ts'
import type { Mutant } from './mutants.ts'

/** What is not known is sent once more, as another payment. */
function paidAgain(biller: Biller): Biller {
  return {
    ...biller,
    async pay(writeOff) {
      const answer = await biller.pay(writeOff)
      if (answer.outcome !== 'unknown') return answer
      const paymentNo = `${writeOff.paymentNo.slice(0, -1)}${writeOff.paymentNo.endsWith('0') ? 1 : 0}`
      return biller.pay({ ...writeOff, paymentNo })
    },
  }
}

export const appMutants = {
  scan_paid_again: {
    does: 'orders the payment of a scan without its key and its id',
    scanned: (payments) => ({
      ...payments,
      order: ({ keys: _keys, paymentId: _id, merchantOrderId, ...order }) =>
        payments.order({
          ...order,
          keys: [],
          ...(merchantOrderId !== undefined && { merchantOrderId }),
        }),
    }),
  },
  cancelled_scan_kept: {
    does: 'forgets to give back what was paid of a cancelled scan',
    scanned: (payments) => ({
      ...payments,
      refund: async () => ({ ok: false, refusal: 'not_found' }) as never,
    }),
  },
  code_used_twice: {
    does: 'does not remember that a code was used',
    tampering: {
      write: (statement, values) => (statement === 'payment_code_use.insert' ? null : values),
    },
  },
  collected_again: {
    does: 'does not find what a friend has collected under the same key',
    tampering: {
      rows: (statement, rows) => (statement === 'wallet_request.by_keys' ? [] : rows),
    },
  },
  question_not_withdrawn: {
    does: 'lets the first reader of a code pay when a second one has taken its order on',
    taken: (payments) => ({
      ...payments,
      cancel: async ({ paymentId }) => {
        const payment = await payments.get(paymentId)
        if (!payment) throw new Error('a payment stays')
        return { ok: true, value: payment }
      },
    }),
  },
  bill_paid_again: {
    does: 'sends a payment to a biller again under a new number after silence',
    biller: (biller) => paidAgain(biller),
  },
  bill_silence_is_no: {
    does: 'gives the money of a bill back when its biller is silent',
    biller: (biller) => ({
      ...biller,
      async pay(writeOff) {
        const answer = await biller.pay(writeOff)
        return answer.outcome === 'unknown' ? { outcome: 'refused', reason: 'refused' } : answer
      },
    }),
  },
  repaid_forgotten: {
    does: 'does not count what was repaid of a bill before',
    tampering: {
      rows: (statement, rows) =>
        statement === 'wallet_movement.repaid'
          ? rows.map((row) => ({ ...row, paid: 0n, on_the_way: 0n }))
          : rows,
    },
  },
} satisfies Readonly<Record<string, Mutant>>
