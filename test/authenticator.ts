/** An authenticator in software: it makes passkeys and signs with them as WebAuthn Level 3 §6 says. */
import {
  createHash,
  createSign,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'

export interface Lie {
  readonly origin?: string
  readonly rpId?: string
  readonly type?: string
  readonly challenge?: string
  /** The owner was there, but did not show that it was he. */
  readonly isUnverified?: boolean
  readonly userHandle?: string
  /** Goes back to this count, as a copy of the authenticator would. */
  readonly counter?: number
}

interface Options {
  readonly challenge: string
  readonly rp?: { readonly id?: string }
  readonly rpId?: string
  readonly user?: { readonly id: string }
}

const present = 0x01
const verified = 0x04
const attested = 0x40

const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest()

/** `counts` as a security key does; a synchronised passkey says 0 for ever. */
export function createAuthenticator(origin: string, { counts = true } = {}) {
  const id = randomBytes(16)
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  let counter = 0
  let userHandle = ''

  function clientData(type: string, challenge: string, lie: Lie): Buffer {
    const said = { type, challenge, origin, crossOrigin: false }
    const lies = {
      ...(lie.type !== undefined && { type: lie.type }),
      ...(lie.origin !== undefined && { origin: lie.origin }),
      ...(lie.challenge !== undefined && { challenge: lie.challenge }),
    }
    return Buffer.from(JSON.stringify({ ...said, ...lies }))
  }
  function authData(rpId: string, flags: number, lie: Lie): Buffer {
    if (counts) counter += 1
    const count = Buffer.alloc(4)
    count.writeUInt32BE(lie.counter ?? counter)
    const shown = lie.isUnverified === true ? present : present | verified
    return Buffer.concat([sha256(lie.rpId ?? rpId), Buffer.from([flags | shown]), count])
  }
  const credential = (response: object) => ({
    ...{ id: id.toString('base64url'), rawId: id.toString('base64url'), type: 'public-key' },
    ...{ clientExtensionResults: {}, response },
  })

  return {
    credentialId: id.toString('base64url'),

    /** Answers `navigator.credentials.create`. */
    create(options: object, lie: Lie = {}) {
      const { challenge, rp, user } = options as Options
      userHandle = user?.id ?? ''
      const length = Buffer.alloc(2)
      length.writeUInt16BE(id.length)
      const data = Buffer.concat([
        authData(rp?.id ?? '', attested, lie),
        ...[Buffer.alloc(16), length, id, coseOf(pair.publicKey)],
      ])
      // {"fmt": "none", "attStmt": {}, "authData": data}
      const head = Buffer.from('a363666d74646e6f6e656761747453746d74a0686175746844617461', 'hex')
      const object = Buffer.concat([head, Buffer.from([0x58, data.length]), data])
      return credential({
        clientDataJSON: clientData('webauthn.create', challenge, lie).toString('base64url'),
        attestationObject: object.toString('base64url'),
        transports: ['internal'],
      })
    },

    /** Answers `navigator.credentials.get`. */
    get(options: object, lie: Lie = {}) {
      const { challenge, rpId = '' } = options as Options
      const said = clientData('webauthn.get', challenge, lie)
      const data = authData(rpId, 0, lie)
      const signature = createSign('sha256').update(data).update(sha256(said)).sign(pair.privateKey)
      return credential({
        clientDataJSON: said.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: signature.toString('base64url'),
        userHandle: lie.userHandle ?? userHandle,
      })
    },
  }
}

/** {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}: RFC 9053 §7.1.1. */
function coseOf(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  const bytes = (text: string) => Buffer.from(text, 'base64url')
  return Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    bytes(x),
    Buffer.from('225820', 'hex'),
    bytes(y),
  ])
}
