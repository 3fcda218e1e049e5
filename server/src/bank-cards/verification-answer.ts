/** What an answer to a verification does to a binding, and what the customer is told. Decides only. */
import type { Agreement, BankAnswer } from './bank.ts'
import { meaningOf } from './bank-findings.ts'
import type { BindingState, CardBinding } from './binding.ts'
import type { Step } from './binding-steps.ts'
import { type BindingRefusal, bindingWords } from './words.ts'

export interface Judgement {
  readonly step: Step
  readonly told:
    | { readonly outcome: 'active' | 'code_sent' | 'unknown' }
    | { readonly outcome: 'refused'; readonly refusal: BindingRefusal }
  /** As the row of the message keeps it. */
  readonly answer: string
  readonly bankCode: string | null
  readonly alarm: boolean
}

interface Asked {
  /** The state it was asked from. */
  readonly from: BindingState
  readonly withCode: boolean
}

export function judgeAnswer(
  binding: CardBinding,
  asked: Asked,
  answer: BankAnswer<Agreement>,
  now: number,
): Judgement {
  switch (answer.outcome) {
    case 'done':
      return {
        step: bound(binding, answer.value, now),
        ...{ told: { outcome: 'active' }, answer: 'done', bankCode: null, alarm: false },
      }
    case 'unknown':
      // No money moves, so it may simply be repeated, at once.
      return {
        step: { to: 'verifying', changes: { busyUntil: null } },
        ...{ told: { outcome: 'unknown' }, answer: 'unknown' },
        ...{ bankCode: answer.code ?? null, alarm: answer.alarm },
      }
    case 'unsent': {
      const refusal = unfit[answer.detail] ?? 'bank_busy'
      return {
        step: refusal === 'bank_busy' ? asBefore(asked) : fallen(binding),
        ...{ told: { outcome: 'refused', refusal }, answer: 'unsent', bankCode: null },
        alarm: false,
      }
    }
    case 'refused': {
      const { refusal } = answer
      const meaning = meaningOf(refusal)
      const said = { bankCode: refusal.code, alarm: refusal.alarm }
      if (meaning === 'code_sent')
        return {
          step: { to: 'code_sent', changes: { busyUntil: null, codeSentAt: now, codeTries: 0 } },
          ...{ told: { outcome: 'code_sent' }, answer: 'code_sent', ...said },
        }
      return {
        step: afterNo(binding, asked, meaning, refusal.binding === 'suspend'),
        ...{ told: { outcome: 'refused', refusal: meaning }, answer: bindingWords[meaning].code },
        ...said,
      }
    }
  }
}

/** What cannot be sent, however often it is tried: something has to be given anew. */
const unfit: Readonly<Record<string, BindingRefusal>> = {
  identification_invalid: 'details_differ',
  code_invalid: 'code_wrong',
  card_erased: 'card_invalid',
}

function bound(
  { nextToken, boundAt, cardToken }: CardBinding,
  agreement: Agreement,
  now: number,
): Step {
  return {
    to: 'active',
    changes: {
      ...{ cardToken: nextToken ?? cardToken, nextToken: null, reason: null },
      ...{ agreementNo: agreement.agreement ?? null, boundAt: boundAt ?? now, verifiedAt: now },
      ...{ wrongPins: 0, wrongPinsSince: null, lockedUntil: null },
    },
  }
}

function afterNo(
  binding: CardBinding,
  asked: Asked,
  refusal: BindingRefusal,
  suspends: boolean,
): Step {
  if (refusal === 'bank_busy') return asBefore(asked)
  if (refusal === 'code_wrong' && asked.withCode)
    return { to: 'code_sent', changes: { busyUntil: null, codeTries: binding.codeTries + 1 } }
  return fallen(binding, suspends)
}

/** Nothing has happened: a code that was sent is still good. */
const asBefore = ({ from }: Asked): Step => ({ to: from, changes: { busyUntil: null } })

/** The end of a verification without a yes. */
export function fallen(
  { boundAt, nextToken, cardToken }: CardBinding,
  suspends = false,
  reason: 'verification_refused' | 'verification_abandoned' = 'verification_refused',
): Step {
  if (boundAt === null) return { to: 'draft', changes: { nextToken: null } }
  // A replacement that is blocked says nothing of the card before.
  return suspends && (nextToken ?? cardToken) === cardToken
    ? { to: 'suspended', changes: { reason: 'card_unavailable', nextToken: null } }
    : { to: 'needs_rebinding', changes: { reason, nextToken: null } }
}
