/** The counter's API: what the app in a business hall asks for. */
import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'
import { hallRoles, type Session } from '../../staff/index.ts'
import { keepNowhere } from '../http/index.ts'
import { type Door, enter, sessionRoutes, viewOfSession } from '../staff-door/index.ts'
import { actRoutes } from './act-routes.ts'
import { approvalRoutes } from './approval-routes.ts'
import { customerRoutes } from './customer-routes.ts'
import { type CounterDesk, refused } from './desk.ts'
import { described } from './fields.ts'
import { counterSessionView } from './schemas.ts'
import { tillRoutes } from './till-routes.ts'
import { viewOfTill } from './views.ts'
import { voucherRoutes } from './voucher-routes.ts'

export type { Agreement, CounterDesk } from './desk.ts'
export { createLater } from './later.ts'
export type * from './ports.ts'

/**
 * A Fastify plugin: everything below `/counter/api`. Every request comes through one door, and every act is
 * written to the operator's log with who did it.
 */
export async function counterRoutes(app: FastifyInstance, desk: CounterDesk): Promise<void> {
  const door: Door = {
    ...{ page: 'counter', https: desk.https, signIn: desk.staff.signIn },
    wrongSignIns: desk.wrongSignIns,
    refusedAtDoor: (refusal, retryAfterMs) =>
      refused(refusal, { desk, ...(retryAfterMs !== undefined && { retryAfterMs }) }),
  }
  app.addHook('onRoute', (route) => {
    route.config = { admission: 'console', ...route.config }
  })
  app.addHook('onRequest', async (request, reply) => {
    keepNowhere(reply)
    await enter(door, request)
  })
  app.addHook('onClose', async () => desk.later.stop())
  sessionRoutes(app, door, {
    path: '/counter/api/session',
    roles: hallRoles,
    described,
    view: counterSessionView,
    viewOf: (session) => viewOf(desk, session),
  })
  customerRoutes(app, desk)
  actRoutes(app, desk)
  approvalRoutes(app, desk)
  tillRoutes(app, desk)
  voucherRoutes(app, desk)
}

async function viewOf(
  desk: CounterDesk,
  session: Session,
): Promise<z.infer<typeof counterSessionView>> {
  const { person } = session
  const till = await desk.staff.tills.ofPerson(desk.db, person.id)
  const { version, title, points } = desk.agreement
  return {
    ...viewOfSession(session),
    till: till ? viewOfTill(till, person) : null,
    cashApprovalAbove: desk.cashApprovalAbove.toString(),
    agreement: { version, title, points: [...points] },
  }
}
