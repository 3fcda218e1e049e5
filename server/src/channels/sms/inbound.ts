/**
 * A text from a handset on its way to the purchase. The gateway keeps it until we acknowledge, and we
 * acknowledge only when all it led to is committed; so nothing is lost, and what comes twice is taken
 * once by the gateway's own id.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database, Log } from '../../db/index.ts'
import {
  bucketOf,
  type Clock,
  type Ids,
  maskCardNumbers,
  masked,
  parseMsisdn,
} from '../../kernel/index.ts'
import type { Payments } from '../../payments/index.ts'
import { type DeskText, isForDesk } from './card-desk/desk.ts'
import { withoutPins } from './card-desk/reading.ts'
import { read } from './reading.ts'
import { addressText, type IncomingMessage, type IncomingReceipt } from './smpp/index.ts'
import type { SmsLog } from './sms-log.ts'
import { dropParts, keepPart } from './sms-store.ts'

export interface InboundOptions {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly payments: Pick<Payments, 'text'>
  /** Takes what is for the cards; says so when it is for the purchases after all. */
  readonly desk?: { take(text: DeskText): Promise<boolean> }
  readonly smsLog: SmsLog
  /** Names the gateway in the dedupe key: its ids are unique only within it. */
  readonly gateway: string
  readonly log: Log
}

/** A text longer than this many parts is no order and no answer; it is dropped with a log line. */
const partsMax = 10

export function createInbound(options: InboundOptions) {
  const { db, clock, payments, smsLog, gateway, log } = options

  async function take(message: Whole): Promise<void> {
    const from = parseMsisdn(message.from)
    if (!from.ok) {
      log.warn({ gateway }, 'a text came from what is no mobile number')
      return
    }
    const { to, receivedAt, messageId } = message
    const text = storable(message.text)
    const delivered = { from: from.value, to, receivedAt, gateway, messageId }
    const forDesk = isForDesk(to)
    const isTaken = forDesk && (await options.desk?.take({ ...delivered, text }))
    if (!isTaken) await payments.text({ ...delivered, reading: read(text) })
    const bucket = bucketOf(from.value)
    await smsLog.record({
      bucket,
      id: options.ids.next(bucket, clock.now()),
      direction: 'in',
      msisdn: from.value,
      service: to,
      // The record is kept for years, and what was read is known by now.
      text: forDesk ? withoutPins(text) : maskCardNumbers(text),
      parts: message.parts,
      state: 'received',
      gateway,
      paymentId: null,
      at: receivedAt,
      partIds: [],
    })
  }

  return {
    /** Resolves when the message is safe. */
    async onMessage(message: IncomingMessage): Promise<void> {
      const from = addressText(message.source)
      const to = message.destination.number
      const { concatenation, receivedAt, text } = message
      const messageId =
        message.providerMessageIdFrom === 'receipted_message_id'
          ? (message.providerMessageId ?? null)
          : null
      if (text === undefined) {
        log.warn({ gateway, coding: message.dataCoding }, 'a text in no alphabet we read')
        return
      }
      if (!concatenation) return take({ from, to, text, receivedAt, messageId, parts: 1 })
      const { total, part, reference } = concatenation
      // Parts are kept until the last has come, and here they may hold a PIN. Nothing asked for is so long.
      if (isForDesk(to)) {
        if (part === 1) await take({ from, to, text: '?', receivedAt, messageId, parts: total })
        return
      }
      if (total > partsMax) {
        log.warn({ gateway, total }, 'a text too long to be an order')
        return
      }
      const sender = parseMsisdn(from)
      if (!sender.ok) return
      const key = `${gateway}|${from}|${to}|${reference}|${total}`
      const kept = { from: sender.value, key, seq: part, total, text, messageId }
      const parts = await db.transact((tx) => keepPart(tx, kept, clock.now()))
      const [first] = parts
      if (!first || parts.length < total) return
      const whole = parts.map((one) => one.text).join('')
      // Named by its first part whichever came last, so that a part delivered twice makes no second text.
      await take({ from, to, text: whole, receivedAt, messageId: first.messageId, parts: total })
      await db.transact(async (tx) => dropParts(tx, sender.value, key))
    },
    /** A receipt may overtake the record of its own text, so it is looked for a while. */
    async onReceipt(receipt: IncomingReceipt): Promise<void> {
      const { messageId, state } = receipt
      const note = { gateway, messageId, state }
      if (await smsLog.receipt(note)) return
      for (const waitMs of receiptWaitsMs) {
        await sleep(waitMs)
        if (await smsLog.receipt(note)) return
      }
      const to = masked(addressText(receipt.source))
      log.warn({ gateway, to }, 'a receipt for no known text')
    },
  }
}

/** A database keeps neither NUL nor half of a character; a text must not come back for ever because of one. */
const storable = (text: string) => text.replace(/\0|\p{Cs}/gu, '\ufffd')

const receiptWaitsMs = [200, 1_000, 3_000]

interface Whole {
  readonly from: string
  readonly to: string
  readonly text: string
  readonly receivedAt: number
  readonly messageId: string | null
  readonly parts: number
}
