/**
 * Keys on a token (PKCS #11 v2.40). They are made there, or brought there once, and work there. Tokens have
 * no lock of their own: changes are made one at a time under that of a folder, so from one machine.
 */
import { accept, type Result, refuse, SecretBytes } from '../../kernel/index.ts'
import { checkValuesAgree } from '../check-value.ts'
import { whileLocked } from '../folder-lock.ts'
import { isDes, type KeyRecord, sameKey, traits } from '../key.ts'
import { isWeak, setOddParity } from '../material.ts'
import type { KeyEditor, KeyModule, KeyPart, Material, NewKey } from '../module.ts'
import { answers, CKM, CKR, type Handle, TokenRefused } from './cryptoki.ts'
import {
  createObjects,
  destroyKeys,
  findKeys,
  generateObject,
  hasHalves,
  labelOf,
  unwrapClear,
  unwrapObject,
} from './key-objects.ts'
import { type FoundRecords, putRecords, readRecords } from './key-records.ts'
import { openToken, type TokenOptions, type TokenSession } from './token.ts'
import { chainOn, checkValueOn, ecbOn, hmacOn, openOn, sealOn } from './token-ciphers.ts'

export interface Pkcs11Options extends TokenOptions {
  /** Locked while keys change. */
  readonly folder: string
}

export function openPkcs11({ folder, ...where }: Pkcs11Options): KeyModule {
  const token = openToken(where)
  let seen: FoundRecords | undefined
  const handles = new Map<string, Handle>()

  function read(open: TokenSession): readonly KeyRecord[] {
    const found = readRecords(open, seen)
    if (found !== seen) handles.clear()
    seen = found
    return found.records
  }

  /** The object of a key, once it has shown that it is the key of the record. */
  function objectOf(open: TokenSession, key: KeyRecord, part: KeyPart = 'whole'): Handle {
    const label = labelOf(key, part)
    const known = handles.get(label)
    if (known && seen?.generation === open.generation) return known
    const [object, other] = findKeys(open, key, part)
    if (!object || other)
      throw new TokenRefused(`the token has ${other ? 'two keys' : 'no key'} ${label}`)
    if (part === 'whole') checkObject(open, key, object)
    handles.set(label, object)
    return object
  }

  const withKey = <Value>(
    key: KeyRecord,
    part: KeyPart,
    work: (open: TokenSession, of: { key: Handle; algorithm: KeyRecord['algorithm'] }) => Value,
  ) => token.use((open) => work(open, { key: objectOf(open, key, part), algorithm: key.algorithm }))

  return {
    records: () => token.use(read),
    change: (work) =>
      whileLocked(folder, () =>
        token.change((open) => {
          const editor = editorOf(open, read(open), objectOf)
          const result = undoing(editor, () => work(editor))
          // Where this fails nobody knows how far it came: the keys stay, with or without a record.
          if (result.ok) editor.keep()
          return result
        }),
      ),
    ecb: (key, blocks, direction, part) =>
      withKey(key, part, (open, of) => ecbOn(open, of, blocks, direction)),
    chain: (key, blocks, part) => withKey(key, part, (open, of) => chainOn(open, of, blocks)),
    hmac: (key, data) => withKey(key, 'whole', (open, of) => hmacOn(open, of.key, data)),
    gcmSeal: (key, input) => withKey(key, 'whole', (open, of) => sealOn(open, of.key, input)),
    gcmOpen: (key, input) => withKey(key, 'whole', (open, of) => openOn(open, of.key, input)),
    wrap(key, under) {
      // CKM_DES3_ECB wraps nothing, and single DES lies there twice as long as it is.
      if (isDes(under.algorithm) || key.algorithm === 'des') return undefined
      return token.use((open) =>
        open.cryptoki.C_WrapKey(
          open.session,
          { mechanism: CKM.AES_KEY_WRAP },
          objectOf(open, under),
          objectOf(open, key),
          Buffer.alloc(64),
        ),
      )
    },
    close: () => token.close(),
  }
}

/** Takes back what was put on the token when the work refuses or throws. */
function undoing<Value extends Result<unknown, unknown>>(
  editor: TokenEditor,
  work: () => Value,
): Value {
  let result: Value | undefined
  try {
    result = work()
    return result
  } finally {
    if (!result?.ok) editor.undo()
  }
}

