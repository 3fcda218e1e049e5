/** What the centre keeps: mailboxes, undelivered messages and parts, in memory and in the journal. */
import { createPdu, decodePdu, encodePdu, type MessagePart } from '@telepurse/sms'
import type { Delivery } from './deliveries.ts'
import { type JournalLine, noJournal, openJournal, readJournal } from './journal.ts'
import { createMailboxes, type HandsetMessage } from './mailbox.ts'
import type { Handset } from './numbers.ts'

export interface Store {
  list(handset: Handset, after?: string): readonly HandsetMessage[]
  add(handset: Handset, message: HandsetMessage): void
  keepDelivery(delivery: Delivery): void
  settle(delivery: Delivery, delivered: boolean): void
  keepPart(part: MessagePart, at: number): void
  clear(handset: Handset): void
  /** How many deliveries of a message are not settled, and whether one of them failed. */
  progress(messageId: string): { readonly open: number; readonly failed: boolean }
  /** What an earlier run left undone. */
  readonly left: {
    readonly deliveries: readonly Delivery[]
    readonly parts: readonly { readonly part: MessagePart; readonly at: number }[]
  }
  close(): void
}

const hexOf = (octets: Uint8Array) => Buffer.from(octets).toString('hex')
const octetsOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))

const lineOf = ({ id, messageId, body, tlvs }: Delivery): JournalLine => {
  const pdu = hexOf(encodePdu(createPdu('deliver_sm', { sequence: 1, body, tlvs })))
  return { kind: 'deliver', id, messageId, pdu }
}

const partLine = (part: MessagePart, at: number): JournalLine => ({
  kind: 'part',
  at,
  ...part,
  content: hexOf(part.content),
})

/** Parts older than this are not put together any more. */
const partsMs = 3_600_000

export function openStore(path: string | undefined, now: number): Store {
  const mailboxes = createMailboxes()
  const open = new Map<string, Delivery>()
  const openByMessage = new Map<string, { open: number; failed: boolean }>()
  const parts: { part: MessagePart; at: number }[] = []

  const keep = (delivery: Delivery) => {
    open.set(delivery.id, delivery)
    const progress = openByMessage.get(delivery.messageId) ?? { open: 0, failed: false }
    progress.open += 1
    openByMessage.set(delivery.messageId, progress)
  }

  const settled = (id: string, delivered: boolean) => {
    const delivery = open.get(id)
    const progress = openByMessage.get(delivery?.messageId ?? '')
    if (!delivery || !progress) return
    open.delete(id)
    progress.open -= 1
    progress.failed ||= !delivered
    if (progress.open > 0) return
    openByMessage.delete(delivery.messageId)
    mailboxes.setStatus(delivery.messageId, progress.failed ? 'failed' : 'delivered')
  }

  const replay = (line: JournalLine) => {
    if (line.kind === 'message') mailboxes.add(line.handset, line.message)
    else if (line.kind === 'settled') settled(line.id, line.delivered)
    else if (line.kind === 'cleared') mailboxes.clear(line.handset)
    else if (line.kind === 'deliver') {
      const decoded = decodePdu(octetsOf(line.pdu))
      if (!decoded.ok || decoded.value.command !== 'deliver_sm') return
      const { body, tlvs } = decoded.value
      keep({ id: line.id, messageId: line.messageId, body, tlvs })
    } else if (now - line.at < partsMs) {
      const { kind: _, at, content, ...part } = line
      parts.push({ part: { ...part, content: octetsOf(content) }, at })
    }
  }

  for (const line of path === undefined ? [] : readJournal(path)) replay(line)
  const kept: JournalLine[] = []
  for (const [handset, messages] of mailboxes.entries())
    kept.push(...messages.map((message) => ({ kind: 'message', handset, message }) as const))
  kept.push(...[...open.values()].map(lineOf), ...parts.map((it) => partLine(it.part, it.at)))
  const journal = path === undefined ? noJournal : openJournal(path, kept)

  return {
    left: { deliveries: [...open.values()], parts },
    list: mailboxes.list,
    progress: (messageId) => openByMessage.get(messageId) ?? { open: 0, failed: false },
    close: journal.close,
    add(handset, message) {
      journal.append({ kind: 'message', handset, message })
      mailboxes.add(handset, message)
    },
    keepDelivery(delivery) {
      journal.append(lineOf(delivery))
      keep(delivery)
    },
    settle(delivery, delivered) {
      journal.append({ kind: 'settled', id: delivery.id, delivered })
      settled(delivery.id, delivered)
    },
    keepPart: (part, at) => journal.append(partLine(part, at)),
    clear(handset) {
      journal.append({ kind: 'cleared', handset })
      mailboxes.clear(handset)
    },
  }
}
