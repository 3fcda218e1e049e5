/** How a session begins, however the number was proved. */
import type { Tx } from '../db/index.ts'
import {
  bucketOf,
  type Clock,
  type Ids,
  type Msisdn,
  newToken,
  Secret,
  tokenHash,
} from '../kernel/index.ts'
import { lockSubscribers, type Subscriber } from '../subscribers/index.ts'
import type { Begun } from './session.ts'
import { insertSession } from './session-store.ts'

/** How the number was proved. */
export type Proved =
  | { readonly method: 'code'; readonly credentialId: null }
  | { readonly method: 'passkey'; readonly credentialId: string }

/** Locks the number, where it is one of ours and not given up. */
export async function lockLive(
  tx: Tx,
  msisdn: Msisdn,
  now: number,
): Promise<Subscriber | undefined> {
  const line = (await lockSubscribers(tx, [msisdn], now)).get(msisdn)
  return line?.status === 'closed' ? undefined : line
}

/** Under the lock of the number, so that no session begins beside the end of all. */
export async function begin(
  { clock, ids }: { readonly clock: Clock; readonly ids: Ids },
  tx: Tx,
  { msisdn, device, ...proved }: Proved & { readonly msisdn: Msisdn; readonly device: string },
): Promise<Begun> {
  const now = clock.now()
  const id = ids.next(bucketOf(msisdn), now)
  const secret = newToken(ids)
  const session = { id, msisdn, device, ...proved, beganAt: now, activeAt: now }
  await insertSession(tx, session, tokenHash(secret))
  return { session, token: new Secret(`${id}.${secret.reveal()}`) }
}
