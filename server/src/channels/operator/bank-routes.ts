/** Days of banks and what differs in them: looked at here. What people do about it: `bank-act-routes.ts`. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { daysOfBank } from '../../bank-cards/index.ts'
import type { BusinessTime } from '../../kernel/index.ts'
import {
  actStates,
  actsOf,
  differenceKinds,
  differenceStates,
  findDifference,
  searchActs,
  searchDifferences,
} from '../../reconciliation/index.ts'
import { reads } from './access.ts'
import { dayField, differenceId } from './act-views.ts'
import {
  actView,
  bankName,
  dayView,
  differenceView,
  viewOfAct,
  viewOfDay,
  viewOfDifference,
} from './bank-views.ts'
import { type Desk, pageOf } from './desk.ts'
import { described, page, pageOfView } from './fields.ts'
import { refused } from './problems.ts'

const unresolved = differenceStates.filter((state) => state !== 'resolved')

export function bankRoutes(app: FastifyInstance, desk: Desk & { time: BusinessTime }): void {
  const { db, clock, time } = desk
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const seen = () => ({ time, now: clock.now() })

  routes.get(
    '/operator/bank-differences',
    {
      config: reads,
      schema: {
        ...described('What banks and we see differently, newest first'),
        querystring: z.strictObject({
          bank: bankName.optional(),
          day: dayField.optional(),
          kind: z.enum(differenceKinds).optional(),
          state: z
            .enum(['unresolved', ...differenceStates])
            .default('unresolved')
            .describe('`unresolved`: open and in suspense'),
          limit: page.limit,
          before: differenceId.optional().describe('`next` of the page before'),
        }),
        response: { 200: pageOfView(differenceView) },
      },
    },
    async (request) => {
      const { limit, state, ...given } = request.query
      const found = await searchDifferences(db, {
        ...{ bank: given.bank ?? null, day: given.day ?? null, kind: given.kind ?? null },
        states: state === 'unresolved' ? unresolved : [state],
        ...{ before: given.before ?? null, limit: limit + 1 },
      })
      const { items, next } = pageOf(found, limit)
      return { items: items.map((one) => viewOfDifference(one, seen())), next }
    },
  )
  routes.get(
    '/operator/bank-differences/:id',
    {
      config: reads,
      schema: {
        ...described('One difference, with what was done about it'),
        params: z.object({ id: differenceId }),
        response: { 200: differenceView.extend({ acts: z.array(actView) }) },
      },
    },
    async (request) => {
      const found = await findDifference(db, request.params.id)
      if (!found) throw refused('difference_unknown')
      const acts = await actsOf(db, found.id)
      const { now } = seen()
      return {
        ...viewOfDifference(found, seen()),
        acts: acts.map((act) => viewOfAct(act, now)),
      }
    },
  )
  routes.get(
    '/operator/bank-acts',
    {
      config: reads,
      schema: {
        ...described('What people asked for and decided, newest first'),
        querystring: z.strictObject({
          bank: bankName.optional(),
          state: z.enum(actStates).optional(),
          ...page,
        }),
        response: { 200: pageOfView(actView) },
      },
    },
    async (request) => {
      const { bank = null, state = null, before = null, limit } = request.query
      const found = await searchActs(db, { bank, state, before, limit: limit + 1 })
      const { items, next } = pageOf(found, limit)
      const { now } = seen()
      return { items: items.map((act) => viewOfAct(act, now)), next }
    },
  )
  routes.get(
    '/operator/banks/:bank/days',
    {
      config: reads,
      schema: {
        ...described(
          'The days of a bank that ended, newest first, with what became of their files',
        ),
        params: z.object({ bank: bankName }),
        querystring: z.strictObject({
          limit: page.limit,
          before: dayField.optional().describe('`next` of the page before'),
        }),
        response: { 200: pageOfView(dayView) },
      },
    },
    async (request) => {
      const { before = null, limit } = request.query
      const found = await daysOfBank(db, {
        ...{ bank: request.params.bank, before, limit: limit + 1 },
      })
      const { items, next } = pageOf(
        found.map((day) => ({ ...day, id: day.day })),
        limit,
      )
      return { items: items.map(viewOfDay), next }
    },
  )
}
