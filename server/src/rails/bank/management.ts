/** Messages about the link itself: ours, and answers to those of the bank. */
import type { Message, OutgoingMessage } from '@telepurse/iso8583'
import type { Exchange } from '../../bank-cards/index.ts'
import type { BankConfig } from './config.ts'
import { identityFields, responseMtiOf } from './wire.ts'

/** Sign-on, sign-off, keys, echo: `fields` says which. */
export function managementRequest(
  { messages, receiver }: BankConfig,
  exchange: Exchange,
  fields: Readonly<Record<number, string>>,
): OutgoingMessage {
  const { 32: _, ...identity } = identityFields(exchange)
  return {
    header: messages.header,
    mti: messages.managementType,
    fields: { ...identity, ...(receiver !== undefined && { 100: receiver }), ...fields },
  }
}

/** What an answer repeats of the bank's request. */
const repeated = [7, 11, 12, 13, 15, 32, 33, 53, 70, 74, 75, 76, 77, 86, 87, 88, 89, 97, 99, 100]

export const answerTo = (
  { messages }: BankConfig,
  request: Message,
  code: string,
): OutgoingMessage => ({
  header: messages.header,
  mti: responseMtiOf(request.mti),
  fields: {
    ...Object.fromEntries(
      repeated.flatMap((field) => {
        const value = request.fields[field]
        return value === undefined ? [] : [[field, value]]
      }),
    ),
    39: code,
  },
})
