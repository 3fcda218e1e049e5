/**
 * The way of every act: is its key known, may it be done, must somebody agree, begin it, do it, end it. What
 * was refused before it began is written down too.
 */
import type { FastifyReply } from 'fastify'
import type { z } from 'zod'
import { type Msisdn, masked, type Result, Secret } from '../../../kernel/index.ts'
import type { Act, ActKind, Ending, KeptPerson } from '../../../staff/index.ts'
import { findSubscriber } from '../../../subscribers/index.ts'
import { shown as shownApproval } from '../approval-routes.ts'
import { type CounterDesk, msisdnOf, namedIn, refused } from '../desk.ts'
import type { Owner, Person } from '../ports.ts'
import type { actAnswer, actView } from '../schemas.ts'
import { detailOf, viewOfAct } from '../views.ts'
import type { Refusal } from '../words.ts'

export interface Asked {
  readonly kind: ActKind
  readonly msisdn: Msisdn
  /** All of the request but PINs, which may be typed once more. */
  readonly content: object
  readonly amount?: bigint
  readonly reason?: string | null
  readonly plan?: Readonly<Record<string, string>>
}

/** What the checks before an act found: what a second person sees beside it, and whether one is needed. */
export interface Checked {
  readonly shown?: Readonly<Record<string, string>>
  readonly secondPerson?: boolean
}

export interface Work {
  readonly check: () => Promise<Result<Checked, Refusal>>
  /** Goes on with an act that has not ended; may be called again for the same act. */
  readonly perform: (act: Act) => Promise<Act>
}

export interface Planned {
  readonly asked: Asked
  readonly work: Work
}

/** The wallet and the cards know an act by this, so that it is done once. */
export const keyOf = ({ id }: Pick<Act, 'id'>): string => `counter:${id}`

export interface Caller {
  readonly person: KeptPerson
  /** The request's `Idempotency-Key`. */
  readonly key: string
  readonly reply: FastifyReply
}

type Answer = z.infer<typeof actAnswer>

export async function runAct(
  desk: CounterDesk,
  { person, key, reply }: Caller,
  { asked, work }: Planned,
): Promise<Answer> {
  const { staff, db } = desk
  const { kind, msisdn, content, amount = null, reason = null, plan = null } = asked
  const contentMac = staff.macOf({ key, kind, content })
  const refuse = (refusal: Refusal) => refuseAct(desk, person, asked, refusal)
  const known = await staff.acts.known(db, person, { key, contentMac })
  if (!known.ok) return refuse(known.refusal)
  if (known.value) return answerOf(desk, reply, await goOn(known.value))
  const checked = await work.check()
  if (!checked.ok) return refuse(checked.refusal)
  const { shown = {}, secondPerson = false } = checked.value
  const begun = await staff.acts.begin(person, {
    ...{ key, kind, msisdn, contentMac, amount, secondPerson, reason, plan },
    shown: { number: masked(msisdn), ...shown },
  })
  if (!begun.ok) return refuse(begun.refusal)
  if (begun.value.state !== 'waits') return answerOf(desk, reply, await goOn(begun.value.act))
  void reply.status(202)
  return { act: null, approval: await shownApproval(desk, begun.value.approval) }

  /** What waits for a code goes on with the code and not with the same request. */
  function goOn(act: Act): Act | Promise<Act> {
    return act.state === 'begun' && act.waitsFor !== 'code' ? work.perform(act) : act
  }
}

export async function answerOf(desk: CounterDesk, reply: FastifyReply, act: Act): Promise<Answer> {
  if (act.refusal !== null) throw refused(act.refusal as Refusal, { desk, detail: detailOf(act) })
  if (act.state === 'begun') void reply.status(202)
  const [view] = await viewsOf(desk, [act])
  return { act: view ?? null, approval: null }
}

export async function viewsOf(
  desk: CounterDesk,
  acts: readonly Act[],
): Promise<z.infer<typeof actView>[]> {
  const named = await namedIn(desk, acts)
  return acts.map((act) => viewOfAct(act, { words: desk.words, named }))
}

async function refuseAct(
  desk: CounterDesk,
  person: KeptPerson,
  { kind, msisdn }: Pick<Asked, 'kind' | 'msisdn'>,
  refusal: Refusal,
): Promise<never> {
  const { staff, db } = desk
  await db.transact((tx) =>
    staff.logbook.write(tx, person, {
      action: 'counter.refused',
      subject: `number:${msisdn}`,
      after: { kind, refusal },
    }),
  )
  throw refused(refusal, { desk })
}

export const done = (voucher: Extract<Ending, { state: 'done' }>['voucher']): Ending => ({
  state: 'done',
  voucher,
})
export const refusedEnding = (
  refusal: Refusal,
  detail?: Readonly<Record<string, string>>,
): Ending => ({ state: 'refused', refusal, ...(detail && { detail }) })

interface OwnerOnDesk {
  readonly name: string
  readonly documentNumber: string
}

export const personOnDesk = ({ name, documentNumber }: OwnerOnDesk): Person => ({
  name: new Secret(name),
  number: new Secret(documentNumber.toUpperCase()),
})

/** A number that exists and is not closed; one whose line is suspended may still have its owner at the desk. */
export async function lineOf(
  desk: CounterDesk,
  text: string,
): Promise<{ readonly msisdn: Msisdn; readonly isActive: boolean }> {
  const msisdn = msisdnOf(desk, text)
  const found = await findSubscriber(desk.db, msisdn, desk.clock.now())
  if (!found) throw refused('number_unknown', { desk })
  if (found.status === 'closed') throw refused('number_closed', { desk })
  return { msisdn, isActive: found.status === 'active' }
}

/** That the document on the desk is the owner's. */
export async function ownerAtDesk(
  { identities, db }: CounterDesk,
  msisdn: Msisdn,
  onDesk: OwnerOnDesk,
): Promise<Result<Owner, Refusal>> {
  const owner = await identities.ownerOf(db, msisdn)
  if (!owner) return { ok: false, refusal: 'owner_missing' }
  const isSame = await identities.isSame(db, msisdn, personOnDesk(onDesk))
  return isSame ? { ok: true, value: owner } : { ok: false, refusal: 'owner_differs' }
}
