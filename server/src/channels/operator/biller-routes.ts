/** What billers and we see differently: looked at here. What people do about it: `biller-act-routes.ts`. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import {
  billerDifferenceKinds,
  billsNamed,
  findBillerDifference,
  searchBillerDifferences,
} from '../../billers/index.ts'
import type { BusinessTime } from '../../kernel/index.ts'
import { actStates, billerActsOf, searchBillerActs } from '../../reconciliation/index.ts'
import { reads } from './access.ts'
import { dayField, differenceId } from './act-views.ts'
import {
  billerActView,
  billerDifferenceView,
  billerName,
  viewOfBillerAct,
  viewOfBillerDifference,
} from './biller-views.ts'
import { type Desk, pageOf } from './desk.ts'
import { described, page, pageOfView } from './fields.ts'
import { refused } from './problems.ts'

const isResolved = { unresolved: false, resolved: true, all: null } as const

export function billerRoutes(app: FastifyInstance, desk: Desk & { time: BusinessTime }): void {
  const { db, clock, time } = desk
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const seen = () => ({ time, now: clock.now() })

  routes.get(
    '/operator/biller-differences',
    {
      config: reads,
      schema: {
        ...described('What billers and we see differently, newest first'),
        querystring: z.strictObject({
          biller: billerName.optional(),
          day: dayField.optional(),
          kind: z.enum(billerDifferenceKinds).optional(),
          state: z.enum(['unresolved', 'resolved', 'all']).default('unresolved'),
          limit: page.limit,
          before: differenceId.optional().describe('`next` of the page before'),
        }),
        response: { 200: pageOfView(billerDifferenceView) },
      },
    },
    async (request) => {
      const { biller = null, day = null, kind = null, before = null, limit } = request.query
      const found = await searchBillerDifferences(db, {
        ...{ biller, day, kind, before, limit: limit + 1 },
        isResolved: isResolved[request.query.state],
      })
      const { items, next } = pageOf(found, limit)
      const bills = await billsNamed(
        db,
        items.map(({ billId }) => billId),
      )
      const now = seen()
      return {
        items: items.map((one) => viewOfBillerDifference(one, bills.get(one.billId), now)),
        next,
      }
    },
  )
  routes.get(
    '/operator/biller-differences/:id',
    {
      config: reads,
      schema: {
        ...described('One difference with a biller, with what was done about it'),
        params: z.object({ id: differenceId }),
        response: { 200: billerDifferenceView.extend({ done: z.array(billerActView) }) },
      },
    },
    async (request) => {
      const found = await findBillerDifference(db, request.params.id)
      if (!found) throw refused('difference_unknown')
      const [bills, acts] = await Promise.all([
        billsNamed(db, [found.billId]),
        billerActsOf(db, found.id),
      ])
      const now = seen()
      return {
        ...viewOfBillerDifference(found, bills.get(found.billId), now),
        done: acts.map((act) => viewOfBillerAct(act, now.now)),
      }
    },
  )
  routes.get(
    '/operator/biller-acts',
    {
      config: reads,
      schema: {
        ...described('What people asked for and decided about billers, newest first'),
        querystring: z.strictObject({
          biller: billerName.optional(),
          state: z.enum(actStates).optional(),
          ...page,
        }),
        response: { 200: pageOfView(billerActView) },
      },
    },
    async (request) => {
      const { biller = null, state = null, before = null, limit } = request.query
      const found = await searchBillerActs(db, { biller, state, before, limit: limit + 1 })
      const { items, next } = pageOf(found, limit)
      const { now } = seen()
      return { items: items.map((act) => viewOfBillerAct(act, now)), next }
    },
  )
}