function checkObject(open: TokenSession, key: KeyRecord, object: Handle): void {
  const own = checkValueOn(open, { key: object, algorithm: key.algorithm })
  if (own !== key.checkValue)
    throw new TokenRefused(
      `the key ${labelOf(key, 'whole')} on the token is not the one that was put there`,
    )
}

interface TokenEditor extends KeyEditor {
  /** Writes the records: from then on the keys are there. */
  keep(): void
  undo(): void
}

function editorOf(
  open: TokenSession,
  before: readonly KeyRecord[],
  objectOf: (open: TokenSession, key: KeyRecord) => Handle,
): TokenEditor {
  let records = before
  const added: NewKey[] = []
  const replace = (key: KeyRecord, change: Partial<KeyRecord>) => {
    records = records.map((one) => (sameKey(one, key) ? { ...one, ...change } : one))
  }
  return {
    records: () => records,
    add(key, material, checkValue) {
      // What a crash has left under this name has no record, and is nothing.
      destroyKeys(open, key)
      added.push(key)
      const made = makeObjects(open, key, material, objectOf)
      if (made !== undefined) return refuse(made)
      const [object] = findKeys(open, key, 'whole')
      if (!object) throw new TokenRefused(`the token did not keep ${labelOf(key, 'whole')}`)
      const own = checkValueOn(open, { key: object, algorithm: key.algorithm })
      if (checkValue !== undefined && !checkValuesAgree(checkValue, own))
        return refuse('check_value_differs')
      const record = { ...key, checkValue: own, retiredAt: null }
      records = [...records, record]
      return accept(record)
    },
    activate: (key, activatedAt) => replace(key, { activatedAt }),
    retire: (key, retiredAt) => replace(key, { retiredAt }),
    keep() {
      const changed = records.filter((record) => !before.includes(record))
      if (changed.length > 0) putRecords(open, changed)
      for (const record of changed) if (record.retiredAt !== null) destroyKeys(open, record)
    },
    undo() {
      for (const key of added) destroyKeys(open, key)
    },
  }
}

/** Undefined when the objects are there. */
function makeObjects(
  open: TokenSession,
  key: NewKey,
  material: Material,
  objectOf: (open: TokenSession, key: KeyRecord) => Handle,
) {
  const { octets } = traits[key.algorithm]
  const mustBeSeen = hasHalves(key) || key.algorithm === 'des'
  if (material.from === 'chance' && !mustBeSeen) {
    generateObject(open, key)
    return undefined
  }
  if (material.from === 'wrapped') {
    const { under, octets: wrapped } = material
    if (wrapped.length !== octets + (isDes(under.algorithm) ? 0 : 8)) return 'key_length_invalid'
    if (!isDes(under.algorithm) && !mustBeSeen)
      return unwrapping(() => unwrapObject(open, key, { wrapped, under: objectOf(open, under) }))
  }
  const clear = clearOf(open, key, material, objectOf)
  if (!clear) return 'unwrap_failed'
  return clear.spend((found) => {
    if (found.length !== octets) return 'key_length_invalid'
    setOddParity(key.algorithm, found)
    if (isWeak(key.algorithm, found)) return 'weak_key'
    createObjects(open, key, found)
    return undefined
  })
}

/** The octets that pass through our memory, once. */
function clearOf(
  open: TokenSession,
  key: NewKey,
  material: Material,
  objectOf: (open: TokenSession, key: KeyRecord) => Handle,
): SecretBytes | undefined {
  const { cryptoki, session } = open
  if (material.from === 'clear') return material.octets
  if (material.from === 'chance')
    return new SecretBytes(
      cryptoki.C_GenerateRandom(session, Buffer.alloc(traits[key.algorithm].octets)),
    )
  const { under, octets: wrapped } = material
  const kek = objectOf(open, under)
  if (isDes(under.algorithm))
    return new SecretBytes(
      ecbOn(open, { key: kek, algorithm: under.algorithm }, wrapped, 'decrypt'),
    )
  let clear: SecretBytes | undefined
  unwrapping(() => {
    clear = unwrapClear(open, { wrapped, under: kek })
  })
  return clear
}

/** KW found another key or changed octets; SoftHSM has no answer of its own for it. */
function unwrapping(work: () => void): 'unwrap_failed' | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    const known = [CKR.WRAPPED_KEY_INVALID, CKR.WRAPPED_KEY_LEN_RANGE, CKR.GENERAL_ERROR]
    if (answers(error, ...known)) return 'unwrap_failed'
    throw error
  }
}
