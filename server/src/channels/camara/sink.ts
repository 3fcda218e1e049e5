/** Where a merchant wants to be told, and the token it gave for that: sealed, never stored in clear. */
import { type FieldCipher, Secret } from '../../kernel/index.ts'
import { CamaraProblem } from './problems.ts'
import type { AccessTokenCredential } from './requests.ts'

export interface StoredSink {
  readonly sink?: string
  readonly sinkToken?: string
  /** ms since 1970 UTC. */
  readonly sinkTokenExpiresAt?: number
}

const purpose = 'camara sink token'

/** Refuses a token that has expired already; a credential without a sink is of no use and dropped. */
export function storeSink(
  given: { sink?: string | undefined; sinkCredential?: AccessTokenCredential | undefined },
  cipher: FieldCipher,
  now: number,
): StoredSink {
  const { sink, sinkCredential } = given
  const expiresAt = sinkCredential && Date.parse(sinkCredential.accessTokenExpiresUtc)
  if (expiresAt !== undefined && expiresAt <= now)
    throw new CamaraProblem(400, 'INVALID_TOKEN', 'accessTokenExpiresUtc is in the past.')
  if (sink === undefined) return {}
  if (sinkCredential === undefined || expiresAt === undefined) return { sink }
  const sinkToken = cipher.seal(purpose, new Secret(sinkCredential.accessToken))
  return { sink, sinkToken, sinkTokenExpiresAt: expiresAt }
}

/**
 * The sink and its Authorization header at `now`. Undefined when there is no sink, or when its token
 * has expired: the contract says that the client then stops receiving notifications.
 */
export function openSink(stored: StoredSink | undefined, cipher: FieldCipher, now: number) {
  if (stored?.sink === undefined) return undefined
  const { sink: url, sinkToken, sinkTokenExpiresAt: expiresAt } = stored
  if (sinkToken === undefined) return { url, authorization: undefined }
  if (expiresAt !== undefined && expiresAt <= now) return undefined
  const token = cipher.open(purpose, sinkToken)
  return { url, authorization: new Secret(`Bearer ${token.reveal()}`) }
}
