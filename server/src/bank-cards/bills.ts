/** Bills of credit cards: entered, paid off, and their owners reminded, each reminder once. */
import {
  armJobs,
  createWorker,
  type Database,
  eachJob,
  type Job,
  type JobOutcome,
  type Reader,
  settleJobs,
  type Tx,
  type Worker,
} from '../db/index.ts'
import {
  type Amount,
  accept,
  type BusinessDate,
  type BusinessTime,
  bucketOf,
  type Clock,
  type Result,
  refuse,
} from '../kernel/index.ts'
import { type BillReminder, type CardBill, minimumOf, nextStep } from './bill.ts'
import { lockBills, readBills, saveBill } from './bill-store.ts'
import type { CardBinding } from './binding.ts'
import { lockBinding } from './binding-store.ts'

export const billTopic = 'bank_card.bill'

export interface NewBill {
  readonly bindingId: string
  readonly billedOn: BusinessDate
  readonly dueOn: BusinessDate
  readonly amount: Amount
  /** Ten per cent when absent. */
  readonly minimum?: Amount
  readonly source: CardBill['source']
}

export type BillRefusal =
  | 'unknown_binding'
  | 'state_differs'
  | 'not_a_credit_card'
  | 'dates_invalid'
  | 'amount_invalid'

export interface CardBills {
  /** A bill of that day that is there is set right; what was paid of it stays. */
  enter(tx: Tx, bill: NewBill): Promise<Result<CardBill, BillRefusal>>
  /** Counts a repayment towards the newest bill, in the transaction in which it is done. */
  repaid(
    tx: Tx,
    repayment: { readonly bindingId: string; readonly amount: Amount },
  ): Promise<Result<CardBill, 'no_bill' | 'amount_invalid'>>
  /** Newest first. */
  billsOf(reader: Reader, bindingId: string): Promise<readonly CardBill[]>
}

interface BillTools {
  readonly clock: Clock
  readonly time: BusinessTime
}

/** Cards whose bill may concern their owner: also one that cannot pay now can be paid off. */
const billed: readonly CardBinding['state'][] = ['active', 'needs_rebinding', 'suspended']

export function createCardBills({ clock }: Pick<BillTools, 'clock'>): CardBills {
  return {
    async enter(tx, given) {
      const binding = await lockBinding(tx, given.bindingId)
      if (!binding) return refuse('unknown_binding')
      if (binding.kind !== 'credit') return refuse('not_a_credit_card')
      if (!billed.includes(binding.state)) return refuse('state_differs')
      const { amount, minimum = minimumOf(amount) } = given
      if (amount <= 0n || minimum < 0n || minimum > amount) return refuse('amount_invalid')
      if (!isDate(given.billedOn) || !isDate(given.dueOn) || given.billedOn >= given.dueOn)
        return refuse('dates_invalid')
      const known = (await lockBills(tx, binding.id)).find((one) => one.billedOn === given.billedOn)
      const isSame = known?.dueOn === given.dueOn && known.amount === amount
      const bill = { ...given, minimum, paid: known?.paid ?? 0n, told: isSame ? known.told : 0 }
      const now = clock.now()
      await saveBill(tx, bill, now)
      // Whatever is due of it, the reminder finds out.
      armJobs(tx, [{ ...jobOf(binding), dueAt: now, payload: {} }])
      return accept(bill)
    },
    async repaid(tx, { bindingId, amount }) {
      if (amount <= 0n) return refuse('amount_invalid')
      const [newest] = await lockBills(tx, bindingId)
      if (!newest) return refuse('no_bill')
      // The reminder that is due sees that it is paid, and ends.
      const bill = { ...newest, paid: newest.paid + amount }
      await saveBill(tx, bill, clock.now())
      return accept(bill)
    },
    billsOf: readBills,
  }
}

const isDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) &&
  !Number.isNaN(Date.parse(text)) &&
  new Date(text).toISOString().startsWith(text)

/** One row a card: its newest bill is the one to be reminded of. */
const jobOf = ({ id, msisdn }: CardBinding) => ({
  ...{ bucket: bucketOf(msisdn), topic: billTopic, subject: id },
})

export interface BillNotice {
  readonly reminder: BillReminder
  readonly binding: CardBinding
  readonly bill: CardBill
}

/** `tell` writes the text into the outbox of the same transaction. */
export function createBillReminders(
  options: BillTools & {
    readonly db: Database
    readonly tell: (tx: Tx, notice: BillNotice) => Promise<void> | void
    readonly onError: (error: unknown) => void
  },
): Worker {
  const { db, clock, time, tell, onError } = options

  async function remind(tx: Tx, job: Job): Promise<JobOutcome> {
    const binding = await lockBinding(tx, job.subject)
    const [bill] = binding ? await lockBills(tx, binding.id) : []
    if (!binding || !bill || !billed.includes(binding.state)) return { kind: 'done' }
    const now = clock.now()
    const { reminder, told, nextAt } = nextStep(bill, now, time)
    await saveBill(tx, { ...bill, told }, now)
    if (reminder !== undefined) await tell(tx, { reminder, binding, bill })
    if (nextAt === undefined) settleJobs(tx, [job])
    else armJobs(tx, [{ ...jobOf(binding), dueAt: nextAt, payload: {} }])
    return { kind: 'settled' }
  }
  return createWorker({
    ...{ db, clock, topic: billTopic, onError },
    handler: eachJob({
      ...{ clock, onError },
      handle: (job) => db.transact((tx) => remind(tx, job)),
    }),
  })
}
