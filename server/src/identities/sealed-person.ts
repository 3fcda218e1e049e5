/** A person under the keys of the store: sealed to be read again, hashed to be found and compared. */
import { timingSafeEqual } from 'node:crypto'
import { assert, type Secret } from '../kernel/index.ts'
import { type KeyStore, openSecret, sealSecret } from '../keys/index.ts'
import { normalIdNumber } from './id-number.ts'
import { identityKeys, type Person } from './identity.ts'
import { normalName } from './person-name.ts'
import type { KeptIdentity, Lookup } from './store.ts'

const documentKind = '01'

type SealedPerson = Pick<
  KeptIdentity,
  'sealedName' | 'sealedNumber' | 'personHash' | 'keyVersion' | 'lookupVersion'
>

/** The document's hash under each version that finds, the current one first. */
export function lookupsOf(keys: KeyStore, number: Secret): Lookup[] {
  const found = keys.readable(identityKeys.lookup).map(({ version }) => ({
    keyVersion: version,
    hash: hashOf(keys, version, ['document', documentKind, normalIdNumber(number.reveal())]),
  }))
  assert(found.length > 0, `there is a key ${identityKeys.lookup}`)
  return found
}

/** Under the current keys; `lookups` are all under which it is entered. */
export function sealed(
  keys: KeyStore,
  id: string,
  person: Person,
  lookups: readonly Lookup[],
): SealedPerson {
  const seal = (secret: Secret, field: string) =>
    sealSecret(keys, { name: identityKeys.data, context: `${field} ${id}` }, secret)
  const sealedName = seal(person.name, 'name')
  const lookupVersion = Math.max(...lookups.map(({ keyVersion }) => keyVersion))
  return {
    sealedName,
    sealedNumber: seal(person.number, 'number'),
    personHash: personHash(keys, lookupVersion, person),
    keyVersion: Number(sealedName.split('.')[1]),
    lookupVersion,
  }
}

export function opened(keys: KeyStore, row: KeptIdentity): Person {
  const open = (text: string, field: string) =>
    openSecret(keys, { name: identityKeys.data, context: `${field} ${row.id}` }, text)
  return { name: open(row.sealedName, 'name'), number: open(row.sealedNumber, 'number') }
}

/** Whether this is the person of the row, name and document. */
export function isPersonOf(keys: KeyStore, row: KeptIdentity, person: Person): boolean {
  const asked = personHash(keys, row.lookupVersion, person)
  return timingSafeEqual(Buffer.from(asked), Buffer.from(row.personHash))
}

const personHash = (keys: KeyStore, version: number, { name, number }: Person) =>
  hashOf(keys, version, [
    'person',
    documentKind,
    normalIdNumber(number.reveal()),
    normalName(name.reveal()),
  ])

const hashOf = (keys: KeyStore, version: number, parts: readonly string[]) =>
  Buffer.from(
    keys.hmac({ name: identityKeys.lookup, version }, Buffer.from(JSON.stringify(parts))),
  ).toString('hex')
