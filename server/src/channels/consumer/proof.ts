/**
 * That it is the owner: who moves money, by the PIN, checked by whoever keeps it, or by a passkey in its place; who
 * changes how one signs in. A passkey confirms one request with all that it says, and only while the PIN could: what
 * locks the PIN is no way round it.
 */
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { type Msisdn, Secret } from '../../kernel/index.ts'
import type { Session } from '../../sign-ins/index.ts'
import { tooManyGuesses } from '../http/index.ts'
import { type AppCard, type ConsumerDesk, refused, sessionOf } from './desk.ts'
import type { Proof } from './fields.ts'
import { pinRefusal } from './words.ts'

/**
 * Throws unless it is the wallet's PIN. A wrong one counts, whatever comes of the rest; but once, where the
 * request comes again under its `key` because its answer was lost.
 */
async function mustKnowPin(
  { pins }: Pick<ConsumerDesk, 'pins'>,
  msisdn: Msisdn,
  { pin, key }: { readonly pin: string | undefined; readonly key: string },
): Promise<void> {
  if (pin === undefined) throw refused('pin_missing')
  const checked = await pins.check(msisdn, new Secret(pin), 'web', key)
  if (checked.ok) return
  const { refusal } = checked
  throw refused(pinRefusal(refusal), refusal.code === 'wrong' ? refusal : {})
}

/** Throws unless there is a PIN that may pay: a passkey stands for it, and for nothing else. */
export async function mustBeUsable(
  { db, clock, pins }: Pick<ConsumerDesk, 'db' | 'clock' | 'pins'>,
  msisdn: Msisdn,
): Promise<void> {
  const kept = await pins.stateOf(db, msisdn)
  if (!kept) throw refused('pin_none')
  if (kept.locked) throw refused('pin_locked')
  if (kept.state === 'active') return
  const isOver = kept.initialUntil !== null && clock.now() > kept.initialUntil
  throw refused(isOver ? 'pin_initial_expired' : 'pin_must_change')
}

/**
 * Throws unless the owner says so: by the wallet's PIN, or by a passkey that has signed this very request. A wrong
 * signature is no try of the PIN.
 */
export async function mustConfirm(
  desk: ConsumerDesk,
  request: FastifyRequest,
  { pin, passkey, key }: Proof & { readonly key: string },
): Promise<void> {
  const session = sessionOf(request)
  if (!passkey) return mustKnowPin(desk, session.msisdn, { pin, key })
  const lockedMs = desk.guesses.lockedMs(request.ip)
  if (lockedMs > 0) throw tooManyGuesses(lockedMs)
  await mustBeUsable(desk, session.msisdn)
  const { id: challenge, response } = passkey
  const proven = await desk.passkeys.prove(session, confirmedBy(request), { challenge, response })
  if (proven.ok) return
  desk.guesses.wrong(request.ip)
  throw refused(proven.refusal)
}

/** The same where a card moves money, whose PIN its bank may keep. */
export async function mustConfirmFor(
  desk: ConsumerDesk,
  request: FastifyRequest,
  { card, ...proof }: Proof & { readonly key: string; readonly card: AppCard | undefined },
): Promise<void> {
  if (card?.pinKeptBy === 'bank') await mustKnowBankPin(desk, card, bankPinOf(proof))
  else await mustConfirm(desk, request, proof)
}

/** A bank's PIN is for the bank: no passkey of ours stands for it. */
export function bankPinOf({ pin }: Proof): Secret {
  if (pin === undefined) throw refused('bank_pin_needed')
  return new Secret(pin)
}

const contents = new WeakMap<FastifyRequest, string>()

/** Before the body is read as the route reads it: what was sent is what was signed. */
export function keepContent(request: FastifyRequest): void {
  const { body } = request
  if (isObject(body) && 'passkey' in body) contents.set(request, contentOf(body))
}

/** Differs for any two bodies that say different things beside the proof, in whatever order. */
export function contentOf(body: object): string {
  const { pin: _, passkey: __, ...rest } = body as Record<string, unknown>
  return createHash('sha256').update(JSON.stringify(rest, inOrder)).digest('hex')
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const inOrder = (_: string, value: unknown) =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value

function confirmedBy(request: FastifyRequest) {
  const [path] = request.url.split('?')
  return { act: `${request.method} ${path}`, content: contents.get(request) ?? '' }
}

/** For so long who signs in has just shown who he is. */
const freshMs = 10 * 60_000

/**
 * Throws unless it is the owner and not who has found his device open: by the PIN, or where there is none by having
 * signed in just now. Who removes may do so while his PIN is locked, for a lost device does not wait; who makes may
 * not, or whoever locked it by guessing would be asked for less than before. Answers which of the two it was.
 */
export async function mustBeOwner(
  desk: Pick<ConsumerDesk, 'db' | 'clock' | 'pins'>,
  { msisdn, beganAt }: Session,
  { to, pin, key }: { to: 'make' | 'remove'; pin?: string | undefined; key: string },
): Promise<{ readonly withPin: boolean }> {
  const kept = await desk.pins.stateOf(desk.db, msisdn)
  const isUsable = kept?.state === 'active' && kept.locked === null
  const withPin = isUsable || (kept !== undefined && to === 'make')
  if (withPin) await mustKnowPin(desk, msisdn, { pin, key })
  else if (desk.clock.now() - beganAt > freshMs) throw refused('sign_in_again')
  return { withPin }
}

export const cardOf = async (
  { cards }: Pick<ConsumerDesk, 'cards'>,
  msisdn: Msisdn,
  cardId: string,
): Promise<AppCard | undefined> => (await cards.of(msisdn)).find(({ id }) => id === cardId)

/** Throws unless the bank takes its PIN for what it needs one for, where it moves nothing by itself. */
async function mustKnowBankPin(
  { cards }: Pick<ConsumerDesk, 'cards'>,
  { id }: AppCard,
  pin: Secret,
): Promise<void> {
  const proof = await cards.prove(id, pin)
  if (proof.ok) return
  if (proof.refusal === null) throw refused('bank_away')
  throw refused('bank_refused', { words: proof.refusal })
}
