/**
 * A bank on the wire: the port's verbs as ISO 8583 messages over its link. A verb sends one message or none,
 * and answers `done` only for an intact answer to this exchange, with a true code, that says yes to this card
 * and this amount.
 */
import { encryptPin, type Message, type OutgoingMessage, textOf } from '@telepurse/iso8583'
import type {
  Agreement,
  Bank,
  BankAccepted,
  BankAnswer,
  BankCard,
  BankPartial,
  BankUnknown,
  BankUnsent,
} from '../../bank-cards/index.ts'
import type { Amount, Secret } from '../../kernel/index.ts'
import { agreementOf, balanceIn, findingOf, judge, traceOf } from './answers.ts'
import { specOf } from './config.ts'
import { createFileReader } from './file-folder.ts'
import { identificationOf, payeeOf } from './identification.ts'
import { BankLink, type LinkState } from './link.ts'
import { createMacRing } from './mac-ring.ts'
import type { BankOptions } from './options.ts'
import { amountMax, createRequestWriter } from './requests.ts'
import type { VerbKind, Verdict } from './verdict.ts'

export interface WireBank extends Bank {
  /** Begins to connect, and never stops trying. */
  start(): void
  /** Resolves when signed on; rejects when closed. */
  whenReady(): Promise<void>
  state(): LinkState
  /** Takes no more, waits for what is under way, signs off. */
  close(): Promise<void>
}

type Settled<Value> = BankAnswer<Value> | BankPartial | BankAccepted
type Asked =
  | { readonly outcome: 'answered'; readonly answer: Message; readonly verdict: Verdict }
  | BankUnknown
  | BankUnsent
type Fields = Record<number, string | Uint8Array>

/** Makes a bank; `start` brings its link up. No verb rejects. */
export function createWireBank(options: BankOptions): WireBank {
  const { config, keys, clock, files } = options
  const spec = specOf(config)
  const ring = createMacRing({ keys, spec, algorithm: config.mac, clock })
  const link = new BankLink({ options, spec, ring })
  const requests = createRequestWriter(config, spec)

  async function ask(
    kind: VerbKind,
    request: OutgoingMessage,
    { resend } = { resend: false },
  ): Promise<Asked> {
    const reply = await link.request(request, { resend })
    if (reply.kind === 'answer')
      return {
        outcome: 'answered',
        answer: reply.message,
        verdict: judge(request, reply.message, kind),
      }
    const { detail } = reply
    if (reply.kind === 'unanswered')
      return { outcome: 'unknown', detail, alarm: reply.alarm === true }
    return unsent(detail, reply.opensAt)
  }

  /** Fields 52 and 53. With a message of everyday use a PIN goes only to a bank that keeps it. */
  function pinFields(card: BankCard, pin: Secret | undefined): Fields | BankUnsent {
    return config.pin.keptBy === 'wallet' ? {} : pinBlock(card, pin)
  }
  function pinBlock(card: BankCard, pin: Secret | undefined): Fields | BankUnsent {
    if (pin === undefined) return {}
    const { format, control } = config.pin
    const cipher = keys.pin()
    if (!cipher) return unsent('no_pin_key')
    const random = options.random(pinRandomOctets)
    const block = encryptPin({ format, cipher }, { pin, pan: card.pan.reveal(), random })
    return block.ok ? { 26: '12', 52: block.value, 53: control } : unsent(block.refusal)
  }

  const paid = async (kind: VerbKind, request: OutgoingMessage) =>
    settled(await ask(kind, request), traceOf)

  return {
    name: config.name,
    begin: () => link.begin(),
    async verify(verification) {
      // At a counter the card's own PIN is asked for once, whoever keeps the one it is used with.
      const pin = pinBlock(verification.card, verification.pin)
      if (isUnsent(pin)) return pin
      if (verification.code && !/^\d{1,10}$/.test(verification.code.reveal()))
        return unsent('code_invalid')
      const identification = identificationOf(verification)
      if (identification === undefined) return unsent('identification_invalid')
      const request = requests.verify(verification, identification, pin)
      const asked = await ask('no_money', request)
      return withFinding(plain(settled(asked, agreementOf)), asked)
    },
    async balance(inquiry) {
      const pin = pinFields(inquiry.card, inquiry.pin)
      if (isUnsent(pin)) return pin
      const asked = await ask('no_money', requests.balance(inquiry, pin))
      const answer = plain(settled(asked, (message) => balanceIn(message, config.currency)))
      if (answer.outcome !== 'done') return answer
      const { value } = answer
      if (!value) return { outcome: 'unknown', detail: 'balance_unreadable', alarm: true }
      return { outcome: 'done', value }
    },
    async purchase(purchase) {
      if (!fits(purchase.amount)) return unsent('amount_invalid')
      if (purchase.orderNo !== undefined && !/^[A-Za-z0-9]{1,40}$/.test(purchase.orderNo))
        return unsent('order_no_invalid')
      if (config.pin.keptBy === 'bank' && !purchase.pin) return unsent('pin_needed')
      const pin = pinFields(purchase.card, purchase.pin)
      if (isUnsent(pin)) return pin
      const answer = await paid('debit', requests.purchase(purchase, pin))
      return answer.outcome === 'accepted' ? unexpected : answer
    },
    async credit(credit) {
      if (!fits(credit.amount)) return unsent('amount_invalid')
      const payee = credit.payee && payeeOf(credit.payee)
      if (credit.payee && payee === undefined) return unsent('identification_invalid')
      const answer = await paid('credit', requests.credit(credit, payee))
      return answer.outcome === 'partial' ? unexpected : answer
    },
    async reverse(reversal) {
      if (!fits(reversal.amount)) return unsent('amount_invalid')
      const request = requests.reverse(reversal)
      return plain(settled(await ask('reversal', request, { resend: true }), traceOf))
    },
    async voidPurchase(refund) {
      if (!fits(refund.amount)) return unsent('amount_invalid')
      return plain(await paid('undo', requests.voidPurchase(refund)))
    },
    async refund(refund) {
      if (!fits(refund.amount)) return unsent('amount_invalid')
      return plain(await paid('undo', requests.refund(refund)))
    },
    files: createFileReader(config.name, files),
    health() {
      const { connections, breaker } = link.state()
      const up = breaker === 'closed' && connections.some(({ phase }) => phase === 'ready')
      const phases = connections.map(({ phase, lastError }) =>
        lastError !== undefined && phase !== 'ready' ? `${phase} (${lastError})` : phase,
      )
      return { up, detail: `${phases.join(', ')}; breaker ${breaker}` }
    },
    start: () => link.start(),
    whenReady: () => link.whenReady(),
    totals: (day) => link.totals(day),
    state: () => link.state(),
    close: () => link.close(),
  }
}

