/** The key store in front of a module: which key, whether it may, and under which version. */
import { accept, type Clock, type Ids, type Result, refuse, SecretBytes } from '../kernel/index.ts'
import { gcmNonceOctets } from './ciphers.ts'
import {
  isKeyName,
  type KeyInfo,
  type KeyRecord,
  type KeyUse,
  sameKey,
  traits,
  withStates,
} from './key.ts'
import {
  type AddRefusal,
  type ChangeRefusal,
  type KeyRef,
  type KeySpec,
  type KeyStore,
  KeyUnusable,
  type SpecRefusal,
  type WrapRefusal,
} from './key-store.ts'
import { joinComponents } from './material.ts'
import type { KeyEditor, KeyModule, KeyPart, Material } from './module.ts'
import { readSealed, sealedText } from './sealed-text.ts'

const blocksMax = 2

export function createKeyStore(
  module: KeyModule,
  { clock, ids }: { readonly clock: Clock; readonly ids: Pick<Ids, 'random'> },
): KeyStore {
  let known:
    | { readonly records: readonly KeyRecord[]; readonly keys: readonly KeyInfo[] }
    | undefined
  const list = () => {
    const records = module.records()
    if (records !== known?.records) known = { records, keys: withStates(records) }
    return known.keys
  }

  function find({ name, version }: KeyRef, uses: readonly KeyUse[]): KeyInfo {
    const key = list().find(
      (one) =>
        one.name === name &&
        (version === undefined ? one.state === 'current' : one.version === version),
    )
    const shown = version === undefined ? name : `${name} version ${version}`
    if (!key) throw new KeyUnusable(`there is no current key ${shown}`)
    if (!uses.includes(key.use)) throw new KeyUnusable(`${shown} is a key for ${key.use}`)
    if (key.state === 'retired') throw new KeyUnusable(`${shown} is retired`)
    return key
  }

  function checkBlocks(key: KeyInfo, blocks: { readonly length: number }, max = blocksMax): void {
    const { blockOctets } = traits[key.algorithm]
    if (blocks.length === 0 || blocks.length % blockOctets !== 0)
      throw new KeyUnusable(`${key.name} takes whole blocks of ${blockOctets} octets`)
    if (blocks.length > max * blockOctets)
      throw new KeyUnusable(`${key.name} takes at most ${max} blocks`)
  }

  /** New data only under the current version; what comes in may be under any that is not retired. */
  function writing(ref: KeyRef, uses: readonly KeyUse[]): KeyInfo {
    const key = find(ref, uses)
    // A MAC is made to be compared too, so an old version makes those of messages under way.
    if (key.state !== 'current' && key.use !== 'mac')
      throw new KeyUnusable(
        `${key.name} version ${key.version} is ${key.state}: it encrypts nothing new`,
      )
    return key
  }

  function checkPart({ name, use, algorithm }: KeyInfo, part: KeyPart): void {
    if (part !== 'whole' && !(use === 'mac' && algorithm === 'tdes-double'))
      throw new KeyUnusable(`${name} has no halves: only double-length TDES keys for MACs do`)
  }

  function decrypt(ref: KeyRef, blocks: Uint8Array, part: KeyPart): SecretBytes {
    const key = find(ref, ['pin', 'mac'])
    checkBlocks(key, blocks)
    checkPart(key, part)
    return new SecretBytes(module.ecb(key, blocks, 'decrypt', part))
  }

  function encrypt(ref: KeyRef, clear: SecretBytes, part: KeyPart): Uint8Array {
    const key = writing(ref, ['pin', 'mac'])
    checkBlocks(key, clear)
    checkPart(key, part)
    return module.ecb(key, clear.reveal(), 'encrypt', part)
  }

  /** Whether a name must be new or known already; imports take both. */
  function add(
    spec: KeySpec,
    material: Material,
    {
      checkValue,
      nameIs = 'any',
    }: { readonly checkValue?: string | undefined; readonly nameIs?: 'new' | 'any' } = {},
  ) {
    return module.change((editor): Result<KeyInfo, AddRefusal> => {
      const known = withStates(editor.records()).filter((key) => key.name === spec.name)
      if (nameIs === 'new' && known.length > 0) return refuse('exists')
      const fits = checkSpec(spec, known)
      if (!fits.ok) return fits
      const { name, use, algorithm, exportable = false, activate = 'now' } = spec
      const version = Math.max(0, ...known.map((key) => key.version)) + 1
      const createdAt = clock.now()
      const activatedAt = activate === 'now' ? createdAt : null
      const key = { name, version, use, algorithm, exportable, createdAt, activatedAt }
      const added = editor.add(key, material, checkValue)
      return added.ok ? accept(nowOf(editor, added.value)) : added
    })
  }

  function changeOf(
    ref: Required<KeyRef>,
    decide: (editor: KeyEditor, key: KeyInfo, all: readonly KeyInfo[]) => ChangeRefusal | undefined,
  ) {
    return module.change((editor): Result<KeyInfo, ChangeRefusal> => {
      const all = withStates(editor.records())
      const key = all.find((one) => sameKey(one, ref))
      if (!key) return refuse('unknown_key')
      if (key.state === 'retired') return refuse('retired')
      const refusal = decide(editor, key, all)
      return refusal === undefined ? accept(nowOf(editor, key)) : refuse(refusal)
    })
  }

  return {
    list,
    readable: (name) =>
      list()
        .filter((key) => key.name === name && (key.state === 'current' || key.state === 'previous'))
        .toReversed(),
    generate: (spec) => add(spec, { from: 'chance' }, { nameIs: 'new' }),
    async rotate(name, activate = 'now') {
      const last = list().findLast((key) => key.name === name)
      return last ? add({ ...last, activate }, { from: 'chance' }) : refuse('unknown_key')
    },
    async importWrapped(spec, { under, wrapped, checkValue }) {
      const kek = find(under, ['kek'])
      if (!protects(kek, spec)) return refuse('kek_too_weak')
      return add(spec, { from: 'wrapped', octets: wrapped, under: kek }, { checkValue })
    },
    async importComponents(spec, components, checkValue) {
      const joined = joinComponents(spec.algorithm, components)
      for (const { octets } of components) octets.wipe()
      if (!joined.ok) return joined
      try {
        return await add(spec, { from: 'clear', octets: joined.value }, { checkValue })
      } finally {
        joined.value.wipe()
      }
    },
    activate: (ref) =>
      changeOf(ref, (editor, key, all) => {
        if (key.state === 'current') return undefined
        const current = all.find((one) => one.name === key.name && one.state === 'current')
        if (key.activatedAt !== null || key.version < (current?.version ?? 0)) return 'not_newer'
        editor.activate(key, clock.now())
        return undefined
      }),
    retire: (ref) =>
      changeOf(ref, (editor, key) => {
        if (key.state === 'current') return 'is_current'
        editor.retire(key, clock.now())
        return undefined
      }),
    wrapForExport(ref, under) {
      const key = find(ref, ['pin', 'mac', 'kek', 'card-data', 'lookup'])
      const kek = find(under, ['kek'])
      if (!key.exportable || sameKey(key, kek)) return refuse('not_exportable')
      if (!protects(kek, key)) return refuse('kek_too_weak')
      const wrapped = module.wrap(key, kek)
      return wrapped ? accept(wrapped) : refuse<WrapRefusal>('not_supported')
    },
    encrypt: (ref, clear, part = 'whole') => encrypt(ref, clear, part),
    decrypt: (ref, blocks, part = 'whole') => decrypt(ref, blocks, part),
    chain(ref, blocks, part = 'whole') {
      const key = writing(ref, ['mac'])
      checkBlocks(key, blocks, Number.POSITIVE_INFINITY)
      checkPart(key, part)
      return module.chain(key, blocks, part)
    },
    translate(from, to, blocks) {
      find(from, ['pin'])
      writing(to, ['pin'])
      const clear = decrypt(from, blocks, 'whole')
      try {
        return encrypt(to, clear, 'whole')
      } finally {
        clear.wipe()
      }
    },
    hmac(ref, data) {
      const key = find(ref, ['lookup'])
      checkSomething(key, data)
      return module.hmac(key, data)
    },
    seal(name, clear, context) {
      const key = writing({ name }, ['card-data'])
      checkSomething(key, clear)
      // By chance: good for 2^32 texts under one version (NIST SP 800-38D §8.3).
      const nonce = ids.random(gcmNonceOctets)
      const bound = contextOf(key, context)
      const sealed = module.gcmSeal(key, { nonce, context: bound, clear: clear.reveal() })
      return sealedText({ version: key.version, nonce, sealed })
    },
    open(name, text, context) {
      const read = readSealed(text)
      if (!read) throw new KeyUnusable(`this was not sealed by ${name}`)
      const key = find({ name, version: read.version }, ['card-data'])
      const opened = module.gcmOpen(key, { ...read, context: contextOf(key, context) })
      if (!opened)
        throw new KeyUnusable(
          `this was not sealed by ${name} version ${key.version} for this place`,
        )
      return opened
    },
    close: () => module.close(),
  }
}

