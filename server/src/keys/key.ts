/**
 * What a key is, without its octets: a name, what may be done with it, and its versions. The state of a
 * version follows from its times, so that making a new one current is one write.
 *
 *   next ──activate──▶ current ──a newer one is activated──▶ previous ──retire──▶ retired
 *     └──────────────────────────────retire──────────────────────────────────────────▲
 *
 *   next      can be wrapped for the other side and already decrypts and verifies what comes from there
 *   current   does everything
 *   previous  decrypts, verifies and finds; encrypts nothing new
 *   retired   its octets are destroyed; what was sealed under it is lost (NIST SP 800-57 part 1, §7)
 */
export const keyUses = ['pin', 'mac', 'kek', 'card-data', 'lookup'] as const
export type KeyUse = (typeof keyUses)[number]

export const keyAlgorithms = [
  'des',
  'tdes-double',
  'tdes-triple',
  'aes-128',
  'aes-256',
  'hmac-256',
] as const
export type KeyAlgorithm = (typeof keyAlgorithms)[number]

export type KeyState = 'next' | 'current' | 'previous' | 'retired'

/** What is kept of one version, beside its octets. */
export interface KeyRecord {
  /** For example `bank:icbc:zpk`. */
  readonly name: string
  readonly version: number
  readonly use: KeyUse
  readonly algorithm: KeyAlgorithm
  /** Whether it may leave, wrapped under a `kek`. */
  readonly exportable: boolean
  /** Six hexadecimal digits: `check-value.ts`. */
  readonly checkValue: string
  readonly createdAt: number
  readonly activatedAt: number | null
  readonly retiredAt: number | null
}

export interface KeyInfo extends KeyRecord {
  readonly state: KeyState
}

interface Traits {
  readonly octets: number
  readonly blockOctets: 8 | 16
  /** Bits of security (NIST SP 800-57 part 1, table 2): a key is wrapped only under one that has as many. */
  readonly strength: number
  readonly uses: readonly KeyUse[]
}

/** Single DES is here for the MACs of terminals that still have it, and for nothing else. */
export const traits: Readonly<Record<KeyAlgorithm, Traits>> = {
  des: { octets: 8, blockOctets: 8, strength: 56, uses: ['mac'] },
  'tdes-double': { octets: 16, blockOctets: 8, strength: 80, uses: ['pin', 'mac', 'kek'] },
  'tdes-triple': { octets: 24, blockOctets: 8, strength: 112, uses: ['pin', 'mac', 'kek'] },
  'aes-128': { octets: 16, blockOctets: 16, strength: 128, uses: ['pin', 'mac', 'kek'] },
  'aes-256': {
    octets: 32,
    blockOctets: 16,
    strength: 256,
    uses: ['pin', 'mac', 'kek', 'card-data'],
  },
  'hmac-256': { octets: 32, blockOctets: 16, strength: 256, uses: ['lookup'] },
}

export const isDes = (algorithm: KeyAlgorithm): boolean => traits[algorithm].blockOctets === 8

const nameShape = /^(?=.{1,64}$)[a-z0-9]+([:-][a-z0-9]+)*$/

export const isKeyName = (name: string): boolean => nameShape.test(name)

export const sameKey = (
  a: Pick<KeyRecord, 'name' | 'version'>,
  b: Pick<KeyRecord, 'name' | 'version'>,
): boolean => a.name === b.name && a.version === b.version

/** Records with their states, by name and version. */
export function withStates(records: readonly KeyRecord[]): KeyInfo[] {
  const current = new Map<string, number>()
  for (const { name, version, activatedAt } of records)
    if (activatedAt !== null) current.set(name, Math.max(version, current.get(name) ?? 0))
  return records
    .map((record) => ({ ...record, state: stateOf(record, current.get(record.name)) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version - b.version))
}

function stateOf(record: KeyRecord, current: number | undefined): KeyState {
  if (record.retiredAt !== null) return 'retired'
  if (record.activatedAt === null) return 'next'
  return record.version === current ? 'current' : 'previous'
}
