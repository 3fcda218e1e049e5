/**
 * An answer that nobody waits for. Its code is true, so the caller may use it: it finds its exchange by these
 * four, and decides by the state that exchange is in.
 */
import { type Message, textOf } from '@telepurse/iso8583'
import type { BankTrace, Exchange } from '../../bank-cards/index.ts'
import type { Amount } from '../../kernel/index.ts'
import { traceOf } from './answers.ts'
import { ourCodeOf, responseCodes, ruleOf } from './response-codes.ts'
import { exchangeOf } from './wire.ts'

export interface LateAnswer {
  readonly exchange: Exchange
  /** `0210`: what was answered. */
  readonly mti: string
  readonly code: string
  /** `unclear` is everything that is neither a plain yes nor a final no. */
  readonly meaning: 'approved' | 'refused' | 'unclear'
  readonly amount?: Amount
  readonly trace: BankTrace
}

export function lateAnswerOf(message: Message): LateAnswer {
  const code = textOf(message, 39) ?? ''
  const amount = textOf(message, 4)
  // A code that nobody knows is a decline in time, and says nothing afterwards.
  const kind = responseCodes.has(code) ? ruleOf(code).class : 'U'
  return {
    exchange: exchangeOf(message),
    mti: message.mti,
    code: ourCodeOf(code),
    meaning: kind === 'A' ? 'approved' : kind === 'F' ? 'refused' : 'unclear',
    ...(amount !== undefined && { amount: BigInt(amount) }),
    trace: traceOf(message),
  }
}
