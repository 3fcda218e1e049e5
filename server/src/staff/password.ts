/**
 * Passwords, kept as scrypt (RFC 7914): `scrypt.<log2 N>.<salt>.<hash>`, with r = 8 and p = 1. One try takes
 * 32 MiB and a tenth of a second, so only a few are looked at at once.
 */
import { scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Overloaded } from '../db/index.ts'
import { createGate, type Ids, Secret } from '../kernel/index.ts'

export interface Passwords {
  hash(password: Secret): Promise<string>
  /** Takes as long for somebody who does not exist: without a hash it compares with a made-up one. */
  isRight(password: Secret, kept: string | undefined): Promise<boolean>
}

/** OWASP Password Storage, scrypt: N = 2^15 with r = 8. */
export const usualCost = 15
const blockSize = 8
const saltBytes = 16
const hashBytes = 32

/** Each holds 32 MiB; who comes after these waits, and after those is told to come again. */
const atOnce = { insideMax: 2, waitingMax: 32 }
const waitMs = 10_000

type Scrypt = (password: string, salt: Uint8Array, length: number, cost: object) => Promise<Buffer>
const derive = promisify(scrypt) as Scrypt

export function createPasswords(ids: Pick<Ids, 'random'>, cost = usualCost): Passwords {
  const gate = createGate(atOnce)
  const nobodys = `scrypt.${cost}.${text(ids.random(saltBytes))}.${text(ids.random(hashBytes))}`

  async function hashOf(password: Secret, log2: number, salt: Uint8Array): Promise<Buffer> {
    const leave = await gate.enter(waitMs)
    if (typeof leave === 'string') throw new Overloaded('too many passwords are being looked at')
    try {
      const N = 2 ** log2
      const limits = { N, r: blockSize, p: 1, maxmem: 2 * 128 * N * blockSize }
      return await derive(password.reveal().normalize('NFC'), salt, hashBytes, limits)
    } finally {
      leave()
    }
  }

  return {
    async hash(password) {
      const salt = ids.random(saltBytes)
      return `scrypt.${cost}.${text(salt)}.${text(await hashOf(password, cost, salt))}`
    },
    async isRight(password, kept) {
      const [, log2, salt = '', hash = ''] = (kept ?? nobodys).split('.')
      const found = await hashOf(password, Number(log2), Buffer.from(salt, 'base64url'))
      return timingSafeEqual(found, Buffer.from(hash, 'base64url')) && kept !== undefined
    },
  }
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')

export const passwordLengthMin = 12
const passwordLengthMax = 128

/** Long rather than odd (NIST SP 800-63B §5.1.1.2), and not the login with something around it. */
export function isGoodPassword(password: Secret, login: string): boolean {
  const chosen = password.reveal().normalize('NFC')
  const length = [...chosen].length
  const few = new Set(chosen).size < 5
  const named = chosen.toLowerCase().includes(login)
  return length >= passwordLengthMin && length <= passwordLengthMax && !few && !named
}

/** Without l, o, 0 and 1; 32 of them, so that none is favoured. */
const letters = 'abcdefghijkmnpqrstuvwxyz23456789'

/** Eighty bits, in groups that can be read out. */
export function newPassword(ids: Pick<Ids, 'random'>): Secret {
  const chosen = [...ids.random(16)].map((byte) => letters[byte % letters.length])
  return new Secret(chosen.join('').replace(/(.{4})(?=.)/g, '$1-'))
}
