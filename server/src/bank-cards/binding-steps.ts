/** One step of a binding with all that goes with it: its row, the cards it holds, its timer, who is told. */
import { armJobs, cancelJobs, type Tx } from '../db/index.ts'
import { bucketOf } from '../kernel/index.ts'
import {
  type BindingChanges,
  type BindingState,
  bindingPolicy,
  type CardBinding,
  heldBy,
  moved,
} from './binding.ts'
import { saveBinding } from './binding-store.ts'
import type { BindingTools } from './binding-tools.ts'
import { freeCard } from './verification-store.ts'

export const bindingTimerTopic = 'bank_card.timer'

type StepTools = Pick<BindingTools, 'clock' | 'onChange'>

export interface Step {
  readonly to: BindingState
  readonly changes?: BindingChanges
}

/** The caller holds the row. Cards are claimed by whoever may find them taken, and freed here. */
export async function step(
  tx: Tx,
  { clock, onChange }: StepTools,
  before: CardBinding,
  { to, changes = {} }: Step,
): Promise<CardBinding> {
  const after = moved(before, to, changes, clock.now())
  await saveBinding(tx, after)
  const kept = new Set(heldBy(after))
  // Whoever fell back has claimed the replacement too, though its state no longer says so.
  const all = [before.cardToken, before.nextToken].filter((token) => token !== null)
  for (const token of all) if (!kept.has(token)) await freeCard(tx, token, before.id)
  keepTimer(tx, after)
  if (before.state !== after.state) await onChange?.(tx, { before, after })
  return after
}

/** Until when a binding may stay as it is when nobody goes on with it. */
export function deadlineOf({ state, updatedAt }: CardBinding): number | undefined {
  if (state === 'draft') return updatedAt + bindingPolicy.draftMs
  if (state === 'verifying' || state === 'code_sent') return updatedAt + bindingPolicy.abandonedMs
  return undefined
}

export function keepTimer(tx: Tx, binding: CardBinding): void {
  const key = { bucket: bucketOf(binding.msisdn), topic: bindingTimerTopic, subject: binding.id }
  const dueAt = deadlineOf(binding)
  if (dueAt === undefined) cancelJobs(tx, [key])
  else armJobs(tx, [{ ...key, dueAt, payload: {} }])
}
