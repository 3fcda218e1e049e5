/** Opening and closing a wallet, cash in and out. */

import type { z } from 'zod'
import { accept, format, refuse, Secret } from '../../../kernel/index.ts'
import type { Act, KeptPerson } from '../../../staff/index.ts'
import { authorOf } from '../../../staff/index.ts'
import type { CounterDesk } from '../desk.ts'
import type { Moved } from '../ports.ts'
import type { cashInBody, cashOutBody, closeBody, openBody } from '../schemas.ts'
import { maskedCard } from '../views.ts'
import type { Refusal } from '../words.ts'
import {
  done,
  keyOf,
  lineOf,
  ownerAtDesk,
  type Planned,
  personOnDesk,
  refusedEnding,
} from './flow.ts'
import { pinNote, slipOf } from './slip.ts'

type Body<Schema extends z.ZodType> = z.infer<Schema>

export async function openAct(
  desk: CounterDesk,
  person: KeptPerson,
  body: Body<typeof openBody>,
): Promise<Planned> {
  const { msisdn, isActive } = await lineOf(desk, body.msisdn)
  const { identities, wallet, pins, notices, staff, clock, time } = desk
  const { name, number } = personOnDesk(body.owner)
  return {
    asked: { kind: 'open', msisdn, content: body },
    work: {
      async check() {
        if (!isActive) return refuse('number_not_in_service')
        if (body.agreement.version !== desk.agreement.version) return refuse('agreement_outdated')
        const known = await identities.ownerOf(desk.db, msisdn)
        return known && !(await identities.isSame(desk.db, msisdn, { name, number }))
          ? refuse('owner_differs')
          : accept({ shown: { agreement: body.agreement.version } })
      },
      perform: (act) =>
        staff.acts.end(act.id, person, async (tx) => {
          const document = { kind: '01', number } as const
          const by = authorOf(person)
          const owner = await identities.register(tx, {
            msisdn,
            name,
            document,
            level: 'verified',
            by,
          })
          if (!owner.ok) return refusedEnding(owner.refusal)
          const opened = await wallet.open(tx, { msisdn, class: 'III' })
          if (!opened.ok) return refusedEnding(`wallet:${opened.refusal}`)
          const isFirst = (await pins.stateOf(tx, msisdn)) === undefined
          if (isFirst) {
            const pin = await pins.issueInitial(tx, msisdn, { idNumber: number })
            await notices.initialPin(tx, { msisdn, pin, card: null })
          }
          const { maskedName } = owner.value
          const facts = { time, now: clock.now(), clerk: person.login, maskedName }
          const { agreement } = body
          return done(
            slipOf(act, { ...facts, agreement, ...(isFirst && { note: pinNote(msisdn) }) }),
          )
        }),
    },
  }
}

export async function closeAct(
  desk: CounterDesk,
  person: KeptPerson,
  body: Body<typeof closeBody>,
): Promise<Planned> {
  const { msisdn } = await lineOf(desk, body.msisdn)
  const { payTo, reason } = body
  const found = await desk.wallet.balance(msisdn)
  const plan = {
    ...(found && { wallet: found.account.id, left: found.available.toString() }),
    ...(payTo !== null && { payTo }),
  }
  return {
    asked: { kind: 'close', msisdn, content: body, reason, plan },
    work: {
      async check() {
        const owner = await ownerAtDesk(desk, msisdn, body.owner)
        if (!owner.ok) return owner
        if (!found) return refuse('wallet_missing')
        const cards = payTo === null ? [] : await desk.cards.cardsOf(desk.db, msisdn)
        const card = cards.find(({ id }) => id === payTo)
        if (payTo !== null && !card) return refuse('cards:unknown_binding')
        const shown = {
          ...{ owner: owner.value.maskedName, balance: format(found.available) },
          ...(card && { payTo: maskedCard(card) }),
        }
        return accept({ shown, secondPerson: found.available > 0n })
      },
      perform: (act) => goOnClosing(desk, person, act),
    },
  }
}

