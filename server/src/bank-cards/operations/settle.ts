/**
 * What an answer makes of an operation. Pure: `drive.ts` loads, sends and saves.
 *
 *     answer      debit                          credit, refund
 *     done        done                           done
 *     accepted                                   accepted
 *     partial     reversing
 *     refused     refused, or once more          refused, or once more
 *     unknown     reversing                      unknown
 *     unsent      as it was                      as it was
 */
import { assert } from '../../kernel/index.ts'
import type {
  BankAccepted,
  BankAnswer,
  BankPartial,
  BankRefusal,
  BankTrace,
  BankUnsent,
  BindingEffect,
} from '../bank.ts'
import { mayMove, type OperationState } from './operation.ts'
import type { Operation, SentExchange, SentState } from './record.ts'

export type SendAnswer = BankAnswer<BankTrace> | BankPartial | BankAccepted

/** When something is to be sent next: by who is at it, or by the worker at its time. */
export type Next =
  | { readonly who: 'caller'; readonly when: 'now' | 'link_ready' }
  | { readonly who: 'worker'; readonly at: number }

export interface Settlement {
  readonly sent: Partial<Pick<SentExchange, 'state' | 'code' | 'settledOn'>>
  readonly operation: Partial<
    Pick<Operation, 'state' | 'detail' | 'refusal' | 'trace' | 'retries' | 'sealedPin'>
  >
  /** Undefined: nothing more is to be sent. */
  readonly next?: Next
  readonly effect?: BindingEffect
  /** A word: somebody must look. */
  readonly alarm?: string
}

export interface Situation {
  readonly operation: Operation
  readonly sent: SentExchange
  readonly now: number
}

const second = 1_000
const minute = 60 * second

/** Waits after the n-th reversal that was not answered: 5 s, 30 s, 2 min, 10 min, hourly. */
export function reversalDelay(attempt: number): number {
  const delays = [5 * second, 30 * second, 2 * minute, 10 * minute]
  return delays[attempt - 1] ?? 60 * minute
}

/** A bank that changes its day is asked again after this. */
export const cutOverMs = minute
/** Beyond this no network still holds a message back: a bank that does not know it will not come to. */
export const arrivedMs = 10 * minute
const retriesMax = 1
/** The original does not allow it: of a void, that its day is over. */
const originalDiffers = 'BR-22'
const originalMissing = 'BR-25'

export function settleOrder(situation: Situation, answer: SendAnswer): Settlement {
  const { operation, now } = situation
  switch (answer.outcome) {
    case 'done':
      return done(situation, answer.value)
    case 'partial':
      return reversing({ sent: sentAs('partial', { trace: answer.value }), detail: 'partial' })
    case 'accepted':
      return {
        sent: sentAs('accepted', { code: answer.code, trace: answer.value }),
        operation: { state: 'accepted', detail: answer.code, trace: answer.value, ...wiped },
      }
    case 'refused':
      return refused(situation, answer.refusal)
    case 'unsent':
      return unsent(situation, answer)
    case 'unknown': {
      const { code, detail, alarm } = answer
      const given = { ...(alarm && { alarm: detail }) }
      const sent = sentAs('unanswered', { code })
      if (operation.kind !== 'debit')
        return { sent, operation: { state: 'unknown', detail, ...wiped }, ...given }
      // A bank that speaks is asked at once; one that is silent, by the worker.
      const next: Next =
        code === undefined ? { who: 'worker', at: now } : { who: 'caller', when: 'now' }
      return { ...reversing({ sent, detail }), next, ...given }
    }
  }
}

function done({ operation }: Situation, trace: BankTrace): Settlement {
  const sent = sentAs('approved', { trace })
  // Taken back while it was under way.
  if (operation.state === 'reversing') return reversing({ sent, detail: 'taken_back' })
  return { sent, operation: { state: 'done', detail: null, trace, refusal: null, ...wiped } }
}

function refused({ operation, sent, now }: Situation, refusal: BankRefusal): Settlement {
  const { after, code, alarm, binding, reason } = refusal
  const given = {
    sent: sentAs('refused', { code }),
    ...(binding && { effect: binding }),
    ...(alarm && { alarm: reason }),
  }
  // What was taken back while it was under way is over: there is nothing to reverse.
  if (operation.state === 'reversing' && after !== 'reversal')
    return { ...given, operation: { state: 'reversed', detail: code, ...wiped } }
  const mayRetry = operation.retries < retriesMax && operation.state === 'begun'
  const again = { refusal, detail: reason, retries: operation.retries + 1 }
  if (after === 'reversal' && operation.kind === 'debit')
    return {
      ...reversing({ ...given, detail: reason }),
      operation: { state: 'reversing', ...again },
    }
  if (!mayRetry)
    return { ...given, operation: { state: 'refused', refusal, detail: code, ...wiped } }
  const next = nextAfter(
    { after, isVoidTooLate: sent.kind === 'void' && code === originalDiffers },
    now,
  )
  if (next) return { ...given, operation: again, next }
  return { ...given, operation: { state: 'refused', refusal, detail: code, ...wiped } }
}

function nextAfter(
  { after, isVoidTooLate }: { after: BankRefusal['after']; isVoidTooLate: boolean },
  now: number,
): Next | undefined {
  if (after === 'now' || isVoidTooLate) return { who: 'caller', when: 'now' }
  if (after === 'repair') return { who: 'caller', when: 'link_ready' }
  return after === 'cut_over' ? { who: 'worker', at: now + cutOverMs } : undefined
}

