/** What a clerk sees of the customer at the desk, masked; each look is written down. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { type Msisdn, masked } from '../../kernel/index.ts'
import { hallRoles } from '../../staff/index.ts'
import { findSubscriber } from '../../subscribers/index.ts'
import { personOf } from '../staff-door/index.ts'
import { givenCard } from './acts/card-acts.ts'
import { personOnDesk } from './acts/flow.ts'
import { type CounterDesk, msisdnOf, refused } from './desk.ts'
import { described, iso, isoOrNull } from './fields.ts'
import type { BoundCard, Owner, PinState } from './ports.ts'
import {
  cardCheckBody,
  cardCheckView,
  customerView,
  findBody,
  ownerCheckBody,
  ownerCheckView,
  wordsView,
} from './schemas.ts'
import { maskedCard, viewOfCard } from './views.ts'
import { allWords, wordsOf } from './words.ts'

export function customerRoutes(app: FastifyInstance, desk: CounterDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.post(
    '/counter/api/customers/find',
    {
      config: { staff: { for: hallRoles } },
      schema: {
        ...described('The customer of a number'),
        body: findBody,
        response: { 200: customerView },
      },
    },
    async (request) => {
      const msisdn = msisdnOf(desk, request.body.msisdn)
      await noted(desk, request, { msisdn, action: 'counter.find' })
      if (!(await desk.lines.know(msisdn))) throw refused('carrier_away', { desk })
      return customerOf(desk, msisdn)
    },
  )
  routes.post(
    '/counter/api/customers/owner-check',
    {
      config: { staff: { for: ['clerk'] } },
      schema: {
        ...described('Whether the identity card on the desk is that of the owner'),
        body: ownerCheckBody,
        response: { 200: ownerCheckView },
      },
    },
    async (request) => {
      const msisdn = msisdnOf(desk, request.body.msisdn)
      await noted(desk, request, { msisdn, action: 'counter.owner_check' })
      const { identities, db } = desk
      const registered = (await identities.ownerOf(db, msisdn)) !== undefined
      const same =
        registered && (await identities.isSame(db, msisdn, personOnDesk(request.body.owner)))
      return { registered, same }
    },
  )
  routes.post(
    '/counter/api/cards/check',
    {
      config: { staff: { for: ['clerk'] } },
      schema: {
        ...described('Our own rules for a card, one by one, before the bank is asked'),
        body: cardCheckBody,
        response: { 200: cardCheckView },
      },
    },
    async (request) => {
      const msisdn = msisdnOf(desk, request.body.msisdn)
      await noted(desk, request, { msisdn, action: 'counter.card_check' })
      const card = givenCard(request.body)
      const { binding } = request.body
      const again = binding === null ? {} : { binding }
      const { checks, issuer } = await desk.cards.check({ ...card, msisdn, ...again })
      const digits = card.pan.reveal()
      return {
        ...{ bank: issuer?.bank ?? null, kind: issuer?.kind ?? null },
        bankName: issuer ? { zh: issuer.terms.zh, en: issuer.terms.en } : null,
        maskedNumber: maskedCard({ first6: digits.slice(0, 6), last4: digits.slice(-4) }),
        checks: cardChecks.flatMap((check) => {
          const refusal = checks[check]
          return refusal === undefined ? [] : [{ check, ...toldOf(desk, refusal) }]
        }),
      }
    },
  )
  routes.get(
    '/counter/api/words',
    {
      config: { staff: { for: hallRoles, passive: true } },
      schema: {
        ...described('Every code with what the customer is told'),
        response: { 200: wordsView },
      },
    },
    async () => ({
      items: allWords(desk.words, desk.clock.now()).map(({ type, code, zh, en }) => ({
        ...{ type, code, words: { zh, en } },
      })),
    }),
  )
}

/** In the order of the clerk's list. */
const cardChecks = ['owner', 'card', 'free', 'room', 'open'] as const

function toldOf(desk: CounterDesk, refusal: string | null) {
  if (refusal === null) return { ok: true, refusal }
  const { code, zh, en } = wordsOf(`cards:${refusal}`, desk.words, { now: desk.clock.now() })
  return { ok: false, refusal: { code, words: { zh, en } } }
}

async function noted(
  { db, staff }: CounterDesk,
  request: FastifyRequest,
  { msisdn, action }: { readonly msisdn: Msisdn; readonly action: string },
): Promise<void> {
  const person = personOf(request)
  await db.transact((tx) =>
    staff.logbook.write(tx, person, { action, subject: `number:${msisdn}` }),
  )
}

async function customerOf(
  desk: CounterDesk,
  msisdn: Msisdn,
): Promise<z.infer<typeof customerView>> {
  const { db, clock, identities, pins, cards, bills, bankName, wallet, points, lines } = desk
  const line = await findSubscriber(db, msisdn, clock.now())
  if (!line) throw refused('number_unknown', { desk })
  const owner = await identities.ownerOf(db, msisdn)
  const pin = await pins.stateOf(db, msisdn)
  const bound = await cards.cardsOf(db, msisdn)
  const preferred = await cards.defaultCard(db, msisdn)
  const money = await wallet.balance(msisdn)
  const ending = money && (await points.balance(money.account.id))
  const viewOf = async (card: BoundCard) => {
    const bill = card.kind === 'credit' ? await bills.standing(db, card.id) : undefined
    const isDefault = card.id === preferred?.id
    return viewOfCard(card, { bankName: bankName(card.bank), isDefault, bill })
  }
  return {
    msisdn: masked(msisdn),
    ...{ carrier: line.carrier, brand: line.brand, billing: line.billing, region: line.region },
    ...{ status: line.status, simKind: line.simKind },
    coolOffUntil: isoOrNull(await lines.coolOffUntil(db, msisdn)),
    owner: owner ? viewOfOwner(owner) : null,
    pin: pin ? viewOfPin(pin) : null,
    cards: await Promise.all(bound.map(viewOf)),
    wallet:
      money && ending
        ? {
            ...{ id: money.account.id, state: money.account.state },
            balance: money.available.toString(),
            points: ending.points.toString(),
            unseenCodes: ending.unseen,
          }
        : null,
  }
}

const viewOfOwner = ({ level, maskedName, maskedNumber, since }: Owner) => ({
  ...{ level, maskedName, maskedNumber, since: iso(since) },
})

const viewOfPin = ({ state, triesLeft, initialUntil, locked }: PinState) => ({
  ...{ state, triesLeft, initialUntil: isoOrNull(initialUntil), locked: locked !== null },
})
