/** What an answer says that nobody waits for: `LateAnswer`. */
import { type Message, textOf } from '@telepurse/iso8583'
import type { LateAnswer } from '../../bank-cards/index.ts'
import { traceOf } from './answers.ts'
import { ourCodeOf, responseCodes, ruleOf } from './response-codes.ts'
import { exchangeOf } from './wire.ts'

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
