/**
 * Acts for customers. Each bears an `Idempotency-Key`: the same key with the same content is the same act,
 * also when a second person has agreed to it in between. The number stands in the body, never in an address.
 */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Secret } from '../../kernel/index.ts'
import { type Act, hallRoles, type KeptPerson, movesCash } from '../../staff/index.ts'
import { personOf } from '../staff-door/index.ts'
import { askBank, askLater, bindAct, endWith, proofOf, rebindAct } from './acts/card-acts.ts'
import { pinResetAct, simChangeAct, unbindAct } from './acts/customer-acts.ts'
import { answerOf, type Planned, refusedEnding, runAct, viewsOf } from './acts/flow.ts'
import {
  cashInAct,
  cashOutAct,
  closeAct,
  goOnClosing,
  goOnWithCash,
  openAct,
} from './acts/wallet-acts.ts'
import { type CounterDesk, refused } from './desk.ts'
import { described, keyed, uuid } from './fields.ts'
import type { Proof } from './ports.ts'
import {
  actAnswer,
  actsView,
  actView,
  bindBody,
  cashInBody,
  cashOutBody,
  closeBody,
  codeBody,
  openBody,
  rebindBody,
  retryBody,
  unbindBody,
  withReasonBody,
} from './schemas.ts'

const path = '/counter/api/acts'
const params = z.object({ id: uuid })
/** Longer than whoever does an act by its first request can be at it. */
const soonMs = 120_000

export function actRoutes(app: FastifyInstance, desk: CounterDesk): void {
  const act = <Body extends z.ZodType>(
    name: string,
    { summary, body }: { readonly summary: string; readonly body: Body },
    plan: (desk: CounterDesk, person: KeptPerson, body: z.output<Body>) => Promise<Planned>,
  ) =>
    app.withTypeProvider<ZodTypeProvider>().post(
      `${path}/${name}`,
      {
        config: { admission: 'order', staff: { for: ['clerk'] } },
        schema: {
          ...described(summary),
          headers: keyed,
          body: body as z.ZodType,
          response: { 200: actAnswer, 202: actAnswer },
        },
      },
      async (request, reply) => {
        const person = personOf(request)
        const planned = await plan(desk, person, request.body as z.output<Body>)
        return runAct(desk, { person, key: request.headers['idempotency-key'], reply }, planned)
      },
    )

  act('open', { summary: 'Open a wallet for the owner at the desk', body: openBody }, openAct)
  act('bind', { summary: 'Bind a bank card', body: bindBody }, bindAct)
  act(
    'rebind',
    { summary: 'Bind again a card that the bank has changed', body: rebindBody },
    rebindAct,
  )
  act('unbind', { summary: 'Unbind a bank card', body: unbindBody }, unbindAct)
  act(
    'pin-reset',
    { summary: 'A new initial payment PIN by SMS', body: withReasonBody },
    pinResetAct,
  )
  act('sim-change', { summary: 'Register a SIM change', body: withReasonBody }, simChangeAct)
  act('close', { summary: 'Close the wallet; what is left is paid out', body: closeBody }, closeAct)
  act('cash-in', { summary: 'Take cash into the wallet', body: cashInBody }, cashInAct)
  act('cash-out', { summary: 'Pay cash out of the wallet', body: cashOutBody }, cashOutAct)
  goOnRoutes(app, desk)
  readRoutes(app, desk)
}

/** With acts that wait: the code the bank has texted, or the same once more. */
function goOnRoutes(app: FastifyInstance, desk: CounterDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const config = { admission: 'order', staff: { for: ['clerk'] } } as const

  routes.post(
    `${path}/:id/code`,
    {
      config,
      schema: {
        ...described('Enter the code that the bank has texted to the customer'),
        params,
        body: codeBody,
        response: { 200: actAnswer, 202: actAnswer },
      },
    },
    async (request, reply) => {
      const person = personOf(request)
      const act = await ownAct(desk, person, request.params.id)
      const bindingId = act.result?.binding
      if (act.waitsFor !== 'code' || bindingId === undefined) throw refused('act_is_over', { desk })
      const proof = { code: new Secret(request.body.code) }
      const answer = await desk.cards.verify(bindingId, proof)
      // A code that was mistyped may be typed again; the tries are counted there.
      if (answer.outcome === 'refused' && answer.refusal === 'code_wrong')
        throw refused('cards:code_wrong', { desk })
      const after = await endWith(desk, person, act, answer)
      askLater(desk, person, after, proof)
      return answerOf(desk, reply, after)
    },
  )
  routes.post(
    `${path}/:id/retry`,
    {
      config,
      schema: {
        ...described('Go on with an act whose answer was lost; nothing is done twice'),
        params,
        body: retryBody,
        response: { 200: actAnswer, 202: actAnswer },
      },
    },
    async (request, reply) => {
      const person = personOf(request)
      const act = await ownAct(desk, person, request.params.id)
      if (act.state !== 'begun') return answerOf(desk, reply, act)
      return answerOf(desk, reply, await goOn(desk, person, act, proofOf(request.body)))
    },
  )
}

async function goOn(desk: CounterDesk, person: KeptPerson, act: Act, proof: Proof): Promise<Act> {
  if (movesCash(act.kind)) return goOnWithCash(desk, person, act)
  if (act.kind === 'close') return goOnClosing(desk, person, act)
  if (act.result?.binding !== undefined) return askBank(desk, person, act, proof)
  if (desk.clock.now() - act.beganAt < soonMs) return act
  // All of it would have been done together with its end: nothing was.
  return desk.staff.acts.end(act.id, person, async () => refusedEnding('act_not_begun'))
}

function readRoutes(app: FastifyInstance, desk: CounterDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.get(
    path,
    {
      config: { staff: { for: hallRoles, passive: true } },
      schema: {
        ...described('The newest acts: one’s own, or for a supervisor those of the office'),
        querystring: z.strictObject({ begun: z.enum(['yes', 'no']).default('no') }),
        response: { 200: actsView },
      },
    },
    async (request) => {
      const onlyBegun = request.query.begun === 'yes'
      const found = await desk.staff.acts.list(desk.db, personOf(request), onlyBegun)
      return { items: await viewsOf(desk, found) }
    },
  )
  routes.get(
    `${path}/:id`,
    {
      config: { staff: { for: hallRoles, passive: true } },
      schema: { ...described('One act'), params, response: { 200: actView } },
    },
    async (request) => {
      const person = personOf(request)
      const found = await desk.staff.acts.find(desk.db, request.params.id, person)
      const isHis = found?.person === person.id || person.roles.includes('supervisor')
      const [view] = found && isHis ? await viewsOf(desk, [found]) : []
      if (!view) throw refused('act_unknown', { desk })
      return view
    },
  )
}

/** Who began an act goes on with it, and nobody else. */
async function ownAct(desk: CounterDesk, person: KeptPerson, id: string): Promise<Act> {
  const act = await desk.staff.acts.find(desk.db, id, person)
  if (!act || act.person !== person.id) throw refused('act_unknown', { desk })
  return act
}
