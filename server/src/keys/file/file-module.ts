/**
 * Keys in a file. A change takes the lock of the folder, reads the file anew, writes a whole new one beside
 * it, syncs it and moves it into place: a crash leaves the old file or the new one. Processes look before
 * each use whether another file stands there, and take it without a restart. Octets of keys are opened for
 * one use and overwritten.
 */
import fs from 'node:fs'
import { join } from 'node:path'
import { syncPath } from '../../db/durable-files.ts'
import { accept, assert, type Ids, refuse, SecretBytes } from '../../kernel/index.ts'
import { checkValueOf, checkValuesAgree } from '../check-value.ts'
import { chain, ecb, gcmOpen, gcmSeal, hmac, unwrap, wrap } from '../ciphers.ts'
import { whileLocked } from '../folder-lock.ts'
import { isDes, type KeyRecord, sameKey, traits } from '../key.ts'
import { isWeak, setOddParity } from '../material.ts'
import type { KeyEditor, KeyModule, KeyPart, Material } from '../module.ts'
import {
  type KeptKey,
  type KeyFile,
  KeyFileRefused,
  readKeyFile,
  writeKeyFile,
} from './key-file.ts'
import {
  type Derivation,
  deriveMaster,
  type MasterKey,
  type MasterSecret,
  scryptCost,
} from './master-key.ts'
import { openKey, sealKey } from './sealed-key.ts'

export interface KeyFileOptions {
  /** Of its own: it is locked while the file changes. */
  readonly folder: string
  readonly master: MasterSecret
  readonly ids: Pick<Ids, 'random'>
  /** For tests: a cost of scrypt that takes no time, a short wait, and what is done before the move. */
  readonly cost?: number
  readonly lockWaitMs?: number
  readonly beforeMove?: () => void
}

const onlyOwner = 0o600

export const keyFileName = 'keys'

export function openKeyFile(options: KeyFileOptions): KeyModule {
  const { folder, ids, cost = scryptCost, beforeMove, lockWaitMs } = options
  const path = join(folder, keyFileName)
  let seen: Seen | undefined
  const masterOf = rememberedMaster(options.master)

  function read() {
    const stamp = stampOf(path)
    if (stamp === undefined) {
      if (seen) throw refusedAt(path, 'is gone')
      return undefined
    }
    if (stamp === seen?.stamp) return seen
    const found = explained(path, () => readKeyFile(fs.readFileSync(path, 'utf8'), masterOf))
    if (seen && found.file.revision < seen.file.revision)
      throw refusedAt(
        path,
        `went back from change ${seen.file.revision} to ${found.file.revision}: put the newer one back, or restart to take the older one`,
      )
    seen = { stamp, ...found, records: found.file.keys.map(recordOf) }
    return seen
  }

  function write(file: KeyFile, master: MasterKey): void {
    const draft = `${path}.draft`
    const descriptor = fs.openSync(draft, 'w', onlyOwner)
    try {
      fs.fchmodSync(descriptor, onlyOwner)
      fs.writeFileSync(descriptor, writeKeyFile(file, master))
      fs.fsyncSync(descriptor)
    } finally {
      fs.closeSync(descriptor)
    }
    beforeMove?.()
    fs.renameSync(draft, path)
    syncPath(folder)
    read()
  }

  function withKey<Value>(key: KeyRecord, use: (octets: Uint8Array) => Value): Value {
    const found = read()
    const kept = found?.file.keys.find((one) => sameKey(one, key))
    assert(found && kept, 'a key that is listed is in the file')
    return explained(path, () => openKey(found.master, kept)).spend(use)
  }

  return {
    records: () => read()?.records ?? none,
    change: (work) =>
      whileLocked(
        folder,
        () => {
          const found = read()
          const derivation = found?.file.derivation ?? newDerivation(options.master, ids, cost)
          const master = found?.master ?? masterOf(derivation)
          const editor = editorOf(found?.file.keys ?? [], master, ids)
          const result = work(editor)
          const revision = (found?.file.revision ?? 0) + 1
          if (result.ok && editor.changed())
            write({ revision, derivation, keys: editor.keys() }, master)
          return result
        },
        lockWaitMs,
      ),
    ecb: (key, blocks, direction, part) =>
      withKey(key, (octets) => ecb(key.algorithm, partOf(octets, part), blocks, direction)),
    chain: (key, blocks, part) =>
      withKey(key, (octets) => chain(key.algorithm, partOf(octets, part), blocks)),
    hmac: (key, data) => withKey(key, (octets) => hmac(octets, data)),
    gcmSeal: (key, input) => withKey(key, (octets) => gcmSeal(octets, input)),
    gcmOpen: (key, input) => withKey(key, (octets) => gcmOpen(octets, input)),
    wrap: (key, under) =>
      withKey(under, (kek) => withKey(key, (octets) => wrap(under.algorithm, kek, octets))),
    close: () => undefined,
  }
}

