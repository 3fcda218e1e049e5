/** Whose wrong codes count: the number, and the client through which the code came. */
import type { Command } from './command.ts'
import type { Payment } from './payment.ts'

export const numberGuard = (msisdn: string): string => `number:${msisdn}`

/** A code that a merchant's client sends counts against both. */
export const guardsOfClient = ({ msisdn, client }: Pick<Payment, 'msisdn' | 'client'>): string[] =>
  client === null ? [numberGuard(msisdn)] : [numberGuard(msisdn), `client:${client}`]

/** All that a batch may look at, to be locked beforehand; none where no code is entered. */
export function guardSubjects(
  commands: readonly Command[],
  payments: readonly Payment[],
): string[] {
  const subjects = new Set<string>()
  for (const command of commands) {
    if (command.kind === 'text' && command.text.reading.code !== null)
      subjects.add(numberGuard(command.msisdn))
    if (command.kind !== 'validate') continue
    const payment = payments.find(({ id }) => id === command.paymentId)
    for (const subject of payment ? guardsOfClient(payment) : []) subjects.add(subject)
  }
  return [...subjects].sort()
}
