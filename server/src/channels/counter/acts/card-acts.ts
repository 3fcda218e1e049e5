/**
 * Binding a card, and binding it again: our own rules, the bank's word, perhaps a code that it texts. A bank
 * that says nothing leaves the act begun, and it may be asked again, for no money moves.
 */
import type { z } from 'zod'
import { accept, type Msisdn, type Result, refuse, Secret } from '../../../kernel/index.ts'
import type { Act, Ending, KeptPerson } from '../../../staff/index.ts'
import { type CounterDesk, msisdnOf } from '../desk.ts'
import type { CardAnswer, NewCard } from '../ports.ts'
import type { bindBody, rebindBody } from '../schemas.ts'
import { done, keyOf, lineOf, type Planned, personOnDesk, refusedEnding } from './flow.ts'
import { pinNote, slipOf } from './slip.ts'

export async function bindAct(
  desk: CounterDesk,
  person: KeptPerson,
  body: z.infer<typeof bindBody>,
): Promise<Planned> {
  const { msisdn } = await lineOf(desk, body.msisdn)
  const { cardPin, ...content } = body
  const { agreement } = body
  const mobile = body.mobileAtBank === null ? msisdn : msisdnOf(desk, body.mobileAtBank)
  const card = newCard(msisdn, body, mobile)
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
        const consent = { version, clerk: person.login, voucherNo: act.voucher }
        const begun = () => desk.cards.begin({ ...card, key: keyOf(act), consent })
        return askBank(desk, person, await bound(desk, person, act, begun), secretOf(cardPin))
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
  const { cardPin, ...content } = body
  const card = newCard(msisdn, body, msisdn)
  const bindingId = body.binding
  return {
    asked: { kind: 'rebind', msisdn, content },
    work: {
      async check() {
        const cards = await desk.cards.cardsOf(desk.db, msisdn)
        if (!cards.some(({ id }) => id === bindingId)) return refuse('cards:unknown_binding')
        const owner = await desk.identities.ownerOf(desk.db, msisdn)
        if (!owner) return refuse('cards:owner_unknown')
        const isSame = await desk.identities.isSame(desk.db, msisdn, card.holder)
        if (!isSame) return refuse('cards:owner_differs')
        return accept({ shown: { owner: owner.maskedName, card: tail(card) } })
      },
      async perform(act) {
        const begun = () => desk.cards.rebind({ ...card, key: keyOf(act), bindingId })
        return askBank(desk, person, await bound(desk, person, act, begun), secretOf(cardPin))
      },
    },
  }
}

/** Asks the bank about an act whose binding is known, and ends it or says what it waits for. */
export async function askBank(
  desk: CounterDesk,
  person: KeptPerson,
  act: Act,
  cardPin: Secret | null,
): Promise<Act> {
  const bindingId = act.result?.binding
  if (act.state !== 'begun' || bindingId === undefined) return act
  const answer = await desk.cards.verify({ bindingId, cardPin })
  return endWith(desk, person, act, answer)
}

/** Ends it with the bank's answer. */
export function endWith(
  desk: CounterDesk,
  person: KeptPerson,
  act: Act,
  answer: CardAnswer,
): Promise<Act> {
  const { staff, pins, notices, time, clock } = desk
  return staff.acts.end(act.id, person, async (tx): Promise<Ending> => {
    if (answer.state === 'unknown') return { state: 'waits', for: 'answer' }
    if (answer.state === 'code_sent') return { state: 'waits', for: 'code' }
    if (answer.state === 'refused') return refusedEnding(`cards:${answer.refusal}`)
    const { msisdn } = act
    const isFirst = (await pins.stateOf(tx, msisdn)) === undefined
    if (isFirst) {
      const pin = await pins.issueInitial(tx, msisdn, {})
      await notices.initialPin(tx, { msisdn, pin, card: answer.card })
    }
    const { agreement: version, signature = null } = act.result ?? {}
    return done(
      slipOf(act, {
        ...{ time, now: clock.now(), clerk: person.login, card: answer.card },
        maskedName: act.shown.owner ?? null,
        ...(version !== undefined && { agreement: { version, signature } }),
        ...(isFirst && { note: pinNote(msisdn) }),
      }),
    )
  })
}

/** Notes the binding before the bank is asked, so that whoever goes on after a crash finds it. */
async function bound(
  { staff }: CounterDesk,
  person: KeptPerson,
  act: Act,
  begin: () => Promise<Result<{ readonly bindingId: string }, string>>,
): Promise<Act> {
  if (act.result?.binding !== undefined) return act
  const begun = await begin()
  return staff.acts.end(act.id, person, async () =>
    begun.ok
      ? {
          state: 'waits',
          for: 'answer',
          result: { ...act.result, binding: begun.value.bindingId },
        }
      : refusedEnding(`cards:${begun.refusal}`),
  )
}

/** Our own rules, before anything is begun; the first that says no is what the clerk is told. */
async function checked(desk: CounterDesk, card: NewCard) {
  const { checks } = await desk.cards.check(card)
  const refusal = checks.find((one) => one.refusal !== null)?.refusal
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

export const newCard = (msisdn: Msisdn, { owner, card }: CardBody, mobile: Msisdn): NewCard => ({
  ...{ msisdn, mobile, holder: personOnDesk(owner) },
  pan: new Secret(card.number),
  expiry: secretOf(card.expiry),
})

const secretOf = (text: string | null) => (text === null ? null : new Secret(text))
const tail = ({ pan }: NewCard) => `**** ${pan.reveal().slice(-4)}`
