/**
 * Registers owners and answers who they are. One person is one identity, whoever registers them and whatever
 * keys were rotated in between: a document is entered under the hash of every version of the lookup key that
 * can be read, and two who register it at once meet at such a hash. What happens to a number happens under
 * its row among the subscribers, so that nobody becomes the owner of one that is being closed.
 */
import type { Reader, Tx } from '../db/index.ts'
import {
  accept,
  assert,
  bucketOf,
  type Clock,
  type Ids,
  type Result,
  refuse,
  Secret,
} from '../kernel/index.ts'
import type { KeyStore } from '../keys/index.ts'
import { lockSubscribers } from '../subscribers/index.ts'
import { isIdNumber, normalIdNumber } from './id-number.ts'
import type { Identities, Owner, Person, Registration, RegistrationRefusal } from './identity.ts'
import {
  endOwnership,
  insertOwnership,
  type Ownership,
  raiseToVerified,
  readNumbers,
  readOwnership,
} from './owner-store.ts'
import {
  isPersonName,
  maskedIdNumber,
  maskedName,
  missingCharacter,
  normalName,
  writtenName,
} from './person-name.ts'
import { isPersonOf, lookupsOf, opened, sealed } from './sealed-person.ts'
import {
  claimHashes,
  giveHashes,
  holdersOf,
  type KeptIdentity,
  type Lookup,
  lockIdentity,
  readIdentity,
  saveIdentity,
} from './store.ts'

export interface IdentityTools {
  readonly keys: KeyStore
  readonly clock: Clock
  readonly ids: Ids
}

export function createIdentities({ keys, clock, ids }: IdentityTools): Identities {
  async function register(
    tx: Tx,
    registration: Registration,
  ): Promise<Result<Owner, RegistrationRefusal>> {
    const now = clock.now()
    const person = personOf(registration)
    const sound = check(registration, person, now)
    if (!sound.ok) return sound
    const { msisdn, level, by } = registration
    const line = (await lockSubscribers(tx, [msisdn], now)).get(msisdn)
    if (!line) return refuse('number_unknown')
    if (line.status === 'closed') return refuse('number_closed')
    const owned = await readOwnership(tx, msisdn)
    if (owned) return registerAgain(tx, owned, { person, level })
    const identity = await identityFor(tx, person, now)
    if (!identity.ok) return identity
    const ownership = { msisdn, identityId: identity.value.id, level, since: now }
    await insertOwnership(tx, ownership, { id: ids.next(bucketOf(msisdn), now), by })
    return accept(ownerFrom(ownership, identity.value))
  }

  async function registerAgain(
    tx: Tx,
    owned: Ownership,
    { person, level }: { readonly person: Person; readonly level: Owner['level'] },
  ): Promise<Result<Owner, RegistrationRefusal>> {
    const identity = await identityOf(tx, owned)
    if (!isPersonOf(keys, identity, person)) {
      const holders = await holdersOf(tx, lookupsOf(keys, person.number))
      return refuse(holders.has(identity.id) ? 'name_differs' : 'number_has_owner')
    }
    if (owned.level === level || level === 'basic') return accept(ownerFrom(owned, identity))
    await raiseToVerified(tx, owned.msisdn)
    return accept(ownerFrom({ ...owned, level }, identity))
  }

  /** The identity of a document, new or known. */
  async function identityFor(
    tx: Tx,
    person: Person,
    now: number,
  ): Promise<Result<KeptIdentity, 'name_differs'>> {
    const lookups = lookupsOf(keys, person.number)
    const own = ids.next(bucketOf(lookups[0]?.hash ?? ''), now)
    await claimHashes(tx, lookups, own)
    const holders = await holdersOf(tx, lookups)
    holders.delete(own)
    assert(holders.size <= 1, 'a document has one identity')
    const [id] = holders
    if (id === undefined) {
      const made = rowOf(person, lookups, { id: own, createdAt: now })
      await saveIdentity(tx, made)
      return accept(made)
    }
    await giveHashes(tx, lookups, { from: own, to: id })
    const row = await lockIdentity(tx, id)
    if (isPersonOf(keys, row, person)) return accept(row)
    // Somebody's numbers stand on the name that is there. Without any it was a slip of the pen, or is past.
    if ((await readNumbers(tx, id)).length > 0) return refuse('name_differs')
    const renamed = rowOf(person, lookups, row)
    await saveIdentity(tx, renamed)
    return accept(renamed)
  }

  const rowOf = (
    person: Person,
    lookups: readonly Lookup[],
    { id, createdAt }: Pick<KeptIdentity, 'id' | 'createdAt'>,
  ): KeptIdentity => ({
    ...{ id, createdAt, ...sealed(keys, id, person, lookups) },
    maskedName: maskedName(person.name.reveal()),
    maskedNumber: maskedIdNumber(person.number.reveal()),
  })

  return {
    register,
    async ownerOf(reader, msisdn) {
      const owned = await readOwnership(reader, msisdn)
      return owned && ownerFrom(owned, await identityOf(reader, owned))
    },
    async isSame(reader, msisdn, person) {
      const owned = await readOwnership(reader, msisdn)
      return owned !== undefined && isPersonOf(keys, await identityOf(reader, owned), person)
    },
    async reveal(reader, identityId) {
      return opened(keys, await identityOf(reader, { identityId }))
    },
    async isMissingCharacter(reader, identityId, character) {
      const { name } = opened(keys, await identityOf(reader, { identityId }))
      return missingCharacter(name.reveal()) === normalName(character.reveal())
    },
    numbersOf: readNumbers,
    release: endOwnership,
  }
}

async function identityOf(
  reader: Reader,
  { identityId }: Pick<Ownership, 'identityId'>,
): Promise<KeptIdentity> {
  const row = await readIdentity(reader, identityId)
  assert(row, 'identities stay')
  return row
}

const personOf = ({ name, document }: Registration): Person => ({
  name: new Secret(writtenName(name.reveal())),
  number: new Secret(normalIdNumber(document.number.reveal())),
})

function check(
  { document }: Registration,
  { name, number }: Person,
  now: number,
): Result<undefined, RegistrationRefusal> {
  if (document.kind !== '01') return refuse('document_kind_unsupported')
  if (!isIdNumber(number.reveal(), now)) return refuse('id_number_invalid')
  return isPersonName(name.reveal()) ? accept(undefined) : refuse('name_invalid')
}

const ownerFrom = (
  { identityId, msisdn, level, since }: Ownership,
  { maskedName, maskedNumber }: KeptIdentity,
): Owner => ({ identityId, msisdn, level, maskedName, maskedNumber, since })
