/**
 * Reads access tokens without asking anyone: signature, issuer, audience and time are checked here,
 * the client against the catalogue in memory, and the customer's number once per token. What was
 * found is remembered by the token's hash, so that the hot path costs one hash and two look-ups.
 */
import { createHash } from 'node:crypto'
import { errors, importJWK, jwtVerify } from 'jose'
import type { Reader } from '../../db/index.ts'
import { accept, type Clock, type Msisdn, type Result, refuse } from '../../kernel/index.ts'
import type { Catalogue } from '../../merchants/index.ts'
import { type KeyRing, signatureAlgorithm } from './keys.ts'
import { msisdnOf } from './store.ts'

/** Who calls: a merchant's client, and with a three-legged token the customer who agreed. */
export interface Caller {
  readonly clientId: string
  readonly merchantId: string
  readonly scopes: ReadonlySet<string>
  /** Of a three-legged token; undefined for two-legged ones. */
  readonly msisdn: Msisdn | undefined
  /** A client of the sandbox. */
  readonly test: boolean
}

/** The value of an Authorization header, or undefined. Refuses whatever is not a valid token. */
export type TokenVerifier = (
  authorization: string | undefined,
) => Promise<Result<Caller, 'unauthenticated'>>

interface Dependencies {
  readonly keys: KeyRing
  readonly catalogue: Catalogue
  readonly db: Reader
  readonly clock: Clock
  readonly issuer: string
  readonly audience: string
}

interface Known {
  readonly clientId: string
  readonly scopes: ReadonlySet<string>
  readonly msisdn: Msisdn | undefined
  readonly expiresAt: number
}

/** Tokens remembered; the oldest go first. A token costs about 300 bytes here. */
const rememberedMax = 20_000
/** Longer than any token we sign, and short enough to be hashed for free. */
const tokenLengthMax = 4_096

export function createTokenVerifier(deps: Dependencies): TokenVerifier {
  const remembered = new Map<string, Known>()
  const denied = refuse('unauthenticated')

  async function known(token: string): Promise<Known | undefined> {
    const hash = createHash('sha256').update(token).digest('base64')
    const before = remembered.get(hash)
    if (before) return before
    const found = await read(token, deps)
    if (!found) return undefined
    if (remembered.size >= rememberedMax) {
      const [oldest] = remembered.keys()
      if (oldest !== undefined) remembered.delete(oldest)
    }
    remembered.set(hash, found)
    return found
  }

  return async (authorization) => {
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(authorization ?? '')?.[1]
    if (token === undefined || token.length > tokenLengthMax) return denied
    const found = await known(token)
    if (!found || found.expiresAt <= deps.clock.now()) return denied
    const client = deps.catalogue.client(found.clientId)
    if (!client || client.revokedAt !== null) return denied
    const { clientId, scopes, msisdn } = found
    return accept({ clientId, scopes, msisdn, merchantId: client.merchantId, test: client.test })
  }
}

/** Undefined for a token that is not ours or not in time; throws only when the database is away. */
async function read(token: string, deps: Dependencies): Promise<Known | undefined> {
  const keys = await deps.keys.published()
  const verified = await jwtVerify(
    token,
    async (header) => {
      const key = keys.find((one) => one.kid === header.kid)
      if (!key) throw new errors.JWKSNoMatchingKey()
      return importJWK(key.publicJwk, signatureAlgorithm)
    },
    {
      issuer: deps.issuer,
      audience: deps.audience,
      typ: 'at+jwt',
      algorithms: [signatureAlgorithm],
      currentDate: new Date(deps.clock.now()),
    },
  ).catch((error: unknown) => {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  })
  if (!verified) return undefined
  const { client_id: clientId, sub, exp, scope } = verified.payload
  if (typeof clientId !== 'string' || typeof sub !== 'string' || exp === undefined) return undefined
  // RFC 9068 §2.2: without a customer the subject is the client itself.
  const threeLegged = sub !== clientId
  const msisdn = threeLegged ? await msisdnOf(deps.db, sub) : undefined
  if (threeLegged && msisdn === undefined) return undefined
  const scopes = new Set(typeof scope === 'string' ? scope.split(' ') : [])
  return { clientId, scopes, msisdn, expiresAt: exp * 1_000 }
}
