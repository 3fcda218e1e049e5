/** The clerk's till: opened with a float that was counted, closed with a count that must be right. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { personOf } from '../staff-door/index.ts'
import { shown } from './approval-routes.ts'
import { type CounterDesk, namedIn, refused } from './desk.ts'
import { described, uuid } from './fields.ts'
import { tillView } from './schemas.ts'
import {
  tillBankBody,
  tillCloseAnswer,
  tillCloseBody,
  tillOpenBody,
  tillsView,
} from './till-schemas.ts'
import { viewOfTill } from './views.ts'

const path = '/counter/api/till'
/** An officer's look at all tills of his office. */
const officePath = '/counter/api/tills'

export function tillRoutes(app: FastifyInstance, desk: CounterDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const { staff, db } = desk

  routes.post(
    `${path}/open`,
    {
      config: { staff: { for: ['clerk'] } },
      schema: {
        ...described('Open a till with the float that was counted'),
        body: tillOpenBody,
        response: { 201: tillView },
      },
    },
    async (request, reply) => {
      const person = personOf(request)
      const done = await staff.tills.open(person, request.body)
      if (!done.ok) throw refused(done.refusal, { desk })
      const till = await staff.tills.view(db, done.value)
      return reply.status(201).send(viewOfTill(till, person))
    },
  )
  routes.get(
    path,
    {
      config: { staff: { for: ['clerk'], passive: true } },
      schema: { ...described('One’s open till'), response: { 200: tillView } },
    },
    async (request) => {
      const person = personOf(request)
      const till = await staff.tills.ofPerson(db, person.id)
      if (!till) throw refused('till_missing', { desk })
      return viewOfTill(till, person)
    },
  )
  routes.post(
    `${path}/close`,
    {
      config: { staff: { for: ['clerk'] } },
      schema: {
        ...described(
          'Close it with a count. A difference needs a reason and a second person: 202, then the same again',
        ),
        body: tillCloseBody,
        response: { 200: tillCloseAnswer, 202: tillCloseAnswer },
      },
    },
    async (request, reply) => {
      const person = personOf(request)
      const done = await staff.tills.close(person, request.body)
      if (!done.ok) throw refused(done.refusal, { desk })
      if (done.value.state === 'waits')
        return reply
          .status(202)
          .send({ till: null, approval: await shown(desk, done.value.approval) })
      const till = viewOfTill(await staff.tills.view(db, done.value.till), person)
      return reply.status(200).send({ till, approval: null })
    },
  )
  bankingRoutes(app, desk)
  routes.get(
    officePath,
    {
      config: { staff: { for: ['supervisor'], passive: true } },
      schema: {
        ...described('The office’s tills, newest first, with their differences'),
        response: { 200: tillsView },
      },
    },
    async (request) => {
      const found = await staff.tills.ofOffice(db, personOf(request).office)
      const named = await namedIn(desk, found)
      return { items: found.map((till) => viewOfTill(till, named(till.person))) }
    },
  )
}

function bankingRoutes(app: FastifyInstance, desk: CounterDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const { staff, db } = desk

  routes.get(
    `${path}/to-bank`,
    {
      config: { staff: { for: ['clerk'], passive: true } },
      schema: {
        ...described('One’s closed tills whose cash has still to go to the bank'),
        response: { 200: tillsView },
      },
    },
    async (request) => {
      const person = personOf(request)
      const found = await staff.tills.toBank(db, person.id)
      return { items: found.map((till) => viewOfTill(till, person)) }
    },
  )
  routes.post(
    `${path}/:id/bank`,
    {
      config: { staff: { for: ['clerk'] } },
      schema: {
        ...described(
          'Note that the cash of a closed till went to the bank: 202 until a second person agrees, then the same again',
        ),
        params: z.object({ id: uuid }),
        body: tillBankBody,
        response: { 200: tillCloseAnswer, 202: tillCloseAnswer },
      },
    },
    async (request, reply) => {
      const person = personOf(request)
      const done = await staff.tills.bank(person, { till: request.params.id, ...request.body })
      if (!done.ok) throw refused(done.refusal, { desk })
      if (done.value.state === 'waits')
        return reply
          .status(202)
          .send({ till: null, approval: await shown(desk, done.value.approval) })
      const till = viewOfTill(await staff.tills.view(db, done.value.till), person)
      return reply.status(200).send({ till, approval: null })
    },
  )
}