interface Seen {
  readonly stamp: string
  readonly file: KeyFile
  readonly master: MasterKey
  readonly records: readonly KeyRecord[]
}

const none: readonly KeyRecord[] = []

const recordOf = ({ sealed: _, ...record }: KeptKey): KeyRecord => record

interface FileEditor extends KeyEditor {
  keys(): readonly KeptKey[]
  changed(): boolean
}

function editorOf(
  before: readonly KeptKey[],
  master: MasterKey,
  ids: Pick<Ids, 'random'>,
): FileEditor {
  let keys = before
  const replace = (key: KeyRecord, change: Partial<KeptKey>) => {
    keys = keys.map((one) => (sameKey(one, key) ? { ...one, ...change } : one))
  }
  const octetsFor = (algorithm: KeyRecord['algorithm'], material: Material) => {
    if (material.from === 'clear') return material.octets
    if (material.from === 'chance') return new SecretBytes(ids.random(traits[algorithm].octets))
    const kek = keys.find((one) => sameKey(one, material.under))
    assert(kek, 'the key to unwrap with is in the file')
    return openKey(master, kek).spend((octets) => unwrap(kek.algorithm, octets, material.octets))
  }
  return {
    records: () => keys.map(recordOf),
    keys: () => keys,
    changed: () => keys !== before,
    add(key, material, checkValue) {
      const { algorithm } = key
      if (material.from === 'wrapped' && !isWrapOf(material, algorithm))
        return refuse('key_length_invalid')
      const octets = octetsFor(algorithm, material)
      if (!octets) return refuse('unwrap_failed')
      return octets.spend((clear) => {
        if (clear.length !== traits[algorithm].octets) return refuse('key_length_invalid')
        setOddParity(algorithm, clear)
        if (isWeak(algorithm, clear)) return refuse('weak_key')
        const own = checkValueOf(algorithm, clear)
        if (checkValue !== undefined && !checkValuesAgree(checkValue, own))
          return refuse('check_value_differs')
        const record = { ...key, checkValue: own, retiredAt: null }
        keys = [...keys, sealKey(master, record, new SecretBytes(clear), ids)]
        return accept(record)
      })
    },
    activate: (key, activatedAt) => replace(key, { activatedAt }),
    retire: (key, retiredAt) => replace(key, { retiredAt, sealed: null }),
  }
}

/** KW adds eight octets, ECB none. */
const isWrapOf = (
  { octets, under }: Extract<Material, { from: 'wrapped' }>,
  algorithm: KeyRecord['algorithm'],
) => octets.length === traits[algorithm].octets + (isDes(under.algorithm) ? 0 : 8)

const partOf = (octets: Uint8Array, part: KeyPart) =>
  part === 'left' ? octets.subarray(0, 8) : part === 'right' ? octets.subarray(8) : octets

function rememberedMaster(secret: MasterSecret): (derivation: Derivation) => MasterKey {
  const made = new Map<string, MasterKey>()
  return (derivation) => {
    const name = JSON.stringify(derivation)
    const master = made.get(name) ?? deriveMaster(secret, derivation)
    made.set(name, master)
    return master
  }
}

const newDerivation = (
  { from }: MasterSecret,
  ids: Pick<Ids, 'random'>,
  cost: number,
): Derivation =>
  from === 'field-key'
    ? { kdf: 'hkdf-sha256' }
    : { kdf: 'scrypt', salt: Buffer.from(ids.random(16)).toString('base64url'), cost }

/** Each change is a new file: another inode, or at least another time. */
function stampOf(path: string): string | undefined {
  const stat = fs.statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat && `${stat.ino} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.size}`
}

const refusedAt = (path: string, why: string) => new KeyFileRefused(`the key file ${path} ${why}`)

function explained<Value>(path: string, work: () => Value): Value {
  try {
    return work()
  } catch (error) {
    throw error instanceof KeyFileRefused ? refusedAt(path, error.message) : error
  }
}
