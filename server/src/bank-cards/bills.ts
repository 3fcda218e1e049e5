/**
 * Bills of credit cards: what the bank or the customer says of them. What is repaid is counted by the wallet,
 * from the moment at which the bill was asked for; a bill is never changed by a repayment.
 */
import { armJobs, type Reader, type Tx } from '../db/index.ts'
import {
  type Amount,
  accept,
  type BusinessDate,
  type BusinessTime,
  bucketOf,
  type Clock,
  isBusinessDate,
  type Result,
  refuse,
} from '../kernel/index.ts'
import type { BankBill } from './bank.ts'
import { type CardBill, minimumOf } from './bill.ts'
import { lockBills, newestBills, saveBill } from './bill-store.ts'
import type { CardBinding } from './binding.ts'
import { lockBinding } from './binding-store.ts'

/** The work that bills leave to time, one row a card and topic. */
export const billTopics = {
  /** Its newest bill is the one to be reminded of. */
  remind: 'bank_card.bill',
  /** The bank is asked for it. */
  ask: 'bank_card.bill_ask',
  /** It may be repaid by itself. */
  repay: 'bank_card.bill_repay',
} as const

/** As the customer reads it on paper. */
export interface EnteredBill {
  readonly bindingId: string
  readonly billedOn: BusinessDate
  readonly dueOn: BusinessDate
  readonly amount: Amount
  /** Ten per cent when absent. */
  readonly minimum?: Amount
}

export type BillRefusal =
  | 'unknown_binding'
  | 'state_differs'
  | 'not_a_credit_card'
  | 'dates_invalid'
  | 'amount_invalid'
  | 'bank_says_otherwise'

export interface CardBills {
  /** What the bank said when it was asked at `askedAt`; what it said later, and came first, stays. */
  told(
    tx: Tx,
    bindingId: string,
    said: { readonly bill: BankBill; readonly askedAt: number },
  ): Promise<Result<CardBill, BillRefusal>>
  /** Said again, it is set right; what the bank has said is not for the customer to change. */
  enter(tx: Tx, bill: EnteredBill): Promise<Result<CardBill, BillRefusal>>
  /** The newest of a card. */
  newest(reader: Reader, bindingId: string): Promise<CardBill | undefined>
}

/** Cards whose bill may concern their owner: also one that cannot pay now can be paid off. */
export const hasBills = ({ kind, state }: Pick<CardBinding, 'kind' | 'state'>): boolean =>
  kind === 'credit' && (state === 'active' || state === 'needs_rebinding' || state === 'suspended')

export function createCardBills(tools: {
  readonly clock: Clock
  readonly time: BusinessTime
}): CardBills {
  const { clock, time } = tools

  async function put(
    tx: Tx,
    { bindingId, ...given }: Omit<CardBill, 'told'>,
  ): Promise<Result<CardBill, BillRefusal>> {
    const now = clock.now()
    const binding = await lockBinding(tx, bindingId)
    if (!binding) return refuse('unknown_binding')
    if (binding.kind !== 'credit') return refuse('not_a_credit_card')
    if (!hasBills(binding)) return refuse('state_differs')
    const refusal = faultOf(given, time.dateOf(now))
    if (refusal) return refuse(refusal)
    const known = (await lockBills(tx, bindingId)).find((one) => one.billedOn === given.billedOn)
    if (known && given.source === 'customer' && known.source === 'bank')
      return refuse('bank_says_otherwise')
    if (known && given.source === 'bank' && known.askedAt > given.askedAt) return accept(known)
    const isSame = known?.dueOn === given.dueOn && known.amount === given.amount
    const bill = { ...given, bindingId, told: isSame ? known.told : 0 }
    // Entered again it is the same piece of paper: what was repaid since the first time counts.
    const askedAt = given.source === 'customer' && known ? known.askedAt : given.askedAt
    await saveBill(tx, { ...bill, askedAt }, now)
    // Whatever is due of it, those who wake find out.
    for (const topic of [billTopics.remind, billTopics.repay])
      armJobs(tx, [{ ...billJob(binding, topic), dueAt: now }])
    return accept({ ...bill, askedAt })
  }

  return {
    told: (tx, bindingId, { bill, askedAt }) =>
      put(tx, { ...bill, bindingId, askedAt, source: 'bank' }),
    enter: (tx, { minimum, ...bill }) =>
      put(tx, {
        ...{ ...bill, minimum: minimum ?? minimumOf(bill.amount) },
        ...{ paid: 0n, source: 'customer', askedAt: clock.now() },
      }),
    newest: async (reader, bindingId) => (await newestBills(reader, [bindingId]))[0],
  }
}

/** No bill is due later than this after it was made. */
const dueDaysMax = 70
const dayMs = 86_400_000

function faultOf(
  bill: Pick<CardBill, 'billedOn' | 'dueOn' | 'amount' | 'minimum' | 'paid'>,
  today: BusinessDate,
): BillRefusal | undefined {
  const { billedOn, dueOn, amount, minimum, paid } = bill
  if (amount <= 0n || minimum < 0n || minimum > amount || paid < 0n) return 'amount_invalid'
  if (!isBusinessDate(billedOn) || !isBusinessDate(dueOn)) return 'dates_invalid'
  const days = (Date.parse(dueOn) - Date.parse(billedOn)) / dayMs
  return days <= 0 || days > dueDaysMax || billedOn > today ? 'dates_invalid' : undefined
}

/** Whatever has become of the card, those who wait for its bills find out. */
export const wakeBills = (tx: Tx, card: Pick<CardBinding, 'id' | 'msisdn'>, now: number): void =>
  armJobs(
    tx,
    Object.values(billTopics).map((topic) => ({ ...billJob(card, topic), dueAt: now })),
  )

export const billJob = (
  { id, msisdn }: Pick<CardBinding, 'id' | 'msisdn'>,
  topic: (typeof billTopics)[keyof typeof billTopics],
) => ({ bucket: bucketOf(msisdn), topic, subject: id, payload: {} })
