/** Resolving what differs with a biller: asked by one, agreed to by another. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { billerResolutions } from '../../billers/index.ts'
import type { Tx } from '../../db/index.ts'
import type { Result } from '../../kernel/index.ts'
import {
  askBillerAct,
  type BillerAct,
  type BillerActTools,
  decideBillerAct,
  findBillerAct,
} from '../../reconciliation/index.ts'
import { personOf } from '../staff-door/index.ts'
import { asks, decides } from './access.ts'
import { differenceId } from './act-views.ts'
import { billerActView, viewOfBillerAct } from './biller-views.ts'
import { change, type Desk } from './desk.ts'
import { described } from './fields.ts'
import { type OperatorRefusal, refused } from './problems.ts'
import { agreed, approval, declined, note, reason, type SecondPersonDesk } from './second-person.ts'

const params = z.object({ id: z.uuid() })

export type BillerActDesk = Desk & SecondPersonDesk & BillerActTools

export function billerActRoutes(app: FastifyInstance, desk: BillerActDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.post(
    '/operator/biller-differences/:id/acts',
    {
      config: asks,
      schema: {
        ...described('Resolve a difference with a biller; waits for a second person'),
        params: z.object({ id: differenceId }),
        body: z.strictObject({
          act: z
            .enum(billerResolutions)
            .describe(
              'received: the biller has the payment after all, with our amount, and is paid it with its next day. returned: it has not, and the customer gets the money back. covered: it has what nobody paid or more than was, and own money pays it. explained: the biller takes it out of its books',
            ),
          reason,
        }),
        response: { 201: billerActView },
      },
    },
    async (request, reply) => {
      const { act: kind, reason: why } = request.body
      const { id } = request.params
      const asked = { differenceId: id, kind, reason: why, by: personOf(request).login }
      const act = await made(desk, request, (tx, now) => askBillerAct(tx, desk, asked, now))
      return reply.status(201).send(act)
    },
  )
  routes.post(
    '/operator/biller-acts/:id/approve',
    {
      config: decides,
      schema: {
        ...described(
          'Agree to what somebody else asked for, as a supervisor with a fresh code of one’s own authenticator: it is done at once',
        ),
        params,
        body: approval,
        response: { 200: billerActView },
      },
    },
    async (request) => {
      const { id } = request.params
      if (!(await findBillerAct(desk.db, id))) throw refused('act_unknown')
      const given = { id, ...(await agreed(desk, request.body)) }
      return made(desk, request, (tx, now) => decideBillerAct(tx, desk, given, now))
    },
  )
  routes.post(
    '/operator/biller-acts/:id/decline',
    {
      config: decides,
      schema: {
        ...described('Do not agree, or take back what one asked for'),
        params,
        body: z.strictObject({ note }),
        response: { 200: billerActView },
      },
    },
    (request) => {
      const given = {
        id: request.params.id,
        ...declined(personOf(request).login, request.body.note),
      }
      return made(desk, request, (tx, now) => decideBillerAct(tx, desk, given, now))
    },
  )
}

async function made(
  desk: Desk,
  request: FastifyRequest,
  work: (tx: Tx, now: number) => Promise<Result<BillerAct, OperatorRefusal>>,
) {
  const act = await change(desk, request, work, (after) => ({
    action: `biller_act.${after.state}`,
    subject: `biller_difference:${after.differenceId}`,
    before: null,
    after: viewOfBillerAct(after, desk.clock.now()),
  }))
  return viewOfBillerAct(act, desk.clock.now())
}
