/** Tokens that say nothing (256 bits, in Base64url), and what is kept of one: a hash that cannot be turned back. */
import { createHash } from 'node:crypto'
import type { Ids } from './ids.ts'
import { Secret } from './secret.ts'

export const newToken = (ids: Pick<Ids, 'random'>): Secret =>
  new Secret(Buffer.from(ids.random(32)).toString('base64url'))

export const isTokenShape = (text: string): boolean => /^[\w-]{43}$/.test(text)

export const tokenHash = (token: Secret): string =>
  createHash('sha256').update(token.reveal()).digest('hex')
