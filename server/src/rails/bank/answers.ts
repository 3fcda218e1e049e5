/**
 * Whether an answer is one to what was asked, and what is in it. Its code is true and it belongs to the
 * exchange; here it is compared with the request, because a yes to another amount or card is no yes to ours.
 */
import {
  type Message,
  type OutgoingMessage,
  readAdditionalAmounts,
  textOf,
} from '@telepurse/iso8583'
import type {
  Agreement,
  Balance,
  BankBill,
  BankTrace,
  VerificationFinding,
} from '../../bank-cards/index.ts'
import { type BusinessDate, isBusinessDate } from '../../kernel/index.ts'
import { type VerbKind, type Verdict, verdictOn } from './verdict.ts'

/** The verdict on an answer, or `unknown` with an alarm when it contradicts the request. */
export function judge(request: OutgoingMessage, answer: Message, verb: VerbKind): Verdict {
  const code = textOf(answer, 39)
  if (code === undefined) return contradiction('answer_without_code')
  const verdict = verdictOn(code, verb)
  const different = differenceIn(request, answer, verdict)
  return different === undefined ? verdict : contradiction(different)
}

const contradiction = (detail: string): Verdict => ({ outcome: 'unknown', detail, alarm: true })

/** Must be as they were sent, where they come back at all. */
const repeated: readonly (readonly [field: number, detail: string])[] = [
  [2, 'card_differs'],
  [41, 'terminal_differs'],
  [42, 'acceptor_differs'],
  [49, 'currency_differs'],
  [90, 'original_differs'],
]

function differenceIn(
  request: OutgoingMessage,
  answer: Message,
  { outcome }: Verdict,
): string | undefined {
  for (const [field, detail] of repeated) {
    const back = textOf(answer, field)
    const sent = textOf(request, field)
    if (back !== undefined && sent !== undefined && back.trimEnd() !== sent.trimEnd()) return detail
  }
  // A bank may name the accounts in the last four digits.
  const kind = textOf(answer, 3)?.slice(0, 2)
  if (kind !== undefined && kind !== textOf(request, 3)?.slice(0, 2)) return 'kind_differs'
  return amountDifference(textOf(request, 4), textOf(answer, 4), outcome)
}

/** What moves money must name the amount; a part must be a part. */
function amountDifference(
  sent: string | undefined,
  back: string | undefined,
  outcome: Verdict['outcome'],
): string | undefined {
  const moves = outcome === 'done' || outcome === 'partial' || outcome === 'accepted'
  if (sent === undefined) return undefined
  if (back === undefined) return moves ? 'amount_missing' : undefined
  if (outcome === 'partial') return back > zero && back < sent ? undefined : 'amount_differs'
  return back === sent ? undefined : 'amount_differs'
}
const zero = '0'.repeat(12)

export function traceOf(answer: Message): BankTrace {
  const retrievalReference = textOf(answer, 37)?.trim()
  const authorization = textOf(answer, 38)?.trim()
  const settlementDate = textOf(answer, 15)
  return {
    ...(retrievalReference !== undefined && { retrievalReference }),
    ...(authorization !== undefined && { authorization }),
    ...(settlementDate !== undefined && { settlementDate }),
  }
}

/** Field 57: `AB` and the number of the agreement. */
export function agreementOf(answer: Message): Agreement {
  const [, agreement] = /^AB(\S+)/.exec(textOf(answer, 57) ?? '') ?? []
  return { ...traceOf(answer), ...(agreement !== undefined && { agreement }) }
}

const findings: Readonly<Record<string, VerificationFinding>> = {
  AR001: 'document_differs',
  AR002: 'mobile_differs',
  AR003: 'several_differ',
  AR004: 'document_not_supported',
  AR005: 'too_many_cards',
  AR006: 'code_wrong',
  AR007: 'code_expired',
}

/** Field 57 of a refused verification. */
export const findingOf = (answer: Message): VerificationFinding | undefined =>
  findings[(textOf(answer, 57) ?? '').trimEnd()]

const ledgerAmount = '01'
const availableAmount = '02'

/** Field 54. Undefined when it does not name an available amount in this currency. */
export function balanceIn(answer: Message, currency: string): Balance | undefined {
  const read = readAdditionalAmounts(textOf(answer, 54) ?? '')
  if (!read.ok) return undefined
  const of = (type: string) =>
    read.value.find((it) => it.amountType === type && it.currency === currency)?.amount
  const available = of(availableAmount)
  const ledger = of(ledgerAmount)
  const bill = billIn(textOf(answer, 57) ?? '')
  return available === undefined
    ? undefined
    : { available, ...(ledger !== undefined && { ledger }), ...(bill && { bill }) }
}

/** Bill day and due day, then amount, minimum and what was paid, in fen. */
const billPattern = /^AB(\d{8})(\d{8})(\d{12})(\d{12})(\d{12})$/

/** Field 57. Undefined when it is no bill, or one that does not make sense: it is as good as not said. */
export function billIn(text: string): BankBill | undefined {
  const [, billed, due, ...sums] = billPattern.exec(text.trimEnd()) ?? []
  const [billedOn, dueOn] = [dateIn(billed), dateIn(due)]
  const [amount = 0n, minimum = 0n, paid = 0n] = sums.map(BigInt)
  if (billedOn === undefined || dueOn === undefined || billedOn >= dueOn) return undefined
  if (amount === 0n || minimum > amount || paid > amount) return undefined
  return { billedOn, dueOn, amount, minimum, paid }
}

function dateIn(digits = ''): BusinessDate | undefined {
  const date = digits.replace(/^(....)(..)(..)$/, '$1-$2-$3')
  return isBusinessDate(date) ? date : undefined
}
