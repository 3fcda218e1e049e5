/**
 * What must not wait behind new orders: whatever answers, ends or corrects something that was begun
 * with a customer. A purchase nobody began can be begun later; a yes cannot be asked for again.
 */
import type { Command } from './command.ts'

/** How long a caller's command may wait for its commit when the caller does not say. */
export const patienceMs = 10_000

export function isUrgent(command: Command): boolean {
  if (command.kind === 'order') return false
  if (command.kind !== 'text') return true
  const { yes, no, code, cancel, stop } = command.text.reading
  return yes !== null || no || code !== null || cancel || stop
}
