// Texts as a phone keeps them: one thread per number at the other end, the newest thread first.
import type { Message } from '../state.ts'

export type Thread = { peer: string; messages: Message[]; last: Message }

export function threadsOf(messages: readonly Message[]): Thread[] {
  const threads = new Map<string, Thread>()
  for (const message of inOrder(messages)) {
    const thread = threads.get(message.peer)
    if (thread) {
      thread.messages.push(message)
      thread.last = message
    } else {
      threads.set(message.peer, { peer: message.peer, messages: [message], last: message })
    }
  }
  return [...threads.values()].reverse().sort((first, second) => second.last.at - first.last.at)
}

export function lastReceived(messages: readonly Message[]): Message | undefined {
  return inOrder(messages).findLast((message) => message.direction === 'received')
}

/** Equal moments keep the order in which the server told them. */
function inOrder(messages: readonly Message[]): Message[] {
  return messages.toSorted((first, second) => first.at - second.at)
}
