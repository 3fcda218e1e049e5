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
 *
 * A debit is reversed once no purchase of it stands.
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
import { neverArrived, othersStand } from './standing.ts'

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
  /** Whether another message than `sent`, or than what it reverses, may stand. */
  readonly othersStand: boolean
}

export const situationOf = (
  operation: Operation,
  sent: SentExchange,
  { all, now }: { readonly all: readonly SentExchange[]; readonly now: number },
): Situation => ({ operation, sent, now, othersStand: othersStand(all, sent) })

const second = 1_000
const minute = 60 * second

/** Waits after the n-th reversal that was not answered: 5 s, 30 s, 2 min, 10 min, hourly. */
export function reversalDelay(attempt: number): number {
  const delays = [5 * second, 30 * second, 2 * minute, 10 * minute]
  return delays[attempt - 1] ?? 60 * minute
}

/** A bank that changes its day is asked again after this. */
export const cutOverMs = minute
const retriesMax = 1
/** The original does not allow it: of a void, that its day is over. */
const originalDiffers = 'BR-22'

export function settleOrder(situation: Situation, answer: SendAnswer): Settlement {
  const { operation, now } = situation
  if (operation.kind !== 'debit' && operation.state === 'done') return afterDone(answer)
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

/** A push that was done by a message of which it was thought that it had not been: one too many was sent. */
function afterDone(answer: SendAnswer): Settlement {
  const { outcome } = answer
  if (outcome === 'unsent') return { sent: sentAs('unsent', {}), operation: {} }
  if (outcome === 'refused')
    return { sent: sentAs('refused', { code: answer.refusal.code }), operation: {} }
  const sent = sentAs(outcome === 'done' ? 'approved' : 'unanswered', {})
  return { sent, operation: {}, alarm: `${outcome}_while_done` }
}

function done({ operation }: Situation, trace: BankTrace): Settlement {
  const sent = sentAs('approved', { trace })
  // Taken back while it was under way.
  if (operation.state === 'reversing') return reversing({ sent, detail: 'taken_back' })
  return {
    ...{ sent, operation: { state: 'done', detail: null, trace, refusal: null, ...wiped } },
    ...(operation.sealedPin !== null && { effect: 'pin_was_right' as const }),
  }
}

function refused(situation: Situation, refusal: BankRefusal): Settlement {
  const { operation, sent, now } = situation
  const { after, code, alarm, binding, reason } = refusal
  const given = {
    sent: sentAs('refused', { code }),
    ...(binding && { effect: binding }),
    ...(alarm && { alarm: reason }),
  }
  // What was taken back while it was under way is over: there is nothing to reverse.
  if (operation.state === 'reversing' && after !== 'reversal')
    return { ...given, ...undone(situation, code) }
  const mayRetry = operation.retries < retriesMax && operation.state === 'begun'
  const again = { refusal, detail: reason, retries: operation.retries + 1 }
  if (operation.state === 'reversing') return reversing({ ...given, detail: reason })
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
function unsent(situation: Situation, { detail }: BankUnsent): Settlement {
  const { operation } = situation
  const sent = sentAs('unsent', { code: undefined })
  if (operation.state === 'reversing') return { sent, ...undone(situation, detail) }
  if (operation.refusal) return { sent, operation: { state: 'refused', detail, ...wiped } }
  return { sent, operation: { detail } }
}

export interface Reversed {
  readonly purchase: Pick<SentExchange, 'sentAt'> | undefined
  /** How often reversals were sent, this time included. */
  readonly reversals: number
}

export function settleReversal(
  situation: Situation,
  answer: SendAnswer,
  { reversals, purchase }: Reversed,
): Settlement {
  const { sent, now } = situation
  const later = { who: 'worker', at: now + reversalDelay(reversals) } as const
  switch (answer.outcome) {
    case 'done':
      return { sent: sentAs('approved', { trace: answer.value }), ...afterReversal(situation) }
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
      if (neverArrived(sent, code, purchase))
        return { sent: sentAs('refused', { code }), ...afterReversal(situation), ...given }
      // What was answered is asked anew: a bank repeats its answer to the same exchange.
      const state = code === undefined ? 'unanswered' : 'refused'
      return { sent: sentAs(state, { code }), operation: { detail }, next: later, ...given }
    }
    default:
      assert(false, 'a reversal is neither partial nor accepted')
  }
}

/** A bank that was away is asked once more now that nothing of the first time is left. */
function afterReversal(situation: Situation): Pick<Settlement, 'operation' | 'next'> {
  const { refusal, retries } = situation.operation
  if (refusal?.after !== 'reversal' || situation.othersStand) return undone(situation, null)
  if (retries > retriesMax)
    return { operation: { state: 'refused', detail: refusal.code, ...wiped } }
  return { operation: { state: 'begun' }, next: { who: 'caller', when: 'now' } }
}

/** Over, unless another purchase stands: then that one is reversed next. */
function undone(
  { operation, othersStand }: Situation,
  detail: string | null,
): Pick<Settlement, 'operation' | 'next'> {
  const said = { detail: detail ?? operation.detail, refusal: null, ...wiped }
  return othersStand
    ? { operation: said, next: { who: 'caller', when: 'now' } }
    : { operation: { state: 'reversed', ...said } }
}

/** Throws when the table does not allow it: then nothing is written. */
export function checkMove({ kind, state }: Operation, to: OperationState | undefined): void {
  if (to === undefined || to === state) return
  assert(mayMove(kind, { from: state, to }), `a ${kind} goes from ${state} to ${to}`)
}

export const wiped = { sealedPin: null } as const

export function sentAs(
  state: SentState,
  { code, trace }: { readonly code?: string | undefined; readonly trace?: BankTrace },
): Settlement['sent'] {
  return {
    state,
    ...(code !== undefined && { code }),
    ...(trace?.settlementDate !== undefined && { settledOn: trace.settlementDate }),
  }
}

export function reversing({
  detail,
  ...given
}: Pick<Settlement, 'sent' | 'effect' | 'alarm'> & { readonly detail: string }): Settlement {
  const operation = { state: 'reversing', detail, refusal: null, ...wiped } as const
  return { ...given, operation, next: { who: 'caller', when: 'now' } }
}
