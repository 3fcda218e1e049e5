/** Messages for handsets: what a submit_sm or data_sm is answered, and when its text arrives. */
import {
  type BodyOf,
  commandStatus,
  createReassembler,
  createResponse,
  decodeText,
  formatReceipt,
  integerTlv,
  type MessagePart,
  messageStates,
  type Pdu,
  type PduOf,
  type ShortMessage,
  shortMessageOf,
  stringTlv,
} from '@telepurse/sms'
import type { Delivery } from './deliveries.ts'
import type { EsmeSession } from './esme-session.ts'
import type { FaultDice, NetworkFaults } from './faults.ts'
import type { HandsetMessage } from './mailbox.ts'
import { type Handset, parseHandset, peerName } from './numbers.ts'

type Submit = PduOf<'submit_sm'> | PduOf<'data_sm'>

export interface SubmitNetwork {
  faults(): NetworkFaults
  now(): number
  nextId(): string
  /** Runs later, or at once when the network stops. */
  later(ms: number, act: () => void): void
  receive(handset: Handset, message: HandsetMessage): void
  keepPart(part: MessagePart, at: number): void
  deliver(delivery: Delivery): void
}

/** How long parts wait for each other, and how many messages may be incomplete at once. */
const partsMs = 3_600_000
const incompleteMax = 10_000

export class Submits {
  readonly #network: SubmitNetwork
  readonly #dice: FaultDice
  readonly #reassembler = createReassembler<MessagePart>({
    groupsMax: incompleteMax,
    ttlMs: partsMs,
  })

  constructor(network: SubmitNetwork, dice: FaultDice) {
    this.#network = network
    this.#dice = dice
  }

  /** A part kept from before a restart. */
  restore(part: MessagePart, at: number): void {
    this.#reassembler.add(part, at)
  }

  take(session: EsmeSession, pdu: Submit): void {
    const network = this.#network
    const faults = network.faults()
    const answer = (status: number, messageId = '') => {
      const response = createResponse(pdu, { status, body: { message_id: messageId } }) as Pdu
      if (faults.answerDelayMs > 0)
        network.later(faults.answerDelayMs, () => session.send(response))
      else session.send(response)
    }
    const message = shortMessageOf(pdu)
    const wrong = statusOf(session, pdu, message.ok)
    if (wrong !== commandStatus.ESME_ROK || !message.ok) return answer(wrong)
    if (this.#dice.happens(faults.throttlePercent)) return answer(commandStatus.ESME_RTHROTTLED)
    if (this.#dice.happens(faults.rejectPercent)) return answer(faults.rejectStatus)
    const id = network.nextId()
    const lost = this.#dice.happens(faults.lossPercent)
    const delay = this.#dice.delay(faults)
    if (!lost) this.#carry(id, pdu, message.value, delay)
    if (!this.#dice.happens(faults.silentPercent)) answer(commandStatus.ESME_ROK, id)
    if (!lost && (pdu.body.registered_delivery & 3) === 1)
      network.later(delay, () => network.deliver(receiptOf(id, pdu, network.now())))
  }

  /** Without a delay the text is in the handset, and in the journal, before the answer leaves. */
  #carry(id: string, pdu: Submit, message: ShortMessage, delay: number) {
    const twice = this.#dice.happens(this.#network.faults().duplicatePercent)
    const act = () => {
      this.#arrive(id, pdu, message)
      if (twice) this.#arrive(`${id}.2`, pdu, message)
    }
    if (delay > 0) this.#network.later(delay, act)
    else act()
  }

  #arrive(id: string, pdu: Submit, message: ShortMessage) {
    const at = this.#network.now()
    const { source_addr: source, destination_addr: destination } = pdu.body
    const handset = parseHandset(destination)
    if (!handset) return
    const { concatenation, content, dataCoding } = message
    const show = (whole: Uint8Array, parts: number) => {
      const text = decodeText(whole, dataCoding) ?? `(${whole.length} octets)`
      const peer = peerName(source)
      const shown = {
        id,
        direction: 'received',
        peer,
        text,
        at,
        parts,
        status: 'received',
      } as const
      this.#network.receive(handset, shown)
    }
    if (!concatenation) return show(content, 1)
    this.#reassembler.expire(at)
    const part = { source, destination: handset, concatenation, dataCoding, content }
    this.#network.keepPart(part, at)
    const joined = this.#reassembler.add(part, at)
    if (joined.outcome === 'complete') show(joined.content, joined.parts.length)
  }
}

/** Absolute or relative, §7.1.1: 16 characters, or empty. */
const time = /^$|^\d{15}[+\-R]$/

function statusOf(session: EsmeSession, pdu: Submit, readable: boolean): number {
  const { body } = pdu
  const { mode } = session
  if (mode === undefined || mode === 'receiver') return commandStatus.ESME_RINVBNDSTS
  if (!/^[\x20-\x7e]{1,20}$/.test(body.source_addr)) return commandStatus.ESME_RINVSRCADR
  if (!parseHandset(body.destination_addr)) return commandStatus.ESME_RINVDSTADR
  if (pdu.command === 'submit_sm' && !time.test(pdu.body.schedule_delivery_time))
    return commandStatus.ESME_RINVSCHED
  if (pdu.command === 'submit_sm' && !time.test(pdu.body.validity_period))
    return commandStatus.ESME_RINVEXPIRY
  return readable ? commandStatus.ESME_ROK : commandStatus.ESME_RSUBMITFAIL
}

const minuteMs = 60_000
let dated = { minute: Number.NaN, date: '' }

/** yyMMddHHmm in China Standard Time, which has no daylight saving. Formatted once a minute. */
function receiptDate(at: number): string {
  const minute = Math.floor(at / minuteMs)
  if (minute !== dated.minute) {
    const text = new Date(at + 8 * 3_600_000).toISOString()
    dated = { minute, date: text.replace(/\D/g, '').slice(2, 12) }
  }
  return dated.date
}

/** The receipt goes from the handset back to the service that sent the message. */
function receiptOf(messageId: string, { body }: Submit, at: number): Delivery {
  const date = receiptDate(at)
  const text = formatReceipt({
    id: messageId,
    state: 'DELIVERED',
    submitted: 1,
    delivered: 1,
    submitDate: date,
    doneDate: date,
  })
  const receipt: Partial<BodyOf<'deliver_sm'>> = {
    source_addr_ton: body.dest_addr_ton,
    source_addr_npi: body.dest_addr_npi,
    source_addr: body.destination_addr,
    dest_addr_ton: body.source_addr_ton,
    dest_addr_npi: body.source_addr_npi,
    destination_addr: body.source_addr,
    esm_class: 0x04,
    short_message: Buffer.from(text, 'latin1'),
  }
  const tlvs = [
    stringTlv('receipted_message_id', messageId),
    integerTlv('message_state', messageStates.DELIVERED),
  ]
  return { id: `${messageId}.receipt`, messageId, body: receipt, tlvs }
}
