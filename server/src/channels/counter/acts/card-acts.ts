/**
 * Binding a card, and binding it again: our own rules, the bank's word, perhaps a code that it texts. A bank
 * that says nothing leaves the act begun, and is asked again, for no money moves.
 */
import type { z } from 'zod'
import { accept, type Msisdn, type Result, refuse, Secret } from '../../../kernel/index.ts'
import type { Act, Ending, KeptPerson } from '../../../staff/index.ts'
import { type CounterDesk, msisdnOf } from '../desk.ts'
import type { BoundCard, GivenCard, Proof, VerifyAnswer } from '../ports.ts'
import type { bindBody, rebindBody } from '../schemas.ts'
import { done, lineOf, type Planned, personOnDesk, refusedEnding } from './flow.ts'
import { pinNote, slipOf } from './slip.ts'

export async function bindAct(
  desk: CounterDesk,
  person: KeptPerson,
  body: z.infer<typeof bindBody>,
): Promise<Planned> {
  const { msisdn } = await lineOf(desk, body.msisdn)
  const { cardPin, securityCode, ...content } = body
  const { agreement, mobileAtBank } = body
  const mobile = mobileAtBank === null ? {} : { mobile: msisdnOf(desk, mobileAtBank) }
  const card = { ...givenCard(body), ...mobile, msisdn }
  const plan = {
    agreement: agreement.version,
    ...(agreement.signature !== null && { signature: agreement.signature }),
  }
  return {
    asked: { kind: 'bind', msisdn, content, plan },
    work: {
      async check() {
        if (agreement.version !== desk.agreement.version) return refuse('agreement_outdated')
        return checked(desk, card)
      },
      async perform(act) {
        const { version } = agreement
        const whom = { clerk: person.login, voucherNo: act.voucher }
        const consent = { version, channel: 'counter', ...whom } as const
        const bound = await bindingOf(desk, person, act, () =>
          desk.cards.begin({ ...card, consent }),
        )
        return askBank(desk, person, bound, proofOf(body))
      },
    },
  }
}

export async function rebindAct(
  desk: CounterDesk,
  person: KeptPerson,
  body: z.infer<typeof rebindBody>,
): Promise<Planned> {
  const { msisdn } = await lineOf(desk, body.msisdn)
  const { cardPin, securityCode, ...content } = body
  const card = givenCard(body)
  const id = body.binding
  return {
    asked: { kind: 'rebind', msisdn, content },
    work: {
      async check() {
        const cards = await desk.cards.cardsOf(desk.db, msisdn)
        if (!cards.some((one) => one.id === id)) return refuse('cards:unknown_binding')
        const owner = await desk.identities.ownerOf(desk.db, msisdn)
        if (!owner) return refuse('cards:owner_unknown')
        const isSame = await desk.identities.isSame(desk.db, msisdn, personOnDesk(body.owner))
        if (!isSame) return refuse('cards:owner_differs')
        return accept({ shown: { owner: owner.maskedName, card: tail(card) } })
      },
      async perform(act) {
        const bound = await bindingOf(desk, person, act, () => desk.cards.rebind({ ...card, id }))
        return askBank(desk, person, bound, proofOf(body))
      },
    },
  }
}

/** Asks the bank about an act whose binding is known, and ends it or says what it waits for. */
export async function askBank(
  desk: CounterDesk,
  person: KeptPerson,
  act: Act,
  proof: Proof,
): Promise<Act> {
  const binding = act.result?.binding
  if (act.state !== 'begun' || binding === undefined) return act
  const after = await endWith(desk, person, act, await desk.cards.verify(binding, proof))
  askLater(desk, person, after, proof)
  return after
}

/** Nobody has to press a button for what a silent bank would have said. */
export function askLater(
  desk: CounterDesk,
  person: KeptPerson,
  { id, state, waitsFor }: Act,
  proof: Proof,
  round = 0,
): void {
  if (state !== 'begun' || waitsFor !== 'answer') return
  desk.later.again(id, round, async () => {
    const act = await desk.staff.acts.find(desk.db, id, person)
    const binding = act?.result?.binding
    // By hand it may have come further meanwhile.
    if (act?.state !== 'begun' || act.waitsFor !== 'answer' || binding === undefined) return
    const after = await endWith(desk, person, act, await desk.cards.verify(binding, proof))
    askLater(desk, person, after, proof, round + 1)
  })
}

