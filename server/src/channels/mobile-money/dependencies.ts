/** What the operations need from outside. */

import type { Billers } from '../../billers/index.ts'
import type { Database, Log, Tx } from '../../db/index.ts'
import type { Clock, FieldCipher, Ids } from '../../kernel/index.ts'
import type { Payments } from '../../payments/index.ts'
import type { Transfers } from '../../transfers/index.ts'
import type { WalletModule } from '../../wallet/index.ts'
import type { WalletPins } from '../../wallet-pins/index.ts'
import type { WalletStatements } from '../../wallet-statement/index.ts'
import type { Guesses, Rate } from '../http/index.ts'
import type { TokenVerifier } from '../oauth/index.ts'

/** What a client's address is told, by PUT. */
export interface Callback {
  readonly bucket: number
  /** The same id is sent once. */
  readonly id: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What instructions are done with. */
export interface EffectDependencies {
  readonly db: Database
  readonly clock: Clock
  readonly cipher: FieldCipher
  readonly payments: Pick<Payments, 'order' | 'cancel' | 'get' | 'refund' | 'getRefund'>
  readonly transfers: Pick<
    Transfers,
    'payee' | 'send' | 'ask' | 'draw' | 'get' | 'request' | 'cancelRequest' | 'give' | 'mandate'
  >
  readonly wallet: Pick<WalletModule, 'account' | 'balance'>
  readonly billers: Pick<Billers, 'pay' | 'bill' | 'settled'>
}

export interface InstructionDependencies extends EffectDependencies {
  readonly ids: Ids
  readonly log: Pick<Log, 'error'>
  /** Writes what a client is told, travelling with the commit. */
  readonly notify: (tx: Tx, callback: Callback) => void
}

export interface MobileMoneyDependencies extends InstructionDependencies {
  readonly verify: TokenVerifier
  /** Wrong tokens, by address. */
  readonly guesses: Guesses
  /** Names and states of others looked at, and codes that are none, by client. */
  readonly looks: Guesses
  readonly pins: Pick<WalletPins, 'check'>
  readonly transfers: EffectDependencies['transfers'] & Pick<Transfers, 'endMandate'>
  readonly billers: EffectDependencies['billers'] & Pick<Billers, 'list' | 'inquire' | 'bills'>
  /** Billers asked what is due, by number. */
  readonly inquiries: Guesses
  readonly statements: Pick<WalletStatements, 'lines' | 'line'>
  /** Per client; 500 requests a second when absent. */
  readonly rate?: Rate
}
