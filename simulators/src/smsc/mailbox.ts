/** The messages of every virtual handset, oldest first. */
import type { Handset } from './numbers.ts'

export interface HandsetMessage {
  readonly id: string
  readonly direction: 'sent' | 'received'
  /** The other side: a service code, or `+86…`. */
  readonly peer: string
  readonly text: string
  /** Milliseconds since 1970 UTC. */
  readonly at: number
  /** Short messages it took. */
  readonly parts: number
  /** Of a sent one: waiting for the service, taken by it, or given up. */
  readonly status: 'queued' | 'delivered' | 'failed' | 'received'
}

export interface Mailboxes {
  /** Oldest first. `after` is an id: only what is newer. */
  list(handset: Handset, after?: string): readonly HandsetMessage[]
  add(handset: Handset, message: HandsetMessage): void
  setStatus(messageId: string, status: HandsetMessage['status']): void
  clear(handset: Handset): void
  entries(): Iterable<readonly [Handset, readonly HandsetMessage[]]>
}

/** A handset forgets its oldest messages, and the network its oldest handset: memory has an end. */
const messagesMax = 1_000
const handsetsMax = 20_000

export function createMailboxes(): Mailboxes {
  const boxes = new Map<Handset, HandsetMessage[]>()
  const owners = new Map<string, Handset>()

  const forget = (messages: readonly HandsetMessage[]) => {
    for (const { id } of messages) owners.delete(id)
  }

  return {
    entries: () => boxes.entries(),
    list(handset, after) {
      const messages = boxes.get(handset) ?? []
      return messages.slice(
        after === undefined ? 0 : messages.findIndex((it) => it.id === after) + 1,
      )
    },
    add(handset, message) {
      let messages = boxes.get(handset)
      if (!messages) {
        messages = []
        boxes.set(handset, messages)
        const [oldest] = boxes.size > handsetsMax ? boxes : []
        if (oldest) {
          forget(oldest[1])
          boxes.delete(oldest[0])
        }
      }
      messages.push(message)
      if (message.direction === 'sent') owners.set(message.id, handset)
      if (messages.length > messagesMax) forget(messages.splice(0, messages.length - messagesMax))
    },
    setStatus(messageId, status) {
      const messages = boxes.get(owners.get(messageId) ?? '')
      const at = messages?.findIndex((it) => it.id === messageId) ?? -1
      const message = messages?.[at]
      if (messages && message) messages[at] = { ...message, status }
    },
    clear(handset) {
      forget(boxes.get(handset) ?? [])
      boxes.delete(handset)
    },
  }
}
