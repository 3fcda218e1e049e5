/** What is done for the owner of a number without money or a bank: a new PIN, a new SIM, a card let go. */
import type { z } from 'zod'
import { accept, refuse, Secret } from '../../../kernel/index.ts'
import type { KeptPerson } from '../../../staff/index.ts'
import type { CounterDesk } from '../desk.ts'
import type { unbindBody, withReasonBody } from '../schemas.ts'
import { maskedCard } from '../views.ts'
import { done, lineOf, ownerAtDesk, type Planned, personOnDesk, refusedEnding } from './flow.ts'
import { pinNote, slipOf } from './slip.ts'

export async function pinResetAct(
  desk: CounterDesk,
  person: KeptPerson,
  body: z.infer<typeof withReasonBody>,
): Promise<Planned> {
  const { msisdn } = await lineOf(desk, body.msisdn)
  const { pins, notices, staff, time, clock } = desk
  const idNumber = personOnDesk(body.owner).number
  return {
    asked: { kind: 'pin_reset', msisdn, content: body, reason: body.reason },
    work: {
      async check() {
        const owner = await ownerAtDesk(desk, msisdn, body.owner)
        if (!owner.ok) return owner
        if (!(await pins.stateOf(desk.db, msisdn))) return refuse('pin_none')
        return accept({ shown: { owner: owner.value.maskedName }, secondPerson: true })
      },
      perform: (act) =>
        staff.acts.end(act.id, person, async (tx) => {
          const pin = await pins.reset(tx, msisdn, { idNumber })
          if (!pin.ok) return refusedEnding('pin_none')
          await notices.resetPin(tx, { msisdn, pin: pin.value })
          const maskedName = act.shown.owner ?? null
          const facts = { time, now: clock.now(), clerk: person.login, maskedName }
          return done(slipOf(act, { ...facts, note: pinNote(msisdn) }))
        }),
    },
  }
}

export async function simChangeAct(
  desk: CounterDesk,
  person: KeptPerson,
  body: z.infer<typeof withReasonBody>,
): Promise<Planned> {
  const { msisdn } = await lineOf(desk, body.msisdn)
  const { lines, staff, time, clock } = desk
  return {
    asked: { kind: 'sim_change', msisdn, content: body, reason: body.reason },
    work: {
      async check() {
        const owner = await ownerAtDesk(desk, msisdn, body.owner)
        if (!owner.ok) return owner
        return accept({ shown: { owner: owner.value.maskedName }, secondPerson: true })
      },
      perform: (act) =>
        staff.acts.end(act.id, person, async (tx) => {
          const now = clock.now()
          const changed = await lines.simChanged(tx, { msisdn, at: now }, now)
          if (!changed.ok && changed.refusal !== 'sim_change_in_future')
            return refusedEnding(changed.refusal)
          const maskedName = act.shown.owner ?? null
          const note = {
            zh: '为保障资金安全，换卡后一段时间内暂不能转出资金。',
            en: 'For safety no money leaves the wallet for a while after the change.',
          }
          return done(slipOf(act, { time, now, clerk: person.login, maskedName, note }))
        }),
    },
  }
}

export async function unbindAct(
  desk: CounterDesk,
  person: KeptPerson,
  body: z.infer<typeof unbindBody>,
): Promise<Planned> {
  const { msisdn } = await lineOf(desk, body.msisdn)
  const { cards, staff, time, clock } = desk
  const bindingId = body.binding
  return {
    asked: { kind: 'unbind', msisdn, content: body, reason: body.reason },
    work: {
      async check() {
        const owner = await ownerAtDesk(desk, msisdn, body.owner)
        if (!owner.ok) return owner
        const card = (await cards.cardsOf(desk.db, msisdn)).find(({ id }) => id === bindingId)
        if (!card) return refuse('cards:unknown_binding')
        const onDesk = body.card !== null && (await cards.isCard(bindingId, new Secret(body.card)))
        if (body.card !== null && !onDesk) return refuse('card_differs')
        const shown = { owner: owner.value.maskedName, card: maskedCard(card) }
        return accept({ shown, secondPerson: !onDesk })
      },
      perform: (act) =>
        staff.acts.end(act.id, person, async (tx) => {
          const unbound = await cards.unbind(tx, bindingId)
          if (!unbound.ok) return refusedEnding(`cards:${unbound.refusal}`)
          const maskedName = act.shown.owner ?? null
          const facts = { time, now: clock.now(), clerk: person.login, maskedName }
          return done(slipOf(act, { ...facts, card: unbound.value }))
        }),
    },
  }
}
