/**
 * Encrypts single fields at rest: AES-256-GCM under a key derived (RFC 5869) from a configured secret.
 * Every value names its key and is bound to its purpose, so that a webhook secret cannot be pasted
 * where a signing key is expected, and keys can be changed while old values are still about.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto'
import type { Ids } from './ids.ts'
import { assert } from './result.ts'
import { Secret } from './secret.ts'

export interface FieldCipher {
  /** `v1.<key id>.` and base64url of nonce, ciphertext and tag; differs each time. */
  seal(purpose: string, secret: Secret): string
  /** Throws when the text was not sealed for this purpose under a key that is known. */
  open(purpose: string, sealed: string): Secret
  /** HMAC-SHA-256, hex: a hash that cannot be tried out by someone who only has the database. */
  mac(purpose: string, text: string): string
}

const nonceBytes = 12
const tagBytes = 16
const secretLengthMin = 32

/**
 * Seals under `current` and opens under it and the `older` ones. Each has at least 32 characters;
 * losing one loses every field sealed under it.
 */
export function createFieldCipher(
  current: Secret,
  ids: Pick<Ids, 'random'>,
  older: readonly Secret[] = [],
): FieldCipher {
  const keys = new Map([...older, current].map(deriveKey))
  const [keyId, key] = deriveKey(current)
  const macKey = Buffer.from(hkdfSync('sha256', current.reveal(), '', 'telepurse field mac', 32))
  return {
    seal(purpose, secret) {
      const nonce = ids.random(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose))
      const text = Buffer.concat([cipher.update(secret.reveal(), 'utf8'), cipher.final()])
      const bytes = Buffer.concat([nonce, text, cipher.getAuthTag()])
      return `v1.${keyId}.${bytes.toString('base64url')}`
    },
    open(purpose, sealed) {
      const [version, id = '', text = ''] = sealed.split('.')
      const known = keys.get(id)
      assert(version === 'v1' && known, 'the field is sealed in a known form under a known key')
      const bytes = Buffer.from(text, 'base64url')
      assert(bytes.length >= nonceBytes + tagBytes, 'the sealed field is whole')
      const decipher = createDecipheriv('aes-256-gcm', known, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      })
      decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(-tagBytes))
      const opened = decipher.update(bytes.subarray(nonceBytes, -tagBytes))
      return new Secret(Buffer.concat([opened, decipher.final()]).toString('utf8'))
    },
    mac: (purpose, text) =>
      createHmac('sha256', macKey).update(`${purpose}\n${text}`).digest('hex'),
  }
}

/** The id tells keys apart and says nothing of the key. */
function deriveKey(secret: Secret): [id: string, key: Buffer] {
  assert(
    secret.reveal().length >= secretLengthMin,
    `a field key has at least ${secretLengthMin} characters`,
  )
  const key = Buffer.from(hkdfSync('sha256', secret.reveal(), '', 'telepurse field seal', 32))
  return [createHash('sha256').update('id of ').update(key).digest('hex').slice(0, 8), key]
}