/** Nothing left. What was refused before stays refused; all else waits for whoever calls again. */
function unsent({ operation }: Situation, { detail }: BankUnsent): Settlement {
  const sent = sentAs('unsent', { code: undefined })
  if (operation.state === 'reversing')
    return { sent, operation: { state: 'reversed', detail, ...wiped } }
  if (operation.refusal) return { sent, operation: { state: 'refused', detail, ...wiped } }
  return { sent, operation: { detail } }
}

/** `reversals`: how often one was sent, this time included; `purchasedAt`: when the purchase was. */
export function settleReversal(
  { operation, sent, now }: Situation,
  answer: SendAnswer,
  { reversals, purchasedAt }: { readonly reversals: number; readonly purchasedAt: number },
): Settlement {
  const later = { who: 'worker', at: now + reversalDelay(reversals) } as const
  switch (answer.outcome) {
    case 'done':
      return { sent: sentAs('approved', { trace: answer.value }), ...afterReversal(operation) }
    case 'refused': {
      const { code } = answer.refusal
      return {
        sent: sentAs('refused', { code }),
        operation: { state: 'unknown', detail: `reversal_refused_${code}`, ...wiped },
        alarm: 'reversal_refused',
      }
    }
    case 'unsent': {
      // Sent before and not now: it is as open as it was.
      const state = sent.sends > 1 ? 'unanswered' : 'unsent'
      const at = answer.opensAt === undefined ? later.at : Math.max(now, answer.opensAt)
      return { sent: { state }, operation: { detail: answer.detail }, next: { ...later, at } }
    }
    case 'unknown': {
      const { code, detail, alarm } = answer
      const given = { ...(alarm && { alarm: detail }) }
      if (code === originalMissing && now - purchasedAt >= arrivedMs)
        return { sent: sentAs('refused', { code }), ...afterReversal(operation), ...given }
      // What was answered is asked anew: a bank repeats its answer to the same exchange.
      const state = code === undefined ? 'unanswered' : 'refused'
      return { sent: sentAs(state, { code }), operation: { detail }, next: later, ...given }
    }
    default:
      assert(false, 'a reversal is neither partial nor accepted')
  }
}

/** A bank that was away is asked once more now that nothing of the first time is left. */
function afterReversal(operation: Operation): Pick<Settlement, 'operation' | 'next'> {
  const { refusal, retries } = operation
  if (refusal?.after !== 'reversal') return { operation: { state: 'reversed', ...wiped } }
  if (retries > retriesMax)
    return { operation: { state: 'refused', detail: refusal.code, ...wiped } }
  return { operation: { state: 'begun' }, next: { who: 'caller', when: 'now' } }
}

export interface Said {
  readonly meaning: 'approved' | 'refused'
  readonly code: string
  readonly trace: BankTrace
}

/**
 * An answer to a message that was given up, or a second one. It decides what is unknown, and what contradicts
 * an outcome is an alarm; undefined when it changes nothing.
 */
export function settleLate(
  { operation, sent, now }: Situation,
  said: Said,
): Settlement | undefined {
  const { kind, state } = operation
  const { meaning, code, trace } = said
  if (sent.state === 'begun') return undefined
  if (sent.kind === 'reversal') {
    if (meaning !== 'approved' || state !== 'reversing' || sent.state === 'approved')
      return undefined
    const end = operation.refusal?.after === 'reversal' ? 'refused' : 'reversed'
    return { sent: sentAs('approved', { trace }), operation: { state: end, ...wiped } }
  }
  const isNews = sent.state !== meaning
  if (!isNews) return undefined
  if (kind !== 'debit') return settleLatePush({ operation, sent, now }, said)
  // Whatever a debit is not, its reversal goes on.
  if (meaning === 'refused') return undefined
  const approved = sentAs('approved', { trace })
  switch (state) {
    case 'reversing':
      return { sent: approved, operation: {}, next: { who: 'worker', at: now } }
    case 'unknown':
      return { sent: approved, operation: { state: 'done', detail: null, trace } }
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

function settleLatePush({ operation }: Situation, said: Said): Settlement | undefined {
  const { state } = operation
  const { meaning, code, trace } = said
  const to: OperationState = meaning === 'approved' ? 'done' : 'refused'
  const contradicts = `${meaning}_while_${state}`
  // A yes to what seemed not to have left must not be followed by another message.
  const isOpen =
    state === 'unknown' || (to === 'done' && (state === 'accepted' || state === 'begun'))
  if (!isOpen) return { sent: {}, operation: {}, alarm: contradicts }
  return {
    sent: sentAs(meaning, { code, trace }),
    operation: {
      ...{ state: to, detail: null, ...wiped },
      ...(to === 'done' ? { trace, refusal: null } : { refusal: lateRefusal(code) }),
    },
    ...(state === 'begun' && { alarm: contradicts }),
  }
}

export const lateRefusal = (code: string): BankRefusal => ({
  ...{ code, reason: 'refused_by_bank', class: 'F', alarm: false },
})

/** Throws when the table does not allow it: then nothing is written. */
export function checkMove({ kind, state }: Operation, to: OperationState | undefined): void {
  if (to === undefined || to === state) return
  assert(mayMove(kind, { from: state, to }), `a ${kind} goes from ${state} to ${to}`)
}

const wiped = { sealedPin: null } as const

function sentAs(
  state: SentState,
  { code, trace }: { readonly code?: string | undefined; readonly trace?: BankTrace },
): Settlement['sent'] {
  return {
    state,
    ...(code !== undefined && { code }),
    ...(trace?.settlementDate !== undefined && { settledOn: trace.settlementDate }),
  }
}

function reversing({
  detail,
  ...given
}: Pick<Settlement, 'sent' | 'effect' | 'alarm'> & { readonly detail: string }): Settlement {
  const operation = { state: 'reversing', detail, refusal: null, ...wiped } as const
  return { ...given, operation, next: { who: 'caller', when: 'now' } }
}
