/** What an answer makes of an operation that had given up waiting for it. Pure. */
import type { BankRefusal, BankTrace } from '../bank.ts'
import type { OperationState } from './operation.ts'
import type { SentExchange } from './record.ts'
import { reversing, type Settlement, type Situation, sentAs, wiped } from './settle.ts'

export interface Said {
  readonly meaning: 'approved' | 'refused'
  readonly code: string
  readonly trace: BankTrace
}

/**
 * An answer to a message that was given up, or a second one. It decides what is unknown, and what contradicts
 * an outcome is an alarm; undefined when it changes nothing.
 */
export function settleLate(situation: Situation, said: Said): Settlement | undefined {
  const { operation, sent, now } = situation
  const { kind, state } = operation
  const { meaning, code, trace } = said
  if (sent.state === 'begun') return undefined
  if (sent.kind === 'reversal') {
    if (meaning !== 'approved' || state !== 'reversing' || sent.state === 'approved')
      return undefined
    return { sent: sentAs('approved', { trace }), ...afterLateReversal(situation) }
  }
  const isNews = sent.state !== meaning
  if (!isNews) return undefined
  if (kind !== 'debit') return settleLatePush(situation, said)
  // Whatever a debit is not, its reversal goes on.
  if (meaning === 'refused') return undefined
  const approved = sentAs('approved', { trace })
  switch (state) {
    case 'reversing':
      // A bank that takes back its no is not asked once more.
      return {
        ...{ sent: approved, operation: { refusal: null }, next: { who: 'worker', at: now } },
        ...(saidNo(sent) && { alarm: `approved_after_${sent.state}` }),
      }
    case 'unknown':
      return situation.othersStand
        ? { sent: approved, operation: {}, alarm: 'approved_while_unknown' }
        : { sent: approved, operation: { state: 'done', detail: null, trace } }
    case 'begun':
    case 'reversed':
    case 'refused':
      return {
        ...reversing({ sent: approved, detail: `late_${code}` }),
        ...{ next: { who: 'worker', at: now }, alarm: `approved_after_${state}` },
      }
    default:
      return { sent: {}, operation: {}, alarm: `approved_while_${state}` }
  }
}

/** Nobody is at it any more who could ask once more. */
function afterLateReversal(situation: Situation): Pick<Settlement, 'operation' | 'next'> {
  const { operation, othersStand, now } = situation
  if (othersStand) return { operation: {}, next: { who: 'worker', at: now } }
  const state = operation.refusal?.after === 'reversal' ? 'refused' : 'reversed'
  return { operation: { state, ...wiped } }
}

function settleLatePush(
  { operation, sent, othersStand }: Situation,
  said: Said,
): Settlement | undefined {
  const { state } = operation
  const { meaning, code, trace } = said
  const to: OperationState = meaning === 'approved' ? 'done' : 'refused'
  const contradicts = `${meaning}_while_${state}`
  // A yes to what seemed not to have left must not be followed by another message.
  const isOpen =
    state === 'unknown' || (to === 'done' && (state === 'accepted' || state === 'begun'))
  if (to === 'refused' && othersStand) return undefined
  if (!isOpen) return { sent: {}, operation: {}, alarm: contradicts }
  return {
    sent: sentAs(meaning, { code, trace }),
    operation: {
      ...{ state: to, detail: null, ...wiped },
      ...(to === 'done' ? { trace, refusal: null } : { refusal: lateRefusal(code) }),
    },
    ...((state === 'begun' || (to === 'done' && saidNo(sent))) && { alarm: contradicts }),
  }
}

/** A yes to such a message is a second purchase or pay-out, where another one was sent after it. */
export const saidNo = ({ state }: Pick<SentExchange, 'state'>): boolean =>
  state === 'refused' || state === 'unsent'

export const lateRefusal = (code: string): BankRefusal => ({
  ...{ code, reason: 'refused_by_bank', class: 'F', alarm: false },
})
