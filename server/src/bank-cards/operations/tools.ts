/** What operations are made of. */
import type { CardVault } from '../../card-vault/index.ts'
import type { Database, Log, Tx } from '../../db/index.ts'
import type { Clock } from '../../kernel/index.ts'
import type { KeyStore } from '../../keys/index.ts'
import type { BankOf } from './bank-slot.ts'
import type { CardEffect } from './operation.ts'

export interface OperationTools {
  readonly db: Database
  readonly clock: Clock
  readonly bankOf: BankOf
  readonly vault: Pick<CardVault, 'reveal'>
  readonly keys: Pick<KeyStore, 'seal' | 'open'>
  readonly log: Log
  /** Told in the transaction that writes the refusal. */
  readonly onEffect?: (tx: Tx, effect: CardEffect) => Promise<void>
  /** Lets time pass; replace it in tests. */
  readonly sleep?: (ms: number) => Promise<unknown>
}
