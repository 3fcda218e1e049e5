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
import {
  changeStatus,
  findSubscriber,
  type KeptSubscriber,
  type OwnLimits,
  setOwnLimits,
} from '../../subscribers/index.ts'
import { change, type Desk } from './desk.ts'
import { amount, described, fen, fenOrNull, iso, isoOrNull } from './fields.ts'
import { entryView, viewOfEntry } from './list-routes.ts'
import { refused } from './problems.ts'

const params = z.object({ msisdn: z.string().max(20) })
const lineStatus = z.enum(['active', 'suspended', 'closed'])

const ownLimits = z.strictObject({
  switchedOn: z.boolean(),
  single: amount.nullable(),
  day: amount.nullable(),
  month: amount.nullable(),
})

const subscriberView = z.object({
  msisdn: z.string(),
  carrier: z.string(),
  brand: z.string(),
  billing: z.enum(['prepaid', 'postpaid']),
  region: z.string(),
  language: z.enum(['zh', 'en']),
  status: lineStatus,
  simKind: z.enum(['ordinary', 'wallet']),
  own: ownLimits,
  pending: z
    .object({ limits: ownLimits, from: z.string() })
    .nullable()
    .describe('A raise of the limits, and when it comes to count'),
  lastYesAt: z.string().nullable(),
})

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
    { schema: { ...described('One number'), params, response: { 200: subscriberView } } },
    async (request) => {
      const found = await findSubscriber(db, msisdnOf(request.params.msisdn), clock.now())
      if (!found) throw refused('number_unknown')
      return viewOf(found)
    },
  )
  routes.get(
    '/operator/subscribers/:msisdn/limits',
    {
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
      schema: {
        ...described('Suspend, resume or close a number'),
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
        (tx, now) => changeStatus(tx, command, now),
        ({ before, after }) => ({
          action: 'subscriber.status',
          subject: `number:${after.msisdn}`,
          before: { status: before.status },
          after: { status: after.status },
        }),
      )
      return viewOf(after)
    },
  )
  routes.put(
    '/operator/subscribers/:msisdn/own-limits',
    {
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
          before: { own: viewOf(before).own, pending: viewOf(before).pending },
          after: { own: viewOf(after).own, pending: viewOf(after).pending },
        }),
      )
      return viewOf(after)
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
    pending: viewOf(found).pending,
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

const viewOfOwn = (own: OwnLimits): z.infer<typeof ownLimits> => ({
  switchedOn: own.switchedOn,
  single: fen(own.single),
  day: fen(own.day),
  month: fen(own.month),
})

const viewOf = (subscriber: KeptSubscriber): z.infer<typeof subscriberView> => ({
  msisdn: subscriber.msisdn,
  carrier: subscriber.carrier,
  brand: subscriber.brand,
  billing: subscriber.billing,
  region: subscriber.region,
  language: subscriber.language,
  status: subscriber.status,
  simKind: subscriber.simKind,
  own: viewOfOwn({
    switchedOn: subscriber.switchedOn,
    single: subscriber.ownSingleLimit,
    day: subscriber.ownDayLimit,
    month: subscriber.ownMonthLimit,
  }),
  pending: subscriber.pending && {
    limits: viewOfOwn(subscriber.pending.limits),
    from: iso(subscriber.pending.from),
  },
  lastYesAt: isoOrNull(subscriber.lastYesAt),
})