/** Ends it with the bank's answer. */
export function endWith(
  desk: CounterDesk,
  person: KeptPerson,
  act: Act,
  answer: VerifyAnswer,
): Promise<Act> {
  const { staff, pins, notices, time, clock } = desk
  return staff.acts.end(act.id, person, async (tx): Promise<Ending> => {
    if (answer.outcome === 'unknown') return { state: 'waits', for: 'answer' }
    if (answer.outcome === 'code_sent') return { state: 'waits', for: 'code' }
    if (answer.outcome === 'refused') {
      if (answer.refusal === 'code_wrong') return { state: 'waits', for: 'code' }
      return isStillAsked(answer)
        ? { state: 'waits', for: 'answer' }
        : refusedEnding(`cards:${answer.refusal}`)
    }
    const { msisdn } = act
    const card = answer.binding
    const isFirst = (await pins.stateOf(tx, msisdn)) === undefined
    if (isFirst) {
      const pin = await pins.issueInitial(tx, msisdn, {})
      await notices.initialPin(tx, { msisdn, pin, card })
    }
    const { agreement: version, signature = null } = act.result ?? {}
    return done(
      slipOf(act, {
        ...{ time, now: clock.now(), clerk: person.login, card },
        maskedName: act.shown.owner ?? null,
        ...(version !== undefined && { agreement: { version, signature } }),
        ...(isFirst && { note: pinNote(msisdn) }),
      }),
    )
  })
}

/** A question that was not put says nothing of the one before, whose answer nobody has. */
const isStillAsked = ({ refusal, binding }: Extract<VerifyAnswer, { outcome: 'refused' }>) =>
  binding?.state === 'verifying' && notPut.includes(refusal)

const notPut = ['in_progress', 'state_differs', 'bank_busy']

/** Notes the binding before the bank is asked, so that whoever goes on after a crash finds it. */
async function bindingOf(
  { staff }: CounterDesk,
  person: KeptPerson,
  act: Act,
  begin: () => Promise<Result<BoundCard, string>>,
): Promise<Act> {
  if (act.result?.binding !== undefined) return act
  const begun = await begin()
  return staff.acts.end(act.id, person, async () =>
    begun.ok
      ? { state: 'waits', for: 'answer', result: { ...act.result, binding: begun.value.id } }
      : refusedEnding(`cards:${begun.refusal}`),
  )
}

/** Our own rules, before anything is begun; the first that says no is what the clerk is told. */
async function checked(desk: CounterDesk, card: GivenCard & { readonly msisdn: Msisdn }) {
  const { checks } = await desk.cards.check(card)
  const refusal = Object.values(checks).find((one) => one !== null)
  if (refusal) return refuse(`cards:${refusal}` as const)
  const owner = await desk.identities.ownerOf(desk.db, card.msisdn)
  return owner
    ? accept({ shown: { owner: owner.maskedName, card: tail(card) } })
    : refuse('cards:owner_unknown')
}

interface CardBody {
  readonly owner: { readonly name: string; readonly documentNumber: string }
  readonly card: { readonly number: string; readonly expiry: string | null }
}

export function givenCard({ owner, card }: CardBody): GivenCard {
  const { name, number } = personOnDesk(owner)
  return {
    ...{ name, document: { kind: '01', number }, pan: new Secret(card.number) },
    ...(card.expiry !== null && { expiry: new Secret(card.expiry) }),
  }
}

export const proofOf = (given: {
  readonly cardPin: string | null
  readonly securityCode: string | null
}): Proof => ({
  ...(given.cardPin !== null && { pin: new Secret(given.cardPin) }),
  ...(given.securityCode !== null && { securityCode: new Secret(given.securityCode) }),
})

const tail = ({ pan }: GivenCard) => `**** ${pan.reveal().slice(-4)}`
