/** Subscribers and what they may still spend, for the operator. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type BusinessTime, type Msisdn, parseMsisdn } from '../../kernel/index.ts'
import {
  counterName,
  explainLimits,
  type Limit,
  listHits,
  numberDay,
  numberMonth,
  readCounters,
} from '../../risk/index.ts'
import { changeStatus, findSubscriber, setOwnLimits, simChanged } from '../../subscribers/index.ts'
import { changes, reads } from './access.ts'
import { change, type Desk } from './desk.ts'
import { amount, described, fen, fenOrNull, instant, iso, isoOrNull } from './fields.ts'
import { entryView, viewOfEntry } from './list-routes.ts'
import { refused } from './problems.ts'
import { limitsOf, lineStatus, ownLimits, subscriberView, viewOf } from './subscriber-views.ts'

const params = z.object({ msisdn: z.string().max(20) })
const limitView = z.object({
  operator: amount,
  own: amount.nullable(),
  limit: amount.describe('The lower of the two: what counts'),
  used: amount,
  left: amount,
})

const limitsView = z.object({
  msisdn: z.string(),
  at: z.string(),
  single: limitView,
  day: limitView,
  month: limitView,
  amountMin: amount,
  mostNow: amount.describe('The most that one purchase could be right now; 0 when none could'),
  intervalLeftMs: z.int(),
  lists: z.array(entryView).describe('Entries that hold for the number or its prefixes'),
  pending: subscriberView.shape.pending,
  amount: amount.nullable(),
  refusals: z
    .array(z.string())
    .describe('Why the amount, or any amount, would be refused; a customer is told the first'),
})

export function subscriberRoutes(app: FastifyInstance, desk: Desk & { time: BusinessTime }): void {
  const { db, clock } = desk
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.get(
    '/operator/subscribers/:msisdn',
    {
      config: reads,
      schema: { ...described('One number'), params, response: { 200: subscriberView } },
    },
    async (request) => {
      const found = await findSubscriber(db, msisdnOf(request.params.msisdn), clock.now())
      if (!found) throw refused('number_unknown')
      await desk.policy.refresh()
      return viewOf(found, desk)
    },
  )
  routes.get(
    '/operator/subscribers/:msisdn/limits',
    {
      config: reads,
      schema: {
        ...described('What a number may still spend, and why an amount would be refused'),
        params,
        querystring: z.strictObject({ amount: amount.optional() }),
        response: { 200: limitsView },
      },
    },
    (request) => explain(desk, msisdnOf(request.params.msisdn), request.query.amount),
  )
}

export function subscriberChangeRoutes(app: FastifyInstance, desk: Desk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.put(
    '/operator/subscribers/:msisdn/status',
    {
      config: changes,
      schema: {
        ...described('Suspend, resume or close a number; closing releases its owner and PIN'),
        params,
        body: z.strictObject({ status: lineStatus }),
        response: { 200: subscriberView },
      },
    },
    async (request) => {
      const command = { msisdn: msisdnOf(request.params.msisdn), status: request.body.status }
      const { after } = await change(
        desk,
        request,
        (tx, now) => changeStatus(tx, command, { now, release: desk.release }),
        ({ before, after }) => ({
          action: 'subscriber.status',
          subject: `number:${after.msisdn}`,
          before: { status: before.status },
          after: { status: after.status },
        }),
      )
      return viewOf(after, desk)
    },
  )
  routes.post(
    '/operator/subscribers/:msisdn/sim-changes',
    {
      config: changes,
      schema: {
        ...described('The carrier gave the number another SIM: begins the cool-off for money out'),
        params,
        body: z.strictObject({ at: instant }),
        response: { 200: subscriberView },
      },
    },
    async (request) => {
      const command = {
        msisdn: msisdnOf(request.params.msisdn),
        at: Date.parse(request.body.at),
      }
      const { after } = await change(
        desk,
        request,
        (tx, now) => simChanged(tx, command, { now, signOut: desk.signOut }),
        ({ before, after }) => ({
          action: 'subscriber.sim_changed',
          subject: `number:${after.msisdn}`,
          before: { simChangedAt: isoOrNull(before.simChangedAt) },
          after: { simChangedAt: isoOrNull(after.simChangedAt) },
        }),
      )
      return viewOf(after, desk)
    },
  )
  routes.put(
    '/operator/subscribers/:msisdn/own-limits',
    {
      config: changes,
      schema: {
        ...described("Set the owner's own limits: lower at once, higher after 24 hours"),
        params,
        body: ownLimits,
        response: { 200: subscriberView },
      },
    },
    async (request) => {
      const { switchedOn, single, day, month } = request.body
      const limits = {
        switchedOn,
        single: fenOrNull(single),
        day: fenOrNull(day),
        month: fenOrNull(month),
      }
      const command = { msisdn: msisdnOf(request.params.msisdn), limits }
      const { after } = await change(
        desk,
        request,
        (tx, now) => setOwnLimits(tx, command, now),
        ({ before, after }) => ({
          action: 'subscriber.own_limits',
          subject: `number:${after.msisdn}`,
          before: limitsOf(before),
          after: limitsOf(after),
        }),
      )
      return viewOf(after, desk)
    },
  )
}

async function explain(
  desk: Desk & { readonly time: BusinessTime },
  msisdn: Msisdn,
  asked: string | undefined,
): Promise<z.infer<typeof limitsView>> {
  const { db, clock, time, policy } = desk
  await policy.refresh()
  const now = clock.now()
  const keys = [numberDay(time, msisdn, now), numberMonth(time, msisdn, now)] as const
  const [day, month] = keys.map(counterName) as [string, string]
  // In one transaction, so that the numbers belong together.
  const { found, used, hits } = await db.transact(async (tx) => ({
    found: await findSubscriber(tx, msisdn, now),
    used: await readCounters(tx, keys),
    hits: await listHits(tx, [`number:${msisdn}`], now),
  }))
  if (!found) throw refused('number_unknown')
  const facts = {
    msisdn,
    status: found.status,
    switchedOn: found.switchedOn,
    own: {
      single: found.ownSingleLimit,
      day: found.ownDayLimit,
      month: found.ownMonthLimit,
    },
    lastYesAt: found.lastYesAt,
    usedToday: used.get(day) ?? 0n,
    usedThisMonth: used.get(month) ?? 0n,
    hits,
  }
  const told = explainLimits(
    facts,
    policy.current(),
    now,
    asked === undefined ? undefined : BigInt(asked),
  )
  return {
    msisdn,
    at: iso(now),
    single: viewOfLimit(told.single),
    day: viewOfLimit(told.day),
    month: viewOfLimit(told.month),
    amountMin: told.amountMin.toString(),
    mostNow: told.mostNow.toString(),
    intervalLeftMs: told.intervalLeftMs,
    lists: hits.map(({ entry }) => viewOfEntry(entry)),
    pending: limitsOf(found).pending,
    amount: asked ?? null,
    refusals: [...told.refusals],
  }
}

function msisdnOf(text: string): Msisdn {
  const msisdn = parseMsisdn(text)
  if (!msisdn.ok) throw refused('number_not_mobile')
  return msisdn.value
}

const viewOfLimit = (limit: Limit): z.infer<typeof limitView> => ({
  operator: limit.operator.toString(),
  own: fen(limit.own),
  limit: limit.limit.toString(),
  used: limit.used.toString(),
  left: limit.left.toString(),
})
