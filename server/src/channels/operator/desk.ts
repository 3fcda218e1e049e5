/**
 * What every operator route stands on: who asks, and how a change is made. A change, the row in
 * `operator_log` that says who made it, and nothing else are one transaction.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { appendLog, type LogEntry } from '../../audit/index.ts'
import type { Database, Tx } from '../../db/index.ts'
import type { Clock, FieldCipher, Ids, Result, Secret } from '../../kernel/index.ts'
import type { LiveCatalogue } from '../../merchants/index.ts'
import type { LivePolicy } from '../../risk/index.ts'
import { authorOf } from '../../staff/index.ts'
import type { Release, SignOut } from '../../subscribers/index.ts'
import { type Guesses, ProblemError, tooManyGuesses } from '../http/index.ts'
import { foundSession } from '../staff-door/index.ts'
import { type OperatorRefusal, refused } from './problems.ts'

export interface Desk {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly cipher: FieldCipher
  readonly catalogue: LiveCatalogue
  readonly policy: LivePolicy
  /** Lets go of all that hangs on a number that is closed. */
  readonly release: Release
  /** Signs a number out everywhere. */
  readonly signOut: SignOut
}

/**
 * Throws 401 unless the request bears the operator's token, 429 to an address that has sent too many wrong ones,
 * and 403 where the token does not count. When an address is locked, the log says so.
 */
export async function checkToken(
  desk: Desk,
  request: FastifyRequest,
  { token, wrongTokens }: { readonly token: Secret | null; readonly wrongTokens: Guesses },
): Promise<void> {
  const lockedMs = wrongTokens.lockedMs(request.ip)
  if (lockedMs > 0) throw tooManyGuesses(lockedMs)
  const [, presented] = /^Bearer (\S{1,500})$/i.exec(request.headers.authorization ?? '') ?? []
  // Hashes have one length and say nothing of how much of a guess was right.
  const right = presented && token && timingSafeEqual(hashOf(presented), hashOf(token.reveal()))
  if (right) {
    if (request.routeOptions.config.operatorToken !== true) throw refused('person_needed')
    return
  }
  if (presented && wrongTokens.wrong(request.ip)) await tellLocked(desk, request.ip)
  throw new ProblemError({
    status: 401,
    type: 'unauthenticated',
    title: 'Send the operator token: Authorization: Bearer …',
  })
}

async function tellLocked({ db, clock, ids, cipher }: Desk, address: string): Promise<void> {
  const now = clock.now()
  await db.transact((tx) =>
    appendLog(tx, cipher, {
      id: ids.next(0, now),
      at: now,
      operator: '-',
      action: 'token.locked',
      subject: `address:${address}`,
      before: null,
      after: null,
    }),
  )
}

const hashOf = (text: string) => createHash('sha256').update(text).digest()

/**
 * Who changes something: the person who is signed in, or beside the token whoever `X-Operator` says. What it says
 * is nobody's proof, and has no colon: it is never taken for a person of ours.
 */
export function operatorOf(request: FastifyRequest): string {
  const session = foundSession(request)
  if (session) return authorOf(session.person)
  const name = request.headers['x-operator']
  if (typeof name === 'string' && /^[A-Za-z0-9][A-Za-z0-9 ._@-]{0,63}$/.test(name)) return name
  throw new ProblemError({
    status: 422,
    type: 'operator_missing',
    title: 'Say who makes this change: X-Operator with 1 to 64 latin letters, digits or ._@-',
  })
}

/** What a change did, as the log tells it. */
export type LogText = Pick<LogEntry, 'action' | 'subject' | 'before' | 'after'>

/**
 * Runs a change and writes it down, a refused one too: who tried what is part of the story. Throws the
 * refusal's problem when it is refused; afterwards this process sees the change at once.
 */
export async function change<Value>(
  desk: Desk,
  request: FastifyRequest,
  work: (tx: Tx, now: number) => Promise<Result<Value, OperatorRefusal>>,
  told: (value: Value) => LogText,
): Promise<Value> {
  const { db, clock, ids, cipher, catalogue, policy } = desk
  const operator = operatorOf(request)
  const now = clock.now()
  const result = await db.transact(async (tx) => {
    const done = await work(tx, now)
    const text = done.ok ? told(done.value) : refusedText(request, done.refusal)
    await appendLog(tx, cipher, { id: ids.next(0, now), at: now, operator, ...text })
    return done
  })
  if (!result.ok) throw refused(result.refusal)
  await Promise.all([catalogue.reload(), policy.reload()])
  return result.value
}

/** Writes down what was refused elsewhere, and answers its problem. */
export async function refusedAndLogged(
  { db, clock, ids, cipher }: Desk,
  request: FastifyRequest,
  refusal: OperatorRefusal,
): Promise<ProblemError> {
  const [now, operator] = [clock.now(), operatorOf(request)]
  const text = refusedText(request, refusal)
  await db.transact((tx) =>
    appendLog(tx, cipher, { id: ids.next(0, now), at: now, operator, ...text }),
  )
  return refused(refusal)
}

const refusedText = (request: FastifyRequest, refusal: OperatorRefusal): LogText => ({
  action: 'refused',
  subject: `${request.method} ${request.routeOptions.url}`,
  before: null,
  after: { refusal, params: request.params },
})

/** A page and the id that the next one begins after; `found` holds one more than the page. */
export function pageOf<Item extends { readonly id: string }>(
  found: readonly Item[],
  limit: number,
): { items: Item[]; next: string | null } {
  const items = found.slice(0, limit)
  return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null }
}

type Given<Body> = { [Name in keyof Body]?: Exclude<Body[Name], undefined> }

/** Without the fields that are there but undefined: they are no change. */
export const onlyGiven = <Body extends object>(body: Body): Given<Body> =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as Given<Body>
