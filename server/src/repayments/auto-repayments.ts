/** Repays what customers have ordered to be repaid by itself, from the balance. One row a card. */
import {
  type BillAsking,
  type BillStanding,
  billTopics,
  type CardBinding,
  hasBills,
} from '../bank-cards/index.ts'
import {
  armJobs,
  createWorker,
  eachJob,
  type Job,
  type JobOutcome,
  settleJobs,
  type Tx,
  type Worker,
} from '../db/index.ts'
import type { Amount, BusinessTime } from '../kernel/index.ts'
import type { Detail, Refusal, Wallet } from '../wallet/index.ts'
import { type AutoAmount, type AutoRepayment, type AutoStep, stepOf } from './auto-repayment.ts'
import { forgetAuto, readAuto, saveStep } from './auto-repayment-store.ts'
import type { Repayments, RepaymentTools } from './repayments.ts'

/** What the customer is told; that it was begun, and what came of it, the wallet tells. */
export type AutoNotice = { readonly binding: CardBinding; readonly bill: BillStanding } & (
  | { readonly kind: 'ahead'; readonly amount: AutoAmount; readonly owed: Amount }
  | {
      readonly kind: 'failed'
      readonly why: ({ readonly refusal: Refusal } & Detail) | 'missed'
      readonly isLast: boolean
    }
)

export interface AutoTools extends RepaymentTools {
  readonly time: BusinessTime
  readonly asking: Pick<BillAsking, 'ask'>
  readonly repayments: Pick<Repayments, 'standing'>
  readonly wallet: Pick<Wallet, 'repay'>
  /** Writes the text into the outbox of the same transaction. */
  readonly tell: (tx: Tx, notice: AutoNotice) => Promise<void>
  readonly onError: (error: unknown) => void
}

/** A bank is asked for the bill, and the wallet waits for a commit. */
const leaseMs = 120_000

export function createAutoRepayments(tools: AutoTools): Worker {
  const { db, clock, onError } = tools
  return createWorker({
    ...{ db, clock, topic: billTopics.repay, onError, leaseMs, batch: 16, concurrency: 1 },
    handler: eachJob({ clock, onError, handle: (job) => repayOnTime(tools, job) }),
  })
}

async function repayOnTime(tools: AutoTools, job: Job): Promise<JobOutcome> {
  const { db, find, asking, tell } = tools
  const [auto, binding] = await Promise.all([readAuto(db, job.subject), find(db, job.subject)])
  if (!auto) return { kind: 'done' }
  if (!binding || !hasBills(binding)) {
    await db.transact(async (tx) => forgetAuto(tx, auto.bindingId))
    return { kind: 'done' }
  }
  const known = await decided(tools, auto)
  // What was paid elsewhere meanwhile is not paid again.
  if (known !== null && known.step.act !== null) await asking.ask(auto.bindingId)
  const now = known === null ? null : await decided(tools, auto)
  // A bill that is entered wakes this row.
  if (now === null) return { kind: 'done' }
  const notices = await act(tools, { auto, binding, ...now })
  await db.transact(async (tx) => {
    const { step, nextAt } = now.step
    saveStep(tx, { bindingId: auto.bindingId, billedOn: now.bill.billedOn, step })
    for (const notice of notices) await tell(tx, notice)
    if (nextAt === null) settleJobs(tx, [job])
    else armJobs(tx, [{ ...job, dueAt: nextAt, payload: {} }])
  })
  return { kind: 'settled' }
}

interface Decided {
  readonly bill: BillStanding
  readonly step: AutoStep
}

async function decided(
  { db, clock, time, repayments }: AutoTools,
  auto: AutoRepayment,
): Promise<Decided | null> {
  const bill = await repayments.standing(db, auto.bindingId)
  return bill ? { bill, step: stepOf(auto, bill, { now: clock.now(), time }) } : null
}

interface Standing extends Decided {
  readonly auto: AutoRepayment
  readonly binding: CardBinding
}

async function act(
  { wallet }: AutoTools,
  { auto, binding, bill, step }: Standing,
): Promise<AutoNotice[]> {
  const about = { binding, bill }
  const isLast = step.nextAt === null
  if (step.act === 'tell')
    return [{ ...about, kind: 'ahead', amount: auto.amount, owed: step.owed }]
  if (step.act === 'missed') return [{ ...about, kind: 'failed', why: 'missed', isLast }]
  if (step.act !== 'pay') return []
  const key = `standing:${binding.id}:${bill.billedOn}:${step.step}`
  const { msisdn, id: cardId } = binding
  const order = { msisdn, cardId, amount: step.owed, channel: 'standing', key } as const
  const done = await wallet.repay(order)
  // Of an earlier run that died before it could write down that it had asked.
  if (done.ok || done.refusal === 'exists_with_different_content') return []
  return [{ ...about, kind: 'failed', why: done, isLast }]
}
