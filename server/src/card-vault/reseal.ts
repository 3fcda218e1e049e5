/**
 * After a rotation the cards are sealed anew, and entered under the new lookup key, a batch at a time. The
 * versions in the rows say what is left to do, so that it can stop anywhere and be taken up again, and
 * several processes may do it side by side. When nothing is left the old versions can be retired, which also
 * destroys whatever a back-up holds under them.
 */
import { armJobs, createWorker, type Database, eachJob, type Tx, type Worker } from '../db/index.ts'
import type { Clock } from '../kernel/index.ts'
import type { KeyStore } from '../keys/index.ts'
import { cardKeys } from './card.ts'
import {
  claimHashes,
  countUnder,
  dropHashes,
  type KeptCard,
  lockCards,
  saveSealed,
  staleTokens,
} from './store.ts'
import { lookupsOf, opened, sealed, type VaultTools } from './vault.ts'

export const resealTopic = 'card.reseal'

/** A few milliseconds of sealing, so that nobody waits long for a row. */
const batchMax = 200

type ResealTools = Pick<VaultTools, 'db' | 'keys'>

/** Seals one batch anew and answers how many cards it was: 0 when all are as they should be. */
export async function resealBatch({ db, keys }: ResealTools, limit = batchMax): Promise<number> {
  const [pan, lookup] = [cardKeys.pan, cardKeys.lookup].map(
    (name) => keys.readable(name)[0]?.version,
  )
  if (pan === undefined || lookup === undefined) return 0
  const current = { keyVersion: pan, lookupVersion: lookup }
  const stale = await staleTokens(db, current, limit)
  await db.transact(async (tx) => {
    if (stale.length > 0) await resealCards(tx, keys, stale)
    else
      await dropHashes(
        tx,
        keys.readable(cardKeys.lookup).map((key) => key.version),
      )
  })
  return stale.length
}

async function resealCards(tx: Tx, keys: KeyStore, tokens: readonly string[]): Promise<void> {
  // Whoever was erased since has nothing to seal.
  const rows = (await lockCards(tx, tokens)).filter((row) => row.erasedAt === null)
  const claims: Parameters<typeof claimHashes>[1][number][] = []
  const anew: KeptCard[] = []
  for (const row of rows) {
    const card = opened(keys, row)
    const lookups = lookupsOf(keys, card.pan)
    anew.push(sealed(keys, row, card, lookups))
    for (const lookup of lookups) claims.push({ ...lookup, token: row.token })
  }
  await claimHashes(tx, claims)
  await saveSealed(tx, anew)
}

/** Due at once: for whoever has rotated one of the keys. */
export function armReseal(tx: Tx, now: number): void {
  armJobs(tx, [{ bucket: 0, topic: resealTopic, subject: 'all', dueAt: now, payload: {} }])
}

export function createResealWorker({
  db,
  keys,
  clock,
  onError,
}: ResealTools & {
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}): Worker {
  return createWorker({
    ...{ db, clock, topic: resealTopic, onError },
    handler: eachJob({
      ...{ clock, onError },
      handle: async () =>
        (await resealBatch({ db, keys })) > 0
          ? { kind: 'next', dueAt: clock.now() }
          : { kind: 'done' },
    }),
  })
}

/** How many cards would be lost, or no longer found, without a version of a key. */
export function cardsUnder(
  db: Database,
  { name, version }: { readonly name: string; readonly version: number },
): Promise<bigint> {
  if (name === cardKeys.pan) return countUnder(db, 'key_version', version)
  if (name === cardKeys.lookup) return countUnder(db, 'lookup_version', version)
  return Promise.resolve(0n)
}
