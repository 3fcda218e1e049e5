/** What the centre keeps: mailboxes, undelivered messages and parts, in memory and in the journal. */
import { decodePdu, encodeParts, type MessagePart } from '@telepurse/sms'
import type { Delivery } from './deliveries.ts'
import { type Journal, type JournalLine, openJournal, readJournal } from './journal.ts'
import { createMailboxes, type HandsetMessage } from './mailbox.ts'
import type { Handset } from './numbers.ts'

/** How many deliveries of a message are not settled, and whether one of them failed. */
export interface Progress {
  open: number
  failed: boolean
}

interface KeptPart {
  readonly part: MessagePart
  readonly at: number
}

/** Parts older than this are not put together any more. */
const partsMs = 3_600_000

export class Store {
  readonly #mailboxes = createMailboxes()
  readonly #open = new Map<string, Delivery>()
  readonly #progress = new Map<string, Progress>()
  readonly #parts: KeptPart[] = []
  /** Absent where nothing is kept: then no line is even made. */
  readonly #journal: Journal | undefined

  /** Reads the journal at `path` when there is one, and drops from it what no longer matters. */
  constructor(path: string | undefined, now: number) {
    if (path === undefined) return
    for (const line of readJournal(path)) this.#replay(line, now)
    this.#journal = openJournal(path, [...this.#lines()])
  }

  /** What an earlier run left undone. */
  left(): { readonly deliveries: readonly Delivery[]; readonly parts: readonly KeptPart[] } {
    return { deliveries: [...this.#open.values()], parts: this.#parts }
  }

  list(handset: Handset, after?: string): readonly HandsetMessage[] {
    return this.#mailboxes.list(handset, after)
  }

  progress(messageId: string): Readonly<Progress> {
    return { ...(this.#progress.get(messageId) ?? { open: 0, failed: false }) }
  }

  add(handset: Handset, message: HandsetMessage): void {
    this.#journal?.append({ kind: 'message', handset, message })
    this.#mailboxes.add(handset, message)
  }

  keepDelivery(delivery: Delivery): void {
    this.#journal?.append(deliveryLine(delivery))
    this.#keep(delivery)
  }

  settle(delivery: Delivery, delivered: boolean): void {
    this.#journal?.append({ kind: 'settled', id: delivery.id, delivered })
    this.#settled(delivery.id, delivered)
  }

  keepPart(part: MessagePart, at: number): void {
    this.#journal?.append(partLine({ part, at }))
  }

  clear(handset: Handset): void {
    this.#journal?.append({ kind: 'cleared', handset })
    this.#mailboxes.clear(handset)
  }

  close(): void {
    this.#journal?.close()
  }

  #keep(delivery: Delivery) {
    const progress = this.#progress.get(delivery.messageId) ?? { open: 0, failed: false }
    progress.open += 1
    this.#open.set(delivery.id, delivery)
    this.#progress.set(delivery.messageId, progress)
  }

  #settled(id: string, delivered: boolean) {
    const delivery = this.#open.get(id)
    const progress = this.#progress.get(delivery?.messageId ?? '')
    if (!delivery || !progress) return
    this.#open.delete(id)
    progress.open -= 1
    progress.failed ||= !delivered
    if (progress.open > 0) return
    this.#progress.delete(delivery.messageId)
    this.#mailboxes.setStatus(delivery.messageId, progress.failed ? 'failed' : 'delivered')
  }

  #replay(line: JournalLine, now: number) {
    if (line.kind === 'message') this.#mailboxes.add(line.handset, line.message)
    else if (line.kind === 'settled') this.#settled(line.id, line.delivered)
    else if (line.kind === 'cleared') this.#mailboxes.clear(line.handset)
    else if (line.kind === 'deliver') {
      const decoded = decodePdu(octetsOf(line.pdu))
      if (!decoded.ok || decoded.value.command !== 'deliver_sm') return
      const { body, tlvs } = decoded.value
      this.#keep({ id: line.id, messageId: line.messageId, body, tlvs })
    } else if (now - line.at < partsMs) {
      const { kind: _, at, content, ...part } = line
      this.#parts.push({ part: { ...part, content: octetsOf(content) }, at })
    }
  }

  *#lines(): Iterable<JournalLine> {
    for (const [handset, messages] of this.#mailboxes.entries())
      for (const message of messages) yield { kind: 'message', handset, message }
    for (const delivery of this.#open.values()) yield deliveryLine(delivery)
    for (const part of this.#parts) yield partLine(part)
  }
}

const hexOf = (octets: Uint8Array) => Buffer.from(octets).toString('hex')
const octetsOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))

function deliveryLine({ id, messageId, body, tlvs }: Delivery): JournalLine {
  const pdu = hexOf(encodeParts('deliver_sm', { sequence: 1, body, tlvs }))
  return { kind: 'deliver', id, messageId, pdu }
}

const partLine = ({ part, at }: KeptPart): JournalLine => ({
  kind: 'part',
  at,
  ...part,
  content: hexOf(part.content),
})
