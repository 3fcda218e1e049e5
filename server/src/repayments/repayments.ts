/** Bills of credit cards as their owners see them, and what they have ordered to be repaid by itself. */
import {
  type BillAnswer,
  type BillAsking,
  type BillRefusal,
  type BillStanding,
  billTopics,
  type CardBills,
  type CardBinding,
  type EnteredBill,
  hasBills,
  standingOf,
} from '../bank-cards/index.ts'
import { armJobs, type Database, type Reader } from '../db/index.ts'
import { accept, bucketOf, type Clock, type Result, refuse, type Secret } from '../kernel/index.ts'
import { readRepaid } from '../wallet/index.ts'
import type { AutoAmount } from './auto-repayment.ts'
import { forgetAuto, readAuto, saveAuto } from './auto-repayment-store.ts'

export interface Repayments {
  /** The newest bill as it is known, without asking anybody. */
  standing(reader: Reader, bindingId: string): Promise<BillStanding | undefined>
  /** Asks the bank first, where that can say more. Refused with the bank's no. */
  look(
    bindingId: string,
    pin?: Secret,
  ): Promise<Result<BillStanding | undefined, Extract<BillAnswer, { outcome: 'refused' }>>>
  /** As the customer reads it on paper. */
  enter(bill: EnteredBill): Promise<Result<BillStanding, BillRefusal>>
  /** Null when it is not repaid by itself. */
  autoOf(reader: Reader, bindingId: string): Promise<AutoAmount | null>
  setAuto(
    card: Pick<CardBinding, 'id' | 'msisdn'>,
    amount: AutoAmount | null,
  ): Promise<Result<undefined, 'not_a_credit_card'>>
}

export interface RepaymentTools {
  readonly db: Database
  readonly clock: Clock
  readonly bills: CardBills
  readonly asking: Pick<BillAsking, 'ask'>
  readonly find: (reader: Reader, bindingId: string) => Promise<CardBinding | undefined>
}

/** A bank is not asked twice within this. */
const freshMs = 30_000
/** A bank may need this long to count what it has just been paid. */
const countedMs = 10_000

export function createRepayments({ db, clock, bills, asking, find }: RepaymentTools): Repayments {
  async function standing(reader: Reader, bindingId: string) {
    const bill = await bills.newest(reader, bindingId)
    return bill && standingOf(bill, (await readRepaid(reader, [bill]))(bill))
  }

  /** While money is on its way to the bank, its word would count it twice or not at all. */
  async function isWorthAsking(bill: BillStanding | undefined): Promise<boolean> {
    if (!bill) return true
    const now = clock.now()
    if (bill.onTheWay > 0n || (bill.source === 'bank' && now - bill.askedAt < freshMs)) return false
    const just = { ...bill, askedAt: now - countedMs }
    return (await readRepaid(db, [just]))(just).paid === 0n
  }

  return {
    standing,
    async look(bindingId, pin) {
      const known = await standing(db, bindingId)
      // A PIN that the bank keeps is right when the bank says so, however often it was asked.
      if (pin === undefined && !(await isWorthAsking(known))) return accept(known)
      const answer = await asking.ask(bindingId, pin)
      if (answer.outcome === 'refused') return refuse(answer)
      return accept(answer.outcome === 'said' ? await standing(db, bindingId) : known)
    },
    async enter(bill) {
      const entered = await db.transact((tx) => bills.enter(tx, bill))
      if (!entered.ok) return entered
      return accept((await standing(db, bill.bindingId)) ?? standingOf(entered.value, nothing))
    },
    autoOf: async (reader, bindingId) => (await readAuto(reader, bindingId))?.amount ?? null,
    async setAuto({ id: bindingId, msisdn }, amount) {
      const binding = await find(db, bindingId)
      if (!binding || !hasBills(binding)) return refuse('not_a_credit_card')
      const setAt = clock.now()
      await db.transact(async (tx) => {
        if (amount === null) forgetAuto(tx, bindingId)
        else saveAuto(tx, { bindingId, amount, setAt, billedOn: null, step: 0 })
        const job = { bucket: bucketOf(msisdn), topic: billTopics.repay, subject: bindingId }
        armJobs(tx, [{ ...job, dueAt: setAt, payload: {} }])
      })
      return accept(undefined)
    },
  }
}

const nothing = { paid: 0n, onTheWay: 0n }
