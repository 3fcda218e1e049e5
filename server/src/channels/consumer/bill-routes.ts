/** Bills of others (生活缴费): who is billed for, what is due, paying it, and what came of it. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { fields, notFound } from '../http/index.ts'
import {
  accountView,
  billerView,
  billView,
  viewOfAccount,
  viewOfBill,
  viewOfBiller,
} from './bill-views.ts'
import { amountOf, type ConsumerDesk, refused, refusedByBillers, sessionOf } from './desk.ts'
import { key, line, own, positiveAmount, uuid } from './fields.ts'
import { mustConfirm } from './proof.ts'
import { byId, keyOf, paged, pageOf, paid, walletOf } from './transfer-routes.ts'

/** How long the app is kept waiting for a biller; then it hears that the payment is under way. */
const patienceMs = 8_000

const of = {
  biller: line(32),
  account: z.string().regex(/^[A-Za-z0-9]{1,32}$/, 'must be 1 to 32 letters and digits'),
}

export function billRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const { billers } = desk

  routes.get(
    '/consumer/billers',
    {
      schema: {
        ...own('Whose bills can be paid'),
        response: { 200: z.object({ items: z.array(billerView) }) },
      },
    },
    async () => ({ items: billers.list().map(viewOfBiller) }),
  )
  routes.post(
    '/consumer/bills/inquiries',
    {
      config: { admission: 'order' },
      schema: {
        ...own('What is due; good for ten minutes'),
        body: z.strictObject(of),
        response: { 201: billView },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const { biller, account: accountNo } = request.body
      const lockedMs = desk.billInquiries.lockedMs(msisdn)
      if (lockedMs > 0) throw refused('too_many_looks', { retryAfterMs: lockedMs })
      desk.billInquiries.wrong(msisdn)
      const asked = await billers.inquire({ msisdn, biller, accountNo })
      if (!asked.ok) throw refusedByBillers(desk, asked)
      return reply.status(201).send(viewOfBill(asked.value))
    },
  )
  routes.post(
    '/consumer/bills/payments',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Pays what was asked about'),
        body: paid({
          billId: uuid,
          amount: positiveAmount.optional().describe('Where the biller leaves it open'),
          key,
        }),
        response: { 200: billView, 201: billView },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const { billId, amount, key: name } = request.body
      await mustConfirm(desk, request, request.body)
      const paid = await billers.pay({
        ...{ msisdn, billId, channel: 'web', key: keyOf(name) },
        ...(amount !== undefined && { amount: amountOf(amount) }),
      })
      if (!paid.ok) throw refusedByBillers(desk, paid)
      const { bill, replayed } = paid.value
      const now = await billers.settled(bill.id, patienceMs)
      return reply.status(replayed ? 200 : 201).send(viewOfBill(now ?? bill))
    },
  )
  routes.get(
    '/consumer/bills',
    {
      schema: {
        ...own('Bills that were paid for, the newest first'),
        querystring: z.strictObject(fields.page),
        response: { 200: fields.pageOfView(billView) },
      },
    },
    async (request) => {
      const walletId = await walletOf(desk, sessionOf(request).msisdn)
      const all = walletId === undefined ? [] : await billers.bills(walletId, pageOf(request.query))
      return paged(all.map(viewOfBill), request.query.limit)
    },
  )
  routes.get(
    '/consumer/bills/:id',
    { schema: { ...own('One bill'), params: byId, response: { 200: billView } } },
    async (request) => {
      const walletId = await walletOf(desk, sessionOf(request).msisdn)
      const bill = await billers.bill(request.params.id)
      if (!bill || bill.walletId !== walletId) throw notFound('bill')
      return viewOfBill(bill)
    },
  )
  accountRoutes(app, desk)
}

function accountRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const { billers } = desk

  routes.get(
    '/consumer/bills/accounts',
    {
      schema: {
        ...own('Accounts that are kept'),
        response: { 200: z.object({ items: z.array(accountView) }) },
      },
    },
    async (request) => {
      const walletId = await walletOf(desk, sessionOf(request).msisdn)
      const all = walletId === undefined ? [] : await billers.accounts(walletId)
      return { items: all.map(viewOfAccount) }
    },
  )
  routes.post(
    '/consumer/bills/accounts',
    {
      schema: {
        ...own('Keeps an account, or changes how it is kept'),
        body: z.strictObject({
          ...of,
          label: line(20),
          remindDay: z
            .int()
            .min(1)
            .max(28)
            .nullable()
            .default(null)
            .describe('Day of the month on which its owner is told what is due'),
        }),
        response: { 200: accountView },
      },
    },
    async (request) => {
      const { account: accountNo, ...rest } = request.body
      const kept = await billers.keep({ msisdn: sessionOf(request).msisdn, accountNo, ...rest })
      if (!kept.ok) throw refusedByBillers(desk, kept)
      return viewOfAccount(kept.value)
    },
  )
  routes.delete(
    '/consumer/bills/accounts/:id',
    { schema: { ...own('Forgets it'), params: byId, response: { 200: accountView } } },
    async (request) => {
      const { msisdn } = sessionOf(request)
      const gone = await billers.forget({ msisdn, accountId: request.params.id })
      if (!gone.ok) throw refusedByBillers(desk, gone)
      return viewOfAccount(gone.value)
    },
  )
}
