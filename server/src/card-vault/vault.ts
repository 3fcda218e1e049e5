/**
 * Card numbers behind tokens. One card has one token for as long as it is not erased, whoever binds it and
 * whatever keys were rotated in between: each card is entered under the hash of every version of the lookup
 * key that can be read, and is looked for under all of them. Two who bind it at once meet at such a hash,
 * even when one of them has not yet seen the newest key; the second waits, and takes the token of the first.
 */
import { appendLog } from '../audit/index.ts'
import type { Database, Reader, Tx } from '../db/index.ts'
import {
  accept,
  assert,
  bucketOf,
  type Clock,
  type FieldCipher,
  holdsCardNumber,
  type Ids,
  type Result,
  refuse,
  type Secret,
} from '../kernel/index.ts'
import { type KeyStore, openSecret, sealSecret } from '../keys/index.ts'
import {
  type Card,
  type CardRefusal,
  cardKeys,
  checkCard,
  type NewCard,
  type Purpose,
  type RevealedCard,
} from './card.ts'
import {
  claimHashes,
  eraseCard,
  giveHashes,
  holdersOf,
  insertCard,
  type KeptCard,
  type Lookup,
  lockCards,
  readCards,
  saveSealed,
} from './store.ts'

export interface VaultTools {
  readonly db: Database
  readonly keys: KeyStore
  readonly clock: Clock
  readonly ids: Ids
  /** Of the operator's log. */
  readonly cipher: Pick<FieldCipher, 'mac'>
}

export interface CardVault {
  /** The token of a card, new or known, in the caller's transaction. A newer expiry replaces the old. */
  bind(tx: Tx, card: NewCard): Promise<Result<Card, CardRefusal>>
  /** Cards without their numbers; tokens that are unknown are left out. */
  describe(reader: Reader, tokens: readonly string[]): Promise<Card[]>
  reveal(
    token: string,
    purpose: Purpose,
  ): Promise<Result<RevealedCard, 'unknown_card' | 'erased' | 'reason_invalid'>>
  /** The number and all that finds it are taken out; the token remains. Twice is once. */
  erase(tx: Tx, token: string): Promise<Result<Card, 'unknown_card'>>
}

const reasonMax = 200

export function createCardVault({ db, keys, clock, ids, cipher }: VaultTools): CardVault {
  async function bind(tx: Tx, card: NewCard): Promise<Result<Card, CardRefusal>> {
    const sound = checkCard(card)
    if (!sound.ok) return sound
    const lookups = lookupsOf(keys, card.pan)
    const own = ids.next(bucketOf(lookups[0]?.hash ?? ''), clock.now())
    const claims = lookups.map((lookup) => ({ ...lookup, token: own }))
    for (;;) {
      await claimHashes(tx, claims)
      const holders = await holdersOf(tx, lookups)
      // Taken when we claimed it and free when we looked: that card was erased in between.
      if (holders.length < lookups.length) continue
      const known = new Set(holders.map((holder) => holder.token).filter((one) => one !== own))
      assert(known.size <= 1, 'a card has one token')
      const [token] = known
      if (token === undefined) {
        const made = sealed(keys, newRow(card, own, clock.now()), card, lookups)
        await insertCard(tx, made)
        return accept(shown(made))
      }
      const [row] = await lockCards(tx, [token])
      assert(row, 'a hash leads to a card')
      // Erased since we looked: its hashes are gone, and the card is a new one.
      if (row.erasedAt !== null) continue
      await giveHashes(tx, lookups, { from: own, to: token })
      const now = { ...opened(keys, row), ...(card.expiry && { expiry: card.expiry }) }
      await saveSealed(tx, [sealed(keys, row, now, lookups)])
      return accept(shown(row))
    }
  }

  async function logged(
    tx: Tx,
    row: KeptCard,
    { operator, reason }: Extract<Purpose, { for: 'person' }>,
  ): Promise<void> {
    const at = clock.now()
    await appendLog(tx, cipher, {
      ...{ id: ids.next(0, at), at, operator, action: 'card.reveal', subject: `card:${row.token}` },
      before: null,
      after: { reason, first6: row.first6, last4: row.last4 },
    })
  }

  return {
    bind,
    describe: async (reader, tokens) => (await readCards(reader, tokens)).map(shown),
    async reveal(token, purpose) {
      if (purpose.for === 'person' && !isReason(purpose)) return refuse('reason_invalid')
      const [row] = await readCards(db, [token])
      if (!row) return refuse('unknown_card')
      if (row.erasedAt !== null) return refuse('erased')
      // Before the number is seen, and on the disk.
      if (purpose.for === 'person') await db.transact((tx) => logged(tx, row, purpose))
      return accept(opened(keys, row))
    },
    async erase(tx, token) {
      const [found] = await readCards(tx, [token])
      if (!found) return refuse('unknown_card')
      const [row] = await lockCards(tx, [token])
      assert(row, 'cards stay')
      if (row.erasedAt !== null) return accept(shown(row))
      const erasedAt = clock.now()
      await eraseCard(tx, row, erasedAt)
      return accept(shown({ ...row, erasedAt }))
    },
  }
}

/** The number's hash under each version that finds, the current one first. */
export function lookupsOf(keys: KeyStore, pan: Secret): Lookup[] {
  const found = keys.readable(cardKeys.lookup).map(({ name, version }) => ({
    keyVersion: version,
    hash: Buffer.from(keys.hmac({ name, version }, Buffer.from(pan.reveal()))).toString('hex'),
  }))
  assert(found.length > 0, `there is a key ${cardKeys.lookup}`)
  return found
}

/** A row with the card sealed under the current key, and found under these hashes. */
export function sealed(
  keys: KeyStore,
  row: KeptCard,
  card: RevealedCard,
  lookups: readonly Lookup[],
): KeptCard {
  const seal = (secret: Secret, field: string) =>
    sealSecret(keys, { name: cardKeys.pan, context: `${field} ${row.token}` }, secret)
  const sealedPan = seal(card.pan, 'pan')
  return {
    ...row,
    sealedPan,
    sealedExpiry: card.expiry && seal(card.expiry, 'expiry'),
    keyVersion: Number(sealedPan.split('.')[1]),
    lookupVersion: Math.max(...lookups.map((lookup) => lookup.keyVersion)),
  }
}

export function opened(keys: KeyStore, row: KeptCard): RevealedCard {
  const open = (text: string, field: string) =>
    openSecret(keys, { name: cardKeys.pan, context: `${field} ${row.token}` }, text)
  assert(row.sealedPan !== null, 'the card was not erased')
  return {
    pan: open(row.sealedPan, 'pan'),
    expiry: row.sealedExpiry === null ? null : open(row.sealedExpiry, 'expiry'),
  }
}

function newRow({ pan, binLength }: NewCard, token: string, createdAt: number): KeptCard {
  const digits = pan.reveal()
  return {
    ...{ token, binLength, createdAt, erasedAt: null, sealedPan: null, sealedExpiry: null },
    ...{ keyVersion: 0, lookupVersion: 0, first6: digits.slice(0, 6), last4: digits.slice(-4) },
  }
}

const shown = ({ token, first6, last4, binLength, createdAt, erasedAt }: KeptCard): Card => ({
  ...{ token, first6, last4, binLength, createdAt, erasedAt },
})

/** The log is kept for years: who asks says why, and writes no card number into it. */
const isReason = ({ operator, reason }: Extract<Purpose, { for: 'person' }>) =>
  operator.trim() !== '' &&
  reason.trim() !== '' &&
  reason.length <= reasonMax &&
  !holdsCardNumber(reason)
