/**
 * The keys that sign tokens. They live in the database, the private half sealed, so that every
 * process signs with the same key and a restart ends no session.
 *
 *     made ── published ──▶ signing ── a newer one signs ──▶ still published ──▶ gone
 *
 * A new key is published `aheadMs` before it signs and `tokenMs` after it has stopped, so that nobody
 * ever holds a token whose key is not in the published set.
 */
import { exportJWK, generateKeyPair } from 'jose'
import type { Database } from '../../db/index.ts'
import { type Clock, type FieldCipher, type Ids, Secret } from '../../kernel/index.ts'
import { deleteRetiredKeys, insertKey, type KeyRow, readKeys, retireKeysBefore } from './store.ts'

export interface SigningKey {
  readonly kid: string
  readonly publicJwk: Readonly<Record<string, unknown>>
  readonly privateJwk: Secret
  readonly signsFrom: number
}

export interface KeyRing {
  /** Newest first; read again from the database at most every half minute. */
  published(): Promise<readonly SigningKey[]>
  /** The key that signs now. */
  signing(): Promise<SigningKey>
  /** Makes the next key. Returns its id, or undefined when another process was first. */
  rotate(): Promise<string | undefined>
}

export const signatureAlgorithm = 'RS256'
const purpose = 'oauth signing key'
const freshMs = 30_000
/** Longer than `freshMs` and than the five minutes a consumer may cache our key set. */
const aheadMs = 10 * 60_000
/** No access token lives longer than a day. */
const tokenMs = 24 * 3_600_000

interface Dependencies {
  readonly db: Database
  readonly cipher: FieldCipher
  readonly clock: Clock
  readonly ids: Ids
}

export function createKeyRing(deps: Dependencies): KeyRing {
  const { db, cipher, clock } = deps
  let known: { readonly keys: readonly SigningKey[]; readonly readAt: number } | undefined
  let reading: Promise<readonly SigningKey[]> | undefined

  async function read(): Promise<readonly SigningKey[]> {
    let rows = await readKeys(db)
    if (rows.length === 0) {
      await addKey(deps, 0, clock.now())
      rows = await readKeys(db)
    }
    const now = clock.now()
    const keys = rows
      .filter((row) => row.retires_at === null || Number(row.retires_at) > now)
      .map((row) => keyOf(row, cipher))
    known = { keys, readAt: now }
    return keys
  }

  async function published(): Promise<readonly SigningKey[]> {
    if (known && Math.abs(clock.now() - known.readAt) < freshMs) return known.keys
    reading ??= read().finally(() => {
      reading = undefined
    })
    return reading
  }

  return {
    published,
    async signing() {
      const keys = await published()
      const now = clock.now()
      const key = keys.find((one) => one.signsFrom <= now) ?? keys.at(-1)
      if (!key) throw new Error('there is no signing key')
      return key
    },
    async rotate() {
      const [newest] = await readKeys(db)
      const signsFrom = clock.now() + (newest ? aheadMs : 0)
      const kid = await addKey(deps, newest?.slot ?? 0, signsFrom)
      known = undefined
      return kid
    },
  }
}

const keyOf = (row: KeyRow, cipher: FieldCipher): SigningKey => ({
  kid: row.kid,
  publicJwk: row.public_jwk,
  privateJwk: cipher.open(purpose, row.private_sealed),
  signsFrom: Number(row.signs_from),
})

/** Adds a key in the slot after the newest. Undefined when another process took that slot. */
async function addKey(
  { db, cipher, clock, ids }: Dependencies,
  newestSlot: number,
  signsFrom: number,
): Promise<string | undefined> {
  const pair = await generateKeyPair(signatureAlgorithm, { extractable: true })
  const kid = Buffer.from(ids.random(12)).toString('base64url')
  const named = { kid, alg: signatureAlgorithm, use: 'sig' }
  const privateJwk = new Secret(JSON.stringify({ ...(await exportJWK(pair.privateKey)), ...named }))
  const key = {
    slot: newestSlot + 1,
    kid,
    algorithm: signatureAlgorithm,
    publicJwk: { ...(await exportJWK(pair.publicKey)), ...named },
    privateSealed: cipher.seal(purpose, privateJwk),
    createdAt: clock.now(),
    signsFrom,
  }
  return db.transact(async (tx) => {
    if (!(await insertKey(tx, key))) return undefined
    await retireKeysBefore(tx, key.slot, signsFrom + tokenMs)
    await deleteRetiredKeys(tx, clock.now())
    return kid
  })
}