const nowOf = (editor: KeyEditor, key: Pick<KeyInfo, 'name' | 'version'>): KeyInfo => {
  const found = withStates(editor.records()).find((one) => sameKey(one, key))
  if (!found) throw new KeyUnusable(`${key.name} version ${key.version} is gone`)
  return found
}

/** Tokens do not work on nothing, so no store does. */
function checkSomething({ name }: KeyInfo, data: { readonly length: number }): void {
  if (data.length === 0) throw new KeyUnusable(`${name} was given nothing to work on`)
}

/** Every version of a name is for the same: what one of them encrypted, another must not be asked to open. */
function checkSpec(spec: KeySpec, known: readonly KeyInfo[]): Result<undefined, SpecRefusal> {
  if (!isKeyName(spec.name)) return refuse('name_invalid')
  if (!traits[spec.algorithm].uses.includes(spec.use)) return refuse('algorithm_unfit')
  if (known.some((key) => key.use !== spec.use)) return refuse('use_differs')
  if (known.some((key) => key.exportable !== (spec.exportable ?? false)))
    return refuse('exportable_differs')
  return accept(undefined)
}

const protects = (kek: KeyInfo, { algorithm }: Pick<KeySpec, 'algorithm'>) =>
  traits[kek.algorithm].strength >= traits[algorithm].strength

/** The name and the version are under the tag too: a sealed text cannot claim another key. */
const contextOf = ({ name, version }: KeyInfo, context: string) =>
  Buffer.from(JSON.stringify([name, version, context]))
