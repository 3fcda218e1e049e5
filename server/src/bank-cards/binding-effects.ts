/** What happens to a binding without its owner: a bank's answer, time, and the end of a number. */
import {
  createWorker,
  eachJob,
  type Job,
  type JobOutcome,
  type Tx,
  type Worker,
} from '../db/index.ts'
import type { Msisdn } from '../kernel/index.ts'
import type { BindingEffect } from './bank.ts'
import { bindingPolicy, type CardBinding } from './binding.ts'
import { bindingTimerTopic, deadlineOf, type Step, step } from './binding-steps.ts'
import { lockBinding, lockBindingsOf } from './binding-store.ts'
import type { BindingTools } from './binding-tools.ts'
import { fallen } from './verification-answer.ts'
import { holderOf, wasEverBound } from './verification-store.ts'

export interface AppliedEffect {
  readonly cardToken: string
  readonly effect: BindingEffect
  /** When the bank was asked. What it said before the card was bound says nothing now. */
  readonly at: number
  /** `BR-54` and the like, where it is known: an expired card is told from a changed one. */
  readonly bankCode?: string
}

export interface EffectAnswer {
  readonly binding: CardBinding
  /** After a wrong PIN. */
  readonly triesLeft?: number
}

/** Undefined when the card is nobody's, or the answer is older than the binding. */
export async function applyEffect(
  tx: Tx,
  tools: BindingTools,
  { cardToken, effect, at, bankCode }: AppliedEffect,
): Promise<EffectAnswer | undefined> {
  const holder = await holderOf(tx, cardToken)
  const binding = holder === undefined ? undefined : await lockBinding(tx, holder)
  if (!binding || binding.cardToken !== cardToken) return undefined
  if (binding.verifiedAt === null || at < binding.verifiedAt) return undefined
  const now = tools.clock.now()
  if (effect === 'suspend') {
    const isBound = binding.state === 'active' || binding.state === 'needs_rebinding'
    return { binding: isBound ? await step(tx, tools, binding, suspended) : binding }
  }
  // A card that pays for nothing has nothing more to lose.
  if (binding.state !== 'active') return { binding }
  switch (effect) {
    case 'verify_again':
    case 'needs_rebinding': {
      const reason = expiredCodes.has(bankCode ?? '') ? 'card_expired' : 'card_changed'
      const to = { to: 'needs_rebinding', changes: { reason } } as const
      return { binding: await step(tx, tools, binding, to) }
    }
    case 'lock_for_a_day': {
      const changes = { lockedUntil: now + bindingPolicy.lockMs }
      return { binding: await step(tx, tools, binding, { to: 'active', changes }), triesLeft: 0 }
    }
    case 'count_wrong_pin': {
      const counted = wrongPin(binding, now)
      const triesLeft = bindingPolicy.wrongPinsMax - (counted.changes?.wrongPins ?? 0)
      return { binding: await step(tx, tools, binding, counted), triesLeft }
    }
    case 'pin_was_right': {
      const { wrongPins, wrongPinsSince } = binding
      // A yes from before they were counted says nothing of them.
      if (wrongPins === 0 || (wrongPinsSince !== null && at < wrongPinsSince)) return { binding }
      const changes = { wrongPins: 0, wrongPinsSince: null }
      return { binding: await step(tx, tools, binding, { to: 'active', changes }) }
    }
  }
}

const suspended: Step = {
  to: 'suspended',
  changes: { reason: 'card_unavailable', nextToken: null },
}
const expiredCodes = new Set(['BR-33', 'BR-54'])

/**
 * So many in a day with no right one between, although the bank goes on asking: its PIN is not the one the
 * customer knows.
 */
function wrongPin({ wrongPins, wrongPinsSince }: CardBinding, now: number): Step {
  const { wrongPinsMax, lockMs } = bindingPolicy
  const isSameDay = wrongPinsSince !== null && now < wrongPinsSince + lockMs
  const count = {
    wrongPins: isSameDay ? wrongPins + 1 : 1,
    wrongPinsSince: isSameDay ? wrongPinsSince : now,
  }
  return count.wrongPins >= wrongPinsMax
    ? { to: 'needs_rebinding', changes: { ...count, reason: 'card_changed' } }
    : { to: 'active', changes: count }
}

/** Every binding of a number ends with it; answers those that ended now. */
export async function releaseBindings(
  tx: Tx,
  tools: BindingTools,
  msisdn: Msisdn,
): Promise<CardBinding[]> {
  const ended: CardBinding[] = []
  for (const binding of await lockBindingsOf(tx, msisdn))
    ended.push(await step(tx, tools, binding, end('number_released')))
  return ended
}

export const end = (reason: 'asked_for' | 'number_released' | 'verification_abandoned'): Step => ({
  to: 'unbound',
  changes: { reason },
})

/** Lets go of what nobody goes on with. */
export function createBindingTimers(
  tools: BindingTools & { readonly onError: (error: unknown) => void },
): Worker {
  const { db, clock, onError } = tools
  return createWorker({
    ...{ db, clock, topic: bindingTimerTopic, onError },
    handler: eachJob({
      ...{ clock, onError },
      handle: (job) => db.transact((tx) => giveUp(tx, tools, job)),
    }),
  })
}

async function giveUp(tx: Tx, tools: BindingTools, job: Job): Promise<JobOutcome> {
  const binding = await lockBinding(tx, job.subject)
  const dueAt = binding && deadlineOf(binding)
  if (!binding || dueAt === undefined) return { kind: 'done' }
  if (tools.clock.now() < dueAt) return { kind: 'next', dueAt }
  const isDraft = binding.state === 'draft'
  const last = isDraft
    ? end('verification_abandoned')
    : fallen(binding, false, 'verification_abandoned')
  const after = await step(tx, tools, binding, last)
  const token = after.cardToken
  if (isDraft && !(await isNeeded(tx, tools, token))) await tools.vault.erase(tx, token)
  return { kind: 'settled' }
}

/** Where no bank has ever said that it is a customer's, and nothing goes to it, the number is not kept. */
const isNeeded = async (tx: Tx, { isPayee }: BindingTools, token: string): Promise<boolean> =>
  (await holderOf(tx, token)) !== undefined ||
  (await wasEverBound(tx, token)) ||
  (await isPayee(tx, token))
