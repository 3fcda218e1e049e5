/**
 * The MAC key in use and the one before it. Messages that were under way when the key changed still carry the
 * old code: it is accepted for a minute, and never used for sending. One ring serves all connections to a bank.
 */
import { type MacFunction, type Message, type MessageSpec, macHolds } from '@telepurse/iso8583'
import type { Clock } from '../../kernel/index.ts'
import { type KeyUse, type MacAlgorithm, macFunction, type ZoneKeys } from './zone-keys.ts'

export const oldKeyMs = 60_000

export interface MacRing {
  has(use: KeyUse): boolean
  /** For sending. */
  mac(): MacFunction | undefined
  /** Whether a message carries a true code. */
  holds(octets: Uint8Array, message: Message): boolean
  replace(use: KeyUse, wrapped: Uint8Array, checkValue: Uint8Array): Promise<boolean>
}

export function createMacRing({
  keys,
  spec,
  algorithm,
  clock,
}: {
  readonly keys: ZoneKeys
  readonly spec: MessageSpec
  readonly algorithm: MacAlgorithm
  readonly clock: Clock
}): MacRing {
  let previous: { readonly mac: MacFunction; readonly until: number } | undefined
  const current = () => {
    const key = keys.mac()
    return key && macFunction(algorithm, key)
  }
  return {
    has: (use) => (use === 'mac' ? keys.mac() : keys.pin()) !== undefined,
    mac: current,
    holds(octets, message) {
      const mac = current()
      if (mac && macHolds(spec, octets, message, mac)) return true
      if (!previous || clock.now() >= previous.until) return false
      return macHolds(spec, octets, message, previous.mac)
    },
    async replace(use, wrapped, checkValue) {
      const before = use === 'mac' ? current() : undefined
      const replaced = await keys.replace(use, wrapped, checkValue)
      if (replaced && before) previous = { mac: before, until: clock.now() + oldKeyMs }
      return replaced
    },
  }
}
