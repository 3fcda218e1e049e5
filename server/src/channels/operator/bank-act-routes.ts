/** Resolving what differs, and taking a file for whole: asked by one, agreed to by another. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Tx } from '../../db/index.ts'
import { type BusinessTime, type Msisdn, parseMsisdn, type Result } from '../../kernel/index.ts'
import {
  type Act,
  askAct,
  askCompleteFile,
  decideAct,
  findAct,
  resolutionActs,
} from '../../reconciliation/index.ts'
import { personOf } from '../staff-door/index.ts'
import { asks, decides } from './access.ts'
import { dayField, differenceId } from './act-views.ts'
import { actView, bankName, viewOfAct } from './bank-views.ts'
import { change, type Desk } from './desk.ts'
import { described } from './fields.ts'
import { type OperatorRefusal, refused } from './problems.ts'
import { agreed, approval, declined, note, reason, type SecondPersonDesk } from './second-person.ts'

const params = z.object({ id: z.uuid() })

export interface BankActDesk extends Desk, SecondPersonDesk {
  readonly time: BusinessTime
}

export function bankActRoutes(app: FastifyInstance, desk: BankActDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.post(
    '/operator/bank-differences/:id/acts',
    {
      config: asks,
      schema: {
        ...described('Resolve a difference; what moves money waits for a second person'),
        params: z.object({ id: differenceId }),
        body: z.strictObject({
          act: z
            .enum(resolutionActs)
            .describe(
              'to_suspense: book it; then identified (long): into its owner’s wallet, or covered (short): from own money. explained: no money is missing',
            ),
          reason,
          msisdn: z.string().max(20).optional().describe('Of `identified`: whose money it is'),
        }),
        response: { 201: actView },
      },
    },
    async (request, reply) => {
      const { act: kind, msisdn, reason: why } = request.body
      const asked = { differenceId: request.params.id, kind, reason: why }
      const given = {
        ...asked,
        msisdn: msisdn === undefined ? null : msisdnOf(msisdn),
        by: personOf(request).login,
      }
      const act = await made(desk, request, (tx, now) => askAct(tx, desk, given, now))
      return reply.status(201).send(act)
    },
  )
  routes.post(
    '/operator/banks/:bank/days/:day/complete',
    {
      config: asks,
      schema: {
        ...described(
          'Take the file of a day for whole, where the bank told no totals: what it lacks never happened. Waits for a second person',
        ),
        params: z.object({ bank: bankName, day: dayField }),
        body: z.strictObject({ reason }),
        response: { 201: actView },
      },
    },
    async (request, reply) => {
      const given = { ...request.params, reason: request.body.reason, by: personOf(request).login }
      const act = await made(desk, request, (tx, now) => askCompleteFile(tx, desk, given, now))
      return reply.status(201).send(act)
    },
  )
  routes.post(
    '/operator/bank-acts/:id/approve',
    {
      config: decides,
      schema: {
        ...described(
          'Agree to what somebody else asked for, as a supervisor with a fresh code of one’s own authenticator: it is done at once',
        ),
        params,
        body: approval,
        response: { 200: actView },
      },
    },
    async (request) => {
      const { id } = request.params
      if (!(await findAct(desk.db, id))) throw refused('act_unknown')
      const given = { id, ...(await agreed(desk, request.body)) }
      return made(desk, request, (tx, now) => decideAct(tx, desk, given, now))
    },
  )
  routes.post(
    '/operator/bank-acts/:id/decline',
    {
      config: decides,
      schema: {
        ...described('Do not agree, or take back what one asked for'),
        params,
        body: z.strictObject({ note }),
        response: { 200: actView },
      },
    },
    (request) => {
      const given = {
        id: request.params.id,
        ...declined(personOf(request).login, request.body.note),
      }
      return made(desk, request, (tx, now) => decideAct(tx, desk, given, now))
    },
  )
}

async function made(
  desk: Desk,
  request: FastifyRequest,
  work: (tx: Tx, now: number) => Promise<Result<Act, OperatorRefusal>>,
) {
  const act = await change(desk, request, work, (after) => ({
    action: `bank_act.${after.state}`,
    subject:
      after.differenceId === null
        ? `bank_day:${after.bank}:${after.day}`
        : `bank_difference:${after.differenceId}`,
    before: null,
    after: viewOfAct(after, desk.clock.now()),
  }))
  return viewOfAct(act, desk.clock.now())
}

function msisdnOf(text: string): Msisdn {
  const msisdn = parseMsisdn(text)
  if (!msisdn.ok) throw refused('number_not_mobile')
  return msisdn.value
}
