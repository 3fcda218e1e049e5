/**
 * Banks are asked for bills: when a customer looks, and by themselves around the days that matter. A bank that
 * keeps the PIN of its cards says nothing without it, so there only the customer can ask.
 */
import { createWorker, type Database, eachJob, type Worker } from '../db/index.ts'
import type { BusinessTime, Clock, Secret } from '../kernel/index.ts'
import type { Balance, BankAnswer, BankRefusal } from './bank.ts'
import { askAgainAt } from './bill.ts'
import { billTopics, type CardBills, hasBills } from './bills.ts'
import type { CardBinding } from './binding.ts'
import { readBinding } from './binding-store.ts'
import type { BalanceQuestion } from './operations/operation.ts'

/** What came of asking. After `said` the newest bill is the bank's; what was known before stays known. */
export type BillAnswer =
  | { readonly outcome: 'said'; readonly balance: Balance }
  /** It answered, and there is no bill. */
  | { readonly outcome: 'none'; readonly balance: Balance }
  | { readonly outcome: 'refused'; readonly refusal: BankRefusal }
  /** It said nothing, or may not be asked like this. */
  | { readonly outcome: 'silent' }

export interface BillAsking {
  ask(bindingId: string, pin?: Secret): Promise<BillAnswer>
  /** Asks around bill days and before reminders. */
  worker(onError: (error: unknown) => void): Worker
}

/** A bank that is silent is asked again after this. */
const silentMs = 3_600_000
/** A batch waits for its slowest answer. */
const leaseMs = 120_000

export function createBillAsking(tools: {
  readonly db: Database
  readonly clock: Clock
  readonly time: BusinessTime
  readonly bills: CardBills
  readonly balance: (question: BalanceQuestion) => Promise<BankAnswer<Balance>>
  readonly keepsPin: (bank: string) => boolean
}): BillAsking {
  const { db, clock, time, bills, balance, keepsPin } = tools

  async function askOf(binding: CardBinding, pin: Secret | undefined): Promise<BillAnswer> {
    const { bank, cardToken } = binding
    if (keepsPin(bank) && pin === undefined) return { outcome: 'silent' }
    // Before the question: what is repaid from now on may not be in the answer.
    const askedAt = clock.now()
    const withPin = keepsPin(bank) ? pin : undefined
    const answer = await balance({ bank, cardToken, ...(withPin && { pin: withPin }) })
    if (answer.outcome === 'refused') return answer
    if (answer.outcome !== 'done') return { outcome: 'silent' }
    const { bill } = answer.value
    if (!bill) return { outcome: 'none', balance: answer.value }
    const kept = await db.transact((tx) => bills.told(tx, binding.id, { bill, askedAt }))
    return { outcome: kept.ok ? 'said' : 'none', balance: answer.value }
  }

  async function onTime(bindingId: string) {
    const binding = await readBinding(db, bindingId)
    if (!binding || !hasBills(binding) || keepsPin(binding.bank)) return { kind: 'done' } as const
    const { outcome } = await askOf(binding, undefined)
    const now = clock.now()
    const dueAt =
      outcome === 'silent'
        ? now + silentMs
        : askAgainAt(await bills.newest(db, bindingId), { bindingId, now, time })
    return { kind: 'next', dueAt } as const
  }

  return {
    async ask(bindingId, pin) {
      const binding = await readBinding(db, bindingId)
      return binding && hasBills(binding) ? askOf(binding, pin) : { outcome: 'silent' }
    },
    worker: (onError) =>
      createWorker({
        ...{ db, clock, topic: billTopics.ask, onError, leaseMs, batch: 16, concurrency: 1 },
        handler: eachJob({ clock, onError, handle: ({ subject }) => onTime(subject) }),
      }),
  }
}
