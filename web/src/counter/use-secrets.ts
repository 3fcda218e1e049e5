// Everything that an act needs from the customer's keypad, read together and once.
import type { SecretField } from './ticket.ts'
import { type Pin, usePin } from './use-pin.ts'
import type { Secrets } from './use-tickets.ts'

export const secretLength: Record<SecretField, number> = {
  cardPin: 6,
  walletPin: 6,
  securityCode: 3,
}

export type SecretSet = {
  entries: { field: SecretField; pin: Pin }[]
  /** Goes to the first that is not whole. */
  isWhole: () => boolean
  take: () => Secrets
}

export function useSecrets(fields: SecretField[]): SecretSet {
  const pins = { cardPin: usePin(), walletPin: usePin(), securityCode: usePin() }
  const entries = fields.map((field) => ({ field, pin: pins[field] }))
  return {
    entries,
    isWhole() {
      const missing = entries.find(({ field, pin }) => pin.typed < secretLength[field])
      missing?.pin.reference.current?.focus()
      return missing === undefined
    },
    take: () => Object.fromEntries(entries.map(({ field, pin }) => [field, pin.take()])),
  }
}
