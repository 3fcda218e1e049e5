/** What the token computes with a key object. */
import { SecretBytes } from '../../kernel/index.ts'
import { shownCheckValue } from '../check-value.ts'
import { type Direction, gcmTagOctets, plainly } from '../ciphers.ts'
import { isDes, type KeyAlgorithm } from '../key.ts'
import type { GcmInput } from '../module.ts'
import { answers, CKM, CKR, type Handle, type Mechanism } from './cryptoki.ts'
import type { TokenSession } from './token.ts'

export function ecbOn(
  open: TokenSession,
  { key, algorithm }: { readonly key: Handle; readonly algorithm: KeyAlgorithm },
  blocks: Uint8Array,
  direction: Direction,
): Uint8Array {
  const mechanism = { mechanism: isDes(algorithm) ? CKM.DES3_ECB : CKM.AES_ECB }
  return direction === 'encrypt'
    ? encrypted(open, mechanism, key, blocks)
    : decrypted(open, mechanism, key, blocks)
}

/** CBC from zeros, of which the last block counts: CKM_DES3_MAC and CKM_AES_MAC are not everywhere. */
export function chainOn(
  open: TokenSession,
  { key, algorithm }: { readonly key: Handle; readonly algorithm: KeyAlgorithm },
  blocks: Uint8Array,
): Uint8Array {
  const octets = isDes(algorithm) ? 8 : 16
  const mechanism = {
    mechanism: isDes(algorithm) ? CKM.DES3_CBC : CKM.AES_CBC,
    parameter: Buffer.alloc(octets),
  }
  return encrypted(open, mechanism, key, blocks).slice(-octets)
}

export const hmacOn = (open: TokenSession, key: Handle, data: Uint8Array): Uint8Array =>
  signed(open, { mechanism: CKM.SHA256_HMAC }, key, data)

export const sealOn = (
  open: TokenSession,
  key: Handle,
  input: GcmInput & { readonly clear: Uint8Array },
): Uint8Array => encrypted(open, gcm(open, input), key, input.clear)

/** Undefined when the tag does not fit, for which SoftHSM has no answer of its own. */
export function openOn(
  open: TokenSession,
  key: Handle,
  input: GcmInput & { readonly sealed: Uint8Array },
): SecretBytes | undefined {
  try {
    return new SecretBytes(decrypted(open, gcm(open, input), key, input.sealed))
  } catch (error) {
    if (answers(error, CKR.ENCRYPTED_DATA_INVALID, CKR.GENERAL_ERROR)) return undefined
    throw error
  }
}

/** As `checkValueOf` has it, by the token. */
export function checkValueOn(
  open: TokenSession,
  of: { readonly key: Handle; readonly algorithm: KeyAlgorithm },
): string {
  const zeros = new Uint8Array(isDes(of.algorithm) ? 8 : 16)
  if (isDes(of.algorithm)) return shownCheckValue(ecbOn(open, of, zeros, 'encrypt'))
  const mechanism = of.algorithm === 'hmac-256' ? CKM.SHA256_HMAC : CKM.AES_CMAC
  return shownCheckValue(signed(open, { mechanism }, of.key, zeros))
}

const gcm = ({ gcmType }: TokenSession, { nonce, context }: GcmInput): Mechanism => ({
  mechanism: CKM.AES_GCM,
  parameter: {
    type: gcmType,
    iv: Buffer.from(nonce),
    ivBits: nonce.length * 8,
    aad: Buffer.from(context),
    tagBits: gcmTagOctets * 8,
  },
})

/** Room for the last block and a tag. */
const moreOctets = 32

function encrypted(
  { cryptoki, session }: TokenSession,
  mechanism: Mechanism,
  key: Handle,
  clear: Uint8Array,
): Uint8Array {
  const input = Buffer.from(clear)
  try {
    cryptoki.C_EncryptInit(session, mechanism, key)
    return plainly(cryptoki.C_Encrypt(session, input, Buffer.alloc(clear.length + moreOctets)))
  } finally {
    input.fill(0)
  }
}

function decrypted(
  { cryptoki, session }: TokenSession,
  mechanism: Mechanism,
  key: Handle,
  blocks: Uint8Array,
): Uint8Array {
  const output = Buffer.alloc(blocks.length + moreOctets)
  try {
    cryptoki.C_DecryptInit(session, mechanism, key)
    return Uint8Array.from(cryptoki.C_Decrypt(session, Buffer.from(blocks), output))
  } finally {
    output.fill(0)
  }
}

function signed(
  { cryptoki, session }: TokenSession,
  mechanism: Mechanism,
  key: Handle,
  data: Uint8Array,
): Uint8Array {
  cryptoki.C_SignInit(session, mechanism, key)
  return cryptoki.C_Sign(session, Buffer.from(data), Buffer.alloc(64))
}
