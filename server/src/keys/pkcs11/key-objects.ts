/**
 * How a key lies on the token: a secret key object under `name#version`, not to be read and, unless it is
 * exportable, never to leave. A double-length key for MACs has two more objects, its halves, each as the
 * DES2 key K|K: retail MACs need single DES, and no mechanism takes half of a key (SoftHSM has no
 * CKM_DES3_MAC either). Such a key, and one that comes under TDES, which tokens do not unwrap
 * (CKM_DES3_ECB is no wrapping mechanism), is in our memory for the moment of its entry.
 */
import { SecretBytes } from '../../kernel/index.ts'
import { isDes, type KeyRecord, type KeyUse, traits } from '../key.ts'
import type { KeyPart } from '../module.ts'
import { type Attribute, CKA, CKK, CKM, CKO, type Handle } from './cryptoki.ts'
import type { TokenSession } from './token.ts'

type Described = Pick<KeyRecord, 'name' | 'version' | 'use' | 'algorithm' | 'exportable'>

export const labelOf = ({ name, version }: Pick<KeyRecord, 'name' | 'version'>, part: KeyPart) =>
  part === 'whole' ? `${name}#${version}` : `${name}#${version}/${part}`

export const hasHalves = ({ use, algorithm }: Pick<KeyRecord, 'use' | 'algorithm'>): boolean =>
  use === 'mac' && algorithm === 'tdes-double'

export const partsOf = (key: Described): readonly KeyPart[] =>
  hasHalves(key) ? ['whole', 'left', 'right'] : ['whole']

/** The token makes it, and nobody ever sees it. Not for single DES, which it would have to know twice. */
export function generateObject({ cryptoki, session }: TokenSession, key: Described): Handle {
  const mechanism = {
    des: CKM.DES2_KEY_GEN,
    'tdes-double': CKM.DES2_KEY_GEN,
    'tdes-triple': CKM.DES3_KEY_GEN,
    'aes-128': CKM.AES_KEY_GEN,
    'aes-256': CKM.AES_KEY_GEN,
    'hmac-256': CKM.GENERIC_SECRET_KEY_GEN,
  }[key.algorithm]
  const length = isDes(key.algorithm)
    ? []
    : [{ type: CKA.VALUE_LEN, value: traits[key.algorithm].octets }]
  return cryptoki.C_GenerateKey(session, { mechanism }, [...templateOf(key, 'whole'), ...length])
}

/** From octets in clear, which the caller overwrites. */
export function createObjects(
  { cryptoki, session }: TokenSession,
  key: Described,
  clear: Uint8Array,
): void {
  for (const part of partsOf(key)) {
    const half = part === 'left' ? clear.subarray(0, 8) : clear.subarray(8)
    const octets =
      part === 'whole' && key.algorithm !== 'des'
        ? Buffer.from(clear)
        : twice(part === 'whole' ? clear : half)
    try {
      const value = { type: CKA.VALUE, value: octets }
      cryptoki.C_CreateObject(session, [...templateOf(key, part), value])
    } finally {
      octets.fill(0)
    }
  }
}

/** CKM_AES_KEY_WRAP (RFC 3394): from token to token. */
export function unwrapObject(
  { cryptoki, session }: TokenSession,
  key: Described,
  { wrapped, under }: { readonly wrapped: Uint8Array; readonly under: Handle },
): void {
  const mechanism = { mechanism: CKM.AES_KEY_WRAP }
  cryptoki.C_UnwrapKey(session, mechanism, under, Buffer.from(wrapped), templateOf(key, 'whole'))
}

/** The octets of a key that came under AES, for one whose halves are needed. */
export function unwrapClear(
  { cryptoki, session }: TokenSession,
  { wrapped, under }: { readonly wrapped: Uint8Array; readonly under: Handle },
): SecretBytes {
  const mechanism = { mechanism: CKM.AES_KEY_WRAP }
  const object = cryptoki.C_UnwrapKey(session, mechanism, under, Buffer.from(wrapped), [
    { type: CKA.CLASS, value: CKO.SECRET_KEY },
    { type: CKA.KEY_TYPE, value: CKK.GENERIC_SECRET },
    { type: CKA.TOKEN, value: false },
    { type: CKA.SENSITIVE, value: false },
    { type: CKA.EXTRACTABLE, value: true },
  ])
  try {
    const [found] = cryptoki.C_GetAttributeValue(session, object, [{ type: CKA.VALUE }])
    return new SecretBytes(found?.value ?? Buffer.alloc(0))
  } finally {
    cryptoki.C_DestroyObject(session, object)
  }
}

export function findObjects(
  { cryptoki, session }: TokenSession,
  template: readonly Attribute[],
): Handle[] {
  const found: Handle[] = []
  cryptoki.C_FindObjectsInit(session, template)
  try {
    for (;;) {
      const some = cryptoki.C_FindObjects(session, findMax)
      found.push(...some)
      if (some.length < findMax) return found
    }
  } finally {
    cryptoki.C_FindObjectsFinal(session)
  }
}

export const findKeys = (open: TokenSession, key: Described, part: KeyPart): Handle[] =>
  findObjects(open, [
    { type: CKA.CLASS, value: CKO.SECRET_KEY },
    { type: CKA.LABEL, value: labelOf(key, part) },
  ])

export function destroyKeys(open: TokenSession, key: Described): void {
  for (const part of partsOf(key))
    for (const object of findKeys(open, key, part))
      open.cryptoki.C_DestroyObject(open.session, object)
}

const findMax = 100

const twice = (half: Uint8Array) => Buffer.concat([half, half])

const keyType = {
  des: CKK.DES2,
  'tdes-double': CKK.DES2,
  'tdes-triple': CKK.DES3,
  'aes-128': CKK.AES,
  'aes-256': CKK.AES,
  'hmac-256': CKK.GENERIC_SECRET,
} as const

/** What each use needs; AES keys also sign, for their check value is a CMAC. */
function allowed({ use, algorithm }: Described): readonly number[] {
  const cipher = [CKA.ENCRYPT, CKA.DECRYPT]
  const needs: Readonly<Record<KeyUse, readonly number[]>> = {
    pin: cipher,
    mac: cipher,
    kek: isDes(algorithm) ? cipher : [CKA.WRAP, CKA.UNWRAP],
    'card-data': cipher,
    lookup: [CKA.SIGN],
  }
  return isDes(algorithm) ? needs[use] : [...needs[use], CKA.SIGN]
}

function templateOf(key: Described, part: KeyPart): Attribute[] {
  const mayDo = allowed(key)
  const label = labelOf(key, part)
  return [
    { type: CKA.CLASS, value: CKO.SECRET_KEY },
    { type: CKA.KEY_TYPE, value: keyType[key.algorithm] },
    { type: CKA.TOKEN, value: true },
    { type: CKA.PRIVATE, value: true },
    { type: CKA.SENSITIVE, value: true },
    { type: CKA.EXTRACTABLE, value: key.exportable && part === 'whole' },
    { type: CKA.LABEL, value: label },
    { type: CKA.ID, value: Buffer.from(label) },
    ...[CKA.ENCRYPT, CKA.DECRYPT, CKA.WRAP, CKA.UNWRAP, CKA.SIGN, CKA.VERIFY, CKA.DERIVE].map(
      (type) => ({ type, value: mayDo.includes(type) }),
    ),
  ]
}
