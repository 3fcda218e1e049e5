/**
 * The PIN of a bank that keeps it itself, from the customer's answer until the bank has been asked: sealed, for
 * whoever asks may be another process, and forgotten with the bank's answer.
 */
import type { Database, Tx } from '../../db/index.ts'
import type { Clock, Secret } from '../../kernel/index.ts'
import { type KeyStore, openSecret, type Seal, sealSecret } from '../../keys/index.ts'
import { deletePin, deletePinsBefore, insertPin, readPin } from './kept-pin-store.ts'

/** The name of its key in the key store. */
export const keptPinKey = 'bank:kept-pin'

export interface KeptPins {
  keep(paymentId: string, pin: Secret): Promise<void>
  read(paymentId: string): Promise<Secret | undefined>
  forget(paymentId: string): Promise<void>
}

export function createKeptPins(tools: {
  readonly db: Database
  readonly clock: Clock
  readonly keys: Pick<KeyStore, 'seal' | 'open'>
}): KeptPins {
  const { db, clock, keys } = tools
  return {
    async keep(paymentId, pin) {
      const sealed = sealSecret(keys, sealOf(paymentId), pin)
      await db.transact(async (tx) => insertPin(tx, { paymentId, sealed, at: clock.now() }))
    },
    async read(paymentId) {
      const sealed = await readPin(db, paymentId)
      return sealed === undefined ? undefined : openSecret(keys, sealOf(paymentId), sealed)
    },
    async forget(paymentId) {
      await db.transact(async (tx) => deletePin(tx, paymentId))
    },
  }
}

const sealOf = (paymentId: string): Seal => ({ name: keptPinKey, context: paymentId })

/** Of purchases whose yes never came: an hour is longer than any question waits. */
export const forgetKeptPins = (tx: Tx, now: number): void => deletePinsBefore(tx, now - 3_600_000)
