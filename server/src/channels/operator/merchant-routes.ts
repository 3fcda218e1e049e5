/** Applications and merchants (M-1), for the operator. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import {
  apply,
  approve,
  changeMerchant,
  listApplications,
  readMerchant,
  readMerchants,
  refuseApplication,
  setMerchantStatus,
} from '../../merchants/index.ts'
import { changes, reads } from './access.ts'
import { change, type Desk, onlyGiven, pageOf } from './desk.ts'
import { described, line, merchantId, page, pageOfView } from './fields.ts'
import {
  applicationView,
  merchantView,
  openAmountOf,
  partyFields,
  termsFields,
  termsOf,
  viewOfApplication,
  viewOfMerchant,
} from './merchant-views.ts'
import { refused } from './problems.ts'

const applicationStatus = z.enum(['waiting', 'approved', 'refused'])
const applicationParams = z.object({ id: z.uuid() })

export function applicationRoutes(app: FastifyInstance, desk: Desk): void {
  const { db, ids } = desk
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.get(
    '/operator/applications',
    {
      config: reads,
      schema: {
        ...described('Applications, newest first'),
        querystring: z.strictObject({ status: applicationStatus.optional(), ...page }),
        response: { 200: pageOfView(applicationView) },
      },
    },
    async (request) => {
      const { status = null, before = null, limit } = request.query
      const found = await listApplications(db, { status, before, limit: limit + 1 })
      return pageOf(found.map(viewOfApplication), limit)
    },
  )
  routes.post(
    '/operator/applications',
    {
      config: changes,
      schema: {
        ...described('Enter an application'),
        body: z.strictObject({ ...partyFields, contact: line(100) }),
        response: { 201: applicationView },
      },
    },
    async (request, reply) => {
      const application = await change(
        desk,
        request,
        (tx, now) => apply(tx, request.body, { ids, now }),
        (made) => ({
          action: 'application.enter',
          subject: `application:${made.id}`,
          before: null,
          after: viewOfApplication(made),
        }),
      )
      return reply.status(201).send(viewOfApplication(application))
    },
  )
}

export function decisionRoutes(app: FastifyInstance, desk: Desk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.post(
    '/operator/applications/:id/approve',
    {
      config: changes,
      schema: {
        ...described('Make a merchant of an application, in test mode'),
        params: applicationParams,
        body: z.strictObject({ ...termsFields, number: merchantId.optional() }),
        response: { 201: merchantView },
      },
    },
    async (request, reply) => {
      const { number, ...terms } = request.body
      const command = {
        applicationId: request.params.id,
        terms: termsOf(terms),
        ...(number !== undefined && { number }),
      }
      const merchant = await change(
        desk,
        request,
        (tx, now) => approve(tx, command, now),
        (made) => ({
          action: 'merchant.approve',
          subject: `merchant:${made.id}`,
          before: null,
          after: viewOfMerchant(made),
        }),
      )
      return reply.status(201).send(viewOfMerchant(merchant))
    },
  )
  routes.post(
    '/operator/applications/:id/refuse',
    {
      config: changes,
      schema: {
        ...described('Refuse an application'),
        params: applicationParams,
        body: z.strictObject({ reason: line(200) }),
        response: { 200: applicationView },
      },
    },
    async (request) => {
      const command = { applicationId: request.params.id, reason: request.body.reason }
      const application = await change(
        desk,
        request,
        (tx, now) => refuseApplication(tx, command, now),
        (after) => ({
          action: 'application.refuse',
          subject: `application:${after.id}`,
          before: { status: 'waiting' },
          after: viewOfApplication(after),
        }),
      )
      return viewOfApplication(application)
    },
  )
}

const merchantParams = z.object({ id: merchantId })

export function merchantRoutes(app: FastifyInstance, desk: Desk): void {
  const { db } = desk
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.get(
    '/operator/merchants',
    {
      config: reads,
      schema: {
        ...described('Merchants, by number'),
        querystring: z.strictObject({ before: merchantId.optional(), limit: page.limit }),
        response: { 200: pageOfView(merchantView) },
      },
    },
    async (request) => {
      const { before = '', limit } = request.query
      const after = (await readMerchants(db)).filter((merchant) => merchant.id > before)
      return pageOf(after.slice(0, limit + 1).map(viewOfMerchant), limit)
    },
  )
  routes.get(
    '/operator/merchants/:id',
    {
      config: reads,
      schema: {
        ...described('One merchant'),
        params: merchantParams,
        response: { 200: merchantView },
      },
    },
    async (request) => {
      const merchant = await readMerchant(db, request.params.id)
      if (!merchant) throw refused('merchant_not_found')
      return viewOfMerchant(merchant)
    },
  )
}

export function merchantChangeRoutes(app: FastifyInstance, desk: Desk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.patch(
    '/operator/merchants/:id',
    {
      config: changes,
      schema: {
        ...described('Change the contract, the open amount, or what customers are shown'),
        params: merchantParams,
        body: z.strictObject({ ...partyFields, ...termsFields }).partial(),
        response: { 200: merchantView },
      },
    },
    async (request) => {
      const { dailyCap, openAmount, ...others } = request.body
      const changes = onlyGiven({
        ...others,
        dailyCap: dailyCap === undefined ? undefined : BigInt(dailyCap),
        openAmount: openAmount === undefined ? undefined : openAmountOf(openAmount),
      })
      const { after } = await change(
        desk,
        request,
        (tx, now) => changeMerchant(tx, { merchantId: request.params.id, changes }, now),
        ({ before, after }) => ({
          action: 'merchant.change',
          subject: `merchant:${after.id}`,
          before: viewOfMerchant(before),
          after: viewOfMerchant(after),
        }),
      )
      return viewOfMerchant(after)
    },
  )
  routes.put(
    '/operator/merchants/:id/status',
    {
      config: changes,
      schema: {
        ...described('Open, pause or close a merchant'),
        params: merchantParams,
        body: z.strictObject({ status: z.enum(['test', 'on', 'paused', 'closed']) }),
        response: { 200: merchantView },
      },
    },
    async (request) => {
      const command = { merchantId: request.params.id, status: request.body.status }
      const { after } = await change(
        desk,
        request,
        (tx, now) => setMerchantStatus(tx, command, now),
        ({ before, after }) => ({
          action: 'merchant.status',
          subject: `merchant:${after.id}`,
          before: { status: before.status },
          after: { status: after.status },
        }),
      )
      return viewOfMerchant(after)
    },
  )
}
