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
import { lockSubscribers } from '../subscribers/index.ts'
import type { Begun, Method } from './session.ts'
import { insertSession } from './session-store.ts'

/** Locks the number; whether it is one of ours and not given up. */
export async function lockLive(tx: Tx, msisdn: Msisdn, now: number): Promise<boolean> {
  const line = (await lockSubscribers(tx, [msisdn], now)).get(msisdn)
  return line !== undefined && line.status !== 'closed'
}

/** Under the lock of the number, so that no session begins beside the end of all. */
export async function begin(
  { clock, ids }: { readonly clock: Clock; readonly ids: Ids },
  tx: Tx,
  { msisdn, device, method }: { msisdn: Msisdn; device: string; method: Method },
): Promise<Begun> {
  const now = clock.now()
  const id = ids.next(bucketOf(msisdn), now)
  const secret = newToken(ids)
  const session = { id, msisdn, device, method, beganAt: now, activeAt: now }
  await insertSession(tx, session, tokenHash(secret))
  return { session, token: new Secret(`${id}.${secret.reveal()}`) }
}
