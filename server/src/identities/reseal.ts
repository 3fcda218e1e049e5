/**
 * After a rotation people are sealed anew, and entered under the new lookup key, a batch at a time. The
 * versions in the rows say what is left to do, so that it can stop anywhere and be taken up again.
 */
import { armJobs, createWorker, type Database, eachJob, type Tx, type Worker } from '../db/index.ts'
import type { Clock } from '../kernel/index.ts'
import type { KeyStore } from '../keys/index.ts'
import { identityKeys } from './identity.ts'
import { lookupsOf, opened, sealed } from './sealed-person.ts'
import {
  claimHashes,
  countIdentitiesUnder,
  dropHashes,
  lockIdentity,
  saveIdentity,
  staleIdentities,
} from './store.ts'

export const identityResealTopic = 'identity.reseal'

/** A few milliseconds of sealing, so that nobody waits long for a row. */
const batchMax = 50

interface ResealTools {
  readonly db: Database
  readonly keys: KeyStore
}

/** Seals one batch anew and answers how many people it was: 0 when all are as they should be. */
export async function resealIdentities({ db, keys }: ResealTools): Promise<number> {
  const current = (name: string) => keys.readable(name)[0]?.version
  const [keyVersion, lookupVersion] = [current(identityKeys.data), current(identityKeys.lookup)]
  if (keyVersion === undefined || lookupVersion === undefined) return 0
  const stale = await staleIdentities(db, { keyVersion, lookupVersion }, batchMax)
  const kept = keys.readable(identityKeys.lookup).map((key) => key.version)
  await db.transact((tx) =>
    stale.length > 0 ? resealBatch(tx, keys, stale) : dropHashes(tx, kept),
  )
  return stale.length
}

async function resealBatch(tx: Tx, keys: KeyStore, identityIds: readonly string[]): Promise<void> {
  for (const id of identityIds) {
    const row = await lockIdentity(tx, id)
    const person = opened(keys, row)
    const lookups = lookupsOf(keys, person.number)
    await claimHashes(tx, lookups, id)
    await saveIdentity(tx, { ...row, ...sealed(keys, id, person, lookups) })
  }
}

/** Due at once: for whoever has rotated one of the keys. */
export function armIdentityReseal(tx: Tx, now: number): void {
  armJobs(tx, [{ bucket: 0, topic: identityResealTopic, subject: 'all', dueAt: now, payload: {} }])
}

export function createIdentityResealWorker({
  db,
  keys,
  clock,
  onError,
}: ResealTools & {
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}): Worker {
  return createWorker({
    ...{ db, clock, topic: identityResealTopic, onError },
    handler: eachJob({
      ...{ clock, onError },
      handle: async () =>
        (await resealIdentities({ db, keys })) > 0
          ? { kind: 'next', dueAt: clock.now() }
          : { kind: 'done' },
    }),
  })
}

/** How many people would be lost, or no longer found, without a version of a key. */
export function identitiesUnder(
  db: Database,
  { name, version }: { readonly name: string; readonly version: number },
): Promise<bigint> {
  if (name === identityKeys.data) return countIdentitiesUnder(db, 'key_version', version)
  if (name === identityKeys.lookup) return countIdentitiesUnder(db, 'lookup_version', version)
  return Promise.resolve(0n)
}
