/**
 * Encrypts single fields at rest: signing keys, the tokens of sinks. AES-256-GCM with keys derived
 * from one configured secret (RFC 5869); each value is bound to its purpose, so that a sealed sink
 * token cannot be pasted where a signing key is expected.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'
import { assert, type Ids, Secret } from '../../kernel/index.ts'

export interface FieldCipher {
  /** `v1.` and base64url of nonce, ciphertext and tag. */
  seal(purpose: string, secret: Secret): string
  /** Throws when the text was not sealed for this purpose with this key. */
  open(purpose: string, sealed: string): Secret
  /** HMAC-SHA-256, hex: a hash that cannot be tried out by someone who only has the database. */
  mac(purpose: string, text: string): string
}

const nonceBytes = 12
const tagBytes = 16
const secretMin = 32

/** `key` has at least 32 characters; losing it loses every sealed field. */
export function createFieldCipher(key: Secret, ids: Pick<Ids, 'random'>): FieldCipher {
  assert(key.reveal().length >= secretMin, `the field key has at least ${secretMin} characters`)
  const derive = (info: string) => Buffer.from(hkdfSync('sha256', key.reveal(), '', info, 32))
  const sealing = derive('telepurse field seal')
  const authenticating = derive('telepurse field mac')
  return {
    seal(purpose, secret) {
      const nonce = ids.random(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce)
      cipher.setAAD(Buffer.from(purpose))
      const text = Buffer.concat([cipher.update(secret.reveal(), 'utf8'), cipher.final()])
      return `v1.${Buffer.concat([nonce, text, cipher.getAuthTag()]).toString('base64url')}`
    },
    open(purpose, sealed) {
      assert(sealed.startsWith('v1.'), 'the field is sealed in a known form')
      const bytes = Buffer.from(sealed.slice(3), 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', sealing, bytes.subarray(0, nonceBytes))
      decipher.setAAD(Buffer.from(purpose))
      decipher.setAuthTag(bytes.subarray(-tagBytes))
      const text = decipher.update(bytes.subarray(nonceBytes, -tagBytes))
      return new Secret(Buffer.concat([text, decipher.final()]).toString('utf8'))
    },
    mac: (purpose, text) =>
      createHmac('sha256', authenticating).update(`${purpose}\n${text}`).digest('hex'),
  }
}