/** What is left goes to the card that was named; the wallet refuses where it would be lost. */
export async function goOnClosing(desk: CounterDesk, person: KeptPerson, act: Act): Promise<Act> {
  const { wallet: walletId = '', payTo, left = '0' } = act.result ?? {}
  const closed = await desk.wallet.close({
    ...{ msisdn: act.msisdn, walletId, channel: 'counter', key: keyOf(act) },
    ...(payTo !== undefined && { payTo: { cardId: payTo } }),
  })
  const paidOut = BigInt(left)
  return endSimply(desk, person, act, { moved: closed, ...(paidOut > 0n && { paidOut }) })
}

export async function cashInAct(
  desk: CounterDesk,
  person: KeptPerson,
  body: Body<typeof cashInBody>,
): Promise<Planned> {
  const { msisdn, isActive } = await lineOf(desk, body.msisdn)
  const amount = BigInt(body.amount)
  return {
    asked: { kind: 'cash_in', msisdn, content: body, amount, reason: body.reason },
    work: {
      async check() {
        if (!isActive) return refuse('number_not_in_service')
        const owner = await desk.identities.ownerOf(desk.db, msisdn)
        if (!owner) return refuse('owner_missing')
        const shown = { owner: owner.maskedName, amount: format(amount) }
        return accept({ shown, secondPerson: amount > desk.cashApprovalAbove })
      },
      perform: (act) => goOnWithCash(desk, person, act),
    },
  }
}

export async function cashOutAct(
  desk: CounterDesk,
  person: KeptPerson,
  body: Body<typeof cashOutBody>,
): Promise<Planned> {
  const { msisdn } = await lineOf(desk, body.msisdn)
  const { walletPin, ...content } = body
  const amount = BigInt(body.amount)
  return {
    asked: { kind: 'cash_out', msisdn, content, amount, reason: body.reason },
    work: {
      async check() {
        const owner = await ownerAtDesk(desk, msisdn, body.owner)
        if (!owner.ok) return owner
        const pin = await desk.pins.check(msisdn, new Secret(walletPin), 'counter')
        if (!pin.ok) return refuse(`pin_${pin.refusal.code}` satisfies Refusal)
        const shown = { owner: owner.value.maskedName, amount: format(amount) }
        return accept({ shown, secondPerson: amount > desk.cashApprovalAbove })
      },
      perform: (act) => goOnWithCash(desk, person, act),
    },
  }
}

/** Once, however often it is asked: the wallet knows the act by its key. */
export async function goOnWithCash(desk: CounterDesk, person: KeptPerson, act: Act): Promise<Act> {
  const { msisdn, amount, till } = act
  if (amount === null || till === null) throw new Error('an act with cash has an amount and a till')
  const order = { msisdn, amount, till, channel: 'counter', key: keyOf(act) } as const
  const moved = await (act.kind === 'cash_in'
    ? desk.wallet.cashIn(order)
    : desk.wallet.cashOut(order))
  return endSimply(desk, person, act, { moved })
}

/** Nothing of ours is left to do but to say how it went. */
async function endSimply(
  { staff, identities, clock, time }: CounterDesk,
  person: KeptPerson,
  act: Act,
  { moved, paidOut }: { readonly moved: Moved<unknown>; readonly paidOut?: bigint },
): Promise<Act> {
  return staff.acts.end(act.id, person, async (tx) => {
    if (!moved.ok) return refusedEnding(`wallet:${moved.refusal}`, keptOf(moved))
    const owner = await identities.ownerOf(tx, act.msisdn)
    return done(
      slipOf(act, {
        ...{ time, now: clock.now(), clerk: person.login },
        maskedName: owner?.maskedName ?? null,
        ...(paidOut !== undefined && { paidOut }),
      }),
    )
  })
}

/** What the wallet said beside its refusal, for the words that tell it. */
const keptOf = ({ left, until }: { readonly left?: bigint; readonly until?: number }) => ({
  ...(left !== undefined && { left: left.toString() }),
  ...(until !== undefined && { until: until.toString() }),
})
