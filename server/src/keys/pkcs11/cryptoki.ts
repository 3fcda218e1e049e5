/**
 * What is used of PKCS #11 v2.40, and the package that carries it into Node. The package is optional: it is
 * compiled on the machine, and who keeps keys in a file needs no compiler. So its types are written here.
 */
import { createRequire } from 'node:module'
import { KeyStoreRefused } from '../key-store.ts'

export type Handle = Buffer

export interface Mechanism {
  readonly mechanism: number
  readonly parameter?: Buffer | GcmParameter
}

export interface GcmParameter {
  /** A number of the package's own that says which structure this is. */
  readonly type: number
  readonly iv: Buffer
  readonly ivBits: number
  readonly aad: Buffer
  readonly tagBits: number
}

export interface Attribute {
  readonly type: number
  readonly value: number | boolean | string | Buffer
}

/** Each call is made at once and answers when it is done; none runs beside another. */
export interface Cryptoki {
  load(path: string): void
  C_Initialize(): void
  C_Finalize(): void
  C_GetSlotList(tokenPresent: boolean): Handle[]
  C_GetTokenInfo(slot: Handle): { readonly label: string }
  C_OpenSession(slot: Handle, flags: number): Handle
  C_CloseSession(session: Handle): void
  C_CloseAllSessions(slot: Handle): void
  C_Login(session: Handle, user: number, pin: string): void
  C_FindObjectsInit(session: Handle, template: readonly Attribute[]): void
  C_FindObjects(session: Handle, max: number): Handle[]
  C_FindObjectsFinal(session: Handle): void
  C_GetAttributeValue(
    session: Handle,
    object: Handle,
    wanted: readonly { readonly type: number }[],
  ): { readonly value: Buffer }[]
  C_CreateObject(session: Handle, template: readonly Attribute[]): Handle
  C_DestroyObject(session: Handle, object: Handle): void
  C_GenerateKey(session: Handle, mechanism: Mechanism, template: readonly Attribute[]): Handle
  C_GenerateRandom(session: Handle, octets: Buffer): Buffer
  C_EncryptInit(session: Handle, mechanism: Mechanism, key: Handle): void
  C_Encrypt(session: Handle, input: Buffer, output: Buffer): Buffer
  C_DecryptInit(session: Handle, mechanism: Mechanism, key: Handle): void
  C_Decrypt(session: Handle, input: Buffer, output: Buffer): Buffer
  C_SignInit(session: Handle, mechanism: Mechanism, key: Handle): void
  C_Sign(session: Handle, input: Buffer, output: Buffer): Buffer
  C_WrapKey(
    session: Handle,
    mechanism: Mechanism,
    wrapping: Handle,
    key: Handle,
    output: Buffer,
  ): Buffer
  C_UnwrapKey(
    session: Handle,
    mechanism: Mechanism,
    unwrapping: Handle,
    wrapped: Buffer,
    template: readonly Attribute[],
  ): Handle
}

/** Mechanisms, PKCS #11 v2.40 Current Mechanisms. */
export const CKM = {
  DES2_KEY_GEN: 0x130,
  DES3_KEY_GEN: 0x131,
  DES3_ECB: 0x132,
  DES3_CBC: 0x133,
  SHA256_HMAC: 0x251,
  GENERIC_SECRET_KEY_GEN: 0x350,
  AES_KEY_GEN: 0x1080,
  AES_ECB: 0x1081,
  AES_CBC: 0x1082,
  AES_GCM: 0x1087,
  AES_CMAC: 0x108a,
  AES_KEY_WRAP: 0x2109,
} as const

/** Attributes of objects. */
export const CKA = {
  CLASS: 0x0,
  TOKEN: 0x1,
  PRIVATE: 0x2,
  LABEL: 0x3,
  APPLICATION: 0x10,
  VALUE: 0x11,
  KEY_TYPE: 0x100,
  ID: 0x102,
  SENSITIVE: 0x103,
  ENCRYPT: 0x104,
  DECRYPT: 0x105,
  WRAP: 0x106,
  UNWRAP: 0x107,
  SIGN: 0x108,
  VERIFY: 0x10a,
  DERIVE: 0x10c,
  VALUE_LEN: 0x161,
  EXTRACTABLE: 0x162,
  MODIFIABLE: 0x170,
} as const

/** Classes of objects, and types of keys. */
export const CKO = { DATA: 0, SECRET_KEY: 4 } as const
export const CKK = { GENERIC_SECRET: 0x10, DES2: 0x14, DES3: 0x15, AES: 0x1f } as const

/** Answers that mean something other than a mistake. */
export const CKR = {
  GENERAL_ERROR: 0x5,
  DEVICE_ERROR: 0x30,
  DEVICE_REMOVED: 0x32,
  ENCRYPTED_DATA_INVALID: 0x40,
  KEY_HANDLE_INVALID: 0x60,
  OBJECT_HANDLE_INVALID: 0x82,
  OPERATION_ACTIVE: 0x90,
  PIN_INCORRECT: 0xa0,
  PIN_LOCKED: 0xa4,
  SESSION_CLOSED: 0xb0,
  SESSION_HANDLE_INVALID: 0xb3,
  TOKEN_NOT_PRESENT: 0xe0,
  USER_ALREADY_LOGGED_IN: 0x100,
  USER_NOT_LOGGED_IN: 0x101,
  WRAPPED_KEY_INVALID: 0x110,
  WRAPPED_KEY_LEN_RANGE: 0x112,
  CRYPTOKI_NOT_INITIALIZED: 0x190,
  CRYPTOKI_ALREADY_INITIALIZED: 0x191,
} as const

export const readWriteSession = 0x2 | 0x4
export const normalUser = 1

export const answerOf = (error: unknown): number | undefined => {
  const { code } = Object(error) as { readonly code?: unknown }
  return typeof code === 'number' ? code : undefined
}

export const answers = (error: unknown, ...some: readonly number[]): boolean =>
  some.includes(answerOf(error) ?? -1)

/** The token cannot be used as it is set up. */
export class TokenRefused extends KeyStoreRefused {
  override readonly name = 'TokenRefused'
}

interface Package {
  readonly PKCS11: new () => Cryptoki
  readonly CK_PARAMS_AES_GCM: number
}

const require = createRequire(import.meta.url)

/** Why the package is not usable, or undefined. */
export function missingPackage(): string | undefined {
  try {
    require('pkcs11js')
    return undefined
  } catch {
    return 'the package pkcs11js is not installed: it needs a C++ compiler, python3 and make, then npm install'
  }
}

export function openModule(path: string): {
  readonly cryptoki: Cryptoki
  readonly gcmType: number
} {
  const missing = missingPackage()
  if (missing) throw new TokenRefused(missing)
  const { PKCS11, CK_PARAMS_AES_GCM } = require('pkcs11js') as Package
  const cryptoki = new PKCS11()
  try {
    cryptoki.load(path)
  } catch (error) {
    throw new TokenRefused(`the PKCS #11 module ${path} cannot be loaded: ${String(error)}`)
  }
  return { cryptoki, gcmType: CK_PARAMS_AES_GCM }
}
