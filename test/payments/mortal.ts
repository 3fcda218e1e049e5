/**
 * A process that dies at its n-th call to the outside: a transaction or a call to a carrier or bank, just
 * before it or just after it was done. From then on nothing it asks for happens any more.
 */
import type { Bank } from '../../server/src/bank-cards/index.ts'
import type { Database } from '../../server/src/db/index.ts'
import type { Carrier } from '../../server/src/payments/index.ts'

export class Died extends Error {
  override readonly name = 'Died'
}

export interface Death {
  /** Counted from 1. */
  readonly call: number
  readonly when: 'before' | 'after'
}

export function mortal(death: Death) {
  let calls = 0
  let isDead = false
  let isBorn = false
  async function guarded<Value>(work: () => Promise<Value>): Promise<Value> {
    if (isDead) throw new Died()
    if (isBorn) calls += 1
    const isLast = isBorn && calls === death.call
    if (isLast && death.when === 'before') {
      isDead = true
      throw new Died()
    }
    const value = await work()
    if (isLast) isDead = true
    // What was under way when the process died is not heard of either.
    if (isDead) throw new Died()
    return value
  }
  return {
    isDead: () => isDead,
    /** Calls count from now on: starting up is not what is tried here. */
    begin: () => {
      isBorn = true
    },
    database: (db: Database): Database => ({
      ...db,
      transact: (work) => guarded(() => db.transact(work)),
      query: (statement, values) =>
        isDead ? Promise.reject(new Died()) : db.query(statement, values),
    }),
    /** Any other call to the outside. */
    call:
      <Args extends readonly unknown[], Value>(work: (...args: Args) => Promise<Value>) =>
      (...args: Args) =>
        guarded(() => work(...args)),
    carrier: <Kind extends Carrier>(carrier: Kind): Kind => ({
      ...carrier,
      charge: (charge) => guarded(() => carrier.charge(charge)),
      reserve: (charge) => guarded(() => carrier.reserve(charge)),
      commit: (chargeId) => guarded(() => carrier.commit(chargeId)),
      release: (chargeId) => guarded(() => carrier.release(chargeId)),
      query: (chargeId) => guarded(() => carrier.query(chargeId)),
      reverse: (chargeId) => guarded(() => carrier.reverse(chargeId)),
      refund: (refund) => guarded(() => carrier.refund(refund)),
      line: (msisdn) => guarded(() => carrier.line(msisdn)),
    }),
    bank: (bank: Bank): Bank => ({
      ...bank,
      purchase: (purchase) => guarded(() => bank.purchase(purchase)),
      credit: (credit) => guarded(() => bank.credit(credit)),
      reverse: (reversal) => guarded(() => bank.reverse(reversal)),
      voidPurchase: (refund) => guarded(() => bank.voidPurchase(refund)),
      refund: (refund) => guarded(() => bank.refund(refund)),
    }),
  }
}
