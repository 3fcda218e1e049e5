/** What the operations need from outside. */
import type { Clock, FieldCipher, Ids } from '../../kernel/index.ts'
import type { Catalogue } from '../../merchants/index.ts'
import type { Payments } from '../../payments/index.ts'
import type { Guesses, Rate } from '../http/index.ts'
import type { TokenVerifier } from '../oauth/index.ts'
import type { SandboxMessages } from './sandbox/routes.ts'

export interface CamaraDependencies {
  readonly payments: Payments
  readonly catalogue: Pick<Catalogue, 'merchant'>
  readonly verify: TokenVerifier
  readonly guesses: Guesses
  readonly cipher: FieldCipher
  readonly clock: Clock
  readonly ids: Ids
  /** The API root, without a path: `https://pay.example`. */
  readonly origin: string
  /** What a test number was texted, newest first. */
  readonly sandboxMessages: SandboxMessages
  /** Per client; 500 requests a second when absent. */
  readonly rate?: Rate
  /** How long a request waits for the carrier before it answers `processing`; 5 s when absent. */
  readonly waitMs?: number
}

export const defaultWaitMs = 5_000
