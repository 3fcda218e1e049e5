/** What a second person is asked: seeing it, agreeing with the authenticator in hand, declining, taking back. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Approval, hallRoles, type KeptPerson } from '../../staff/index.ts'
import { personOf } from '../staff-door/index.ts'
import { type CounterDesk, namedIn, refused } from './desk.ts'
import { described, uuid } from './fields.ts'
import { approvalsView, approvalView, approveBody, declineBody } from './schemas.ts'
import { viewOfApproval } from './views.ts'

const path = '/counter/api/approvals'
const params = z.object({ id: uuid })

export function approvalRoutes(app: FastifyInstance, desk: CounterDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const { staff, db } = desk

  routes.get(
    path,
    {
      config: { staff: { for: hallRoles, passive: true } },
      schema: {
        ...described('What waits for a second person: of the office, or one’s own'),
        response: { 200: approvalsView },
      },
    },
    async (request) => {
      const found = await staff.approvals.waiting(db, personOf(request))
      const named = await namedIn(desk, found)
      const now = desk.clock.now()
      return { items: found.map((one) => viewOfApproval(one, { now, named })) }
    },
  )
  routes.get(
    `${path}/:id`,
    {
      config: { staff: { for: hallRoles, passive: true } },
      schema: { ...described('One of them'), params, response: { 200: approvalView } },
    },
    async (request) => {
      const person = personOf(request)
      const found = await staff.approvals.find(db, request.params.id, person)
      const isHis = person.roles.includes('supervisor') || found?.askedBy === person.id
      if (!found || !isHis) throw refused('approval_unknown', { desk })
      return shown(desk, found)
    },
  )
  routes.post(
    `${path}/:id/approve`,
    {
      config: { staff: { for: ['supervisor'] } },
      schema: {
        ...described('Agree, with a fresh code of one’s own authenticator'),
        params,
        body: approveBody,
        response: { 200: approvalView },
      },
    },
    async (request) => {
      const person = personOf(request)
      const proven = await staff.signIn.proveByCode(person.id, request.body.code)
      if (!proven.ok)
        throw proven.refusal === 'code_wrong'
          ? refused('code_wrong', { desk })
          : refused('locked', { desk, retryAfterMs: Math.max(1_000, proven.refusal.lockedMs) })
      return decide(desk, { id: request.params.id, step: 'approve' }, { by: person })
    },
  )
  routes.post(
    `${path}/:id/decline`,
    {
      config: { staff: { for: ['supervisor'] } },
      schema: {
        ...described('Not agree, and say why'),
        params,
        body: declineBody,
        response: { 200: approvalView },
      },
    },
    async (request) => {
      const given = { by: personOf(request), note: request.body.reason }
      return decide(desk, { id: request.params.id, step: 'decline' }, given)
    },
  )
  routes.post(
    `${path}/:id/withdraw`,
    {
      config: { staff: { for: ['clerk'] } },
      schema: {
        ...described('Take back what one has asked for'),
        params,
        response: { 200: approvalView },
      },
    },
    async (request) => {
      const given = { by: personOf(request) }
      return decide(desk, { id: request.params.id, step: 'withdraw' }, given)
    },
  )
}

/** A refused decision is written down too: who tried to agree to his own act is part of the story. */
async function decide(
  desk: CounterDesk,
  { id, step }: { readonly id: string; readonly step: 'approve' | 'decline' | 'withdraw' },
  given: { readonly by: KeptPerson; readonly note?: string },
) {
  const { staff, db } = desk
  const done = await staff.approvals.decide(id, step, given)
  if (done.ok) return shown(desk, done.value)
  const { refusal } = done
  await db.transact((tx) =>
    staff.logbook.write(tx, given.by, {
      action: 'approval.refused',
      subject: `approval:${id}`,
      after: { refusal, step },
    }),
  )
  throw refused(refusal, { desk })
}

export async function shown(desk: CounterDesk, approval: Approval) {
  const named = await namedIn(desk, [approval])
  return viewOfApproval(approval, { now: desk.clock.now(), named })
}