/** What the hungriest PIN block format takes. */
const pinRandomOctets = 10

const fits = (amount: Amount) => amount > 0n && amount <= amountMax

const isUnsent = (fields: Fields | BankUnsent): fields is BankUnsent => 'outcome' in fields

const unsent = (detail: string, opensAt?: number): BankUnsent => ({
  ...{ outcome: 'unsent', detail },
  ...(opensAt !== undefined && { opensAt }),
})

/** What a verdict makes of an answer; `read` takes the value out of a yes. */
function settled<Value>(asked: Asked, read: (answer: Message) => Value): Settled<Value> {
  if (asked.outcome !== 'answered') return asked
  const { answer, verdict } = asked
  switch (verdict.outcome) {
    case 'done':
      return { outcome: 'done', value: read(answer) }
    case 'partial':
      return {
        ...{ outcome: 'partial', approved: BigInt(textOf(answer, 4) ?? '0') },
        value: traceOf(answer),
      }
    case 'accepted':
      return { ...verdict, value: traceOf(answer) }
    default:
      return verdict
  }
}

function withFinding(answer: BankAnswer<Agreement>, asked: Asked): BankAnswer<Agreement> {
  if (answer.outcome !== 'refused' || asked.outcome !== 'answered') return answer
  const finding = findingOf(asked.answer)
  return finding ? { ...answer, refusal: { ...answer.refusal, finding } } : answer
}

const unexpected: BankUnknown = { outcome: 'unknown', detail: 'answer_unexpected', alarm: true }

/** For verbs whose verdicts are never in part or for later. */
const plain = <Value>(answer: Settled<Value>): BankAnswer<Value> =>
  answer.outcome === 'partial' || answer.outcome === 'accepted' ? unexpected : answer
