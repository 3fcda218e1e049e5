/** Batches of top-up vouchers: asked for by two people, made for a printer once, sold, and ended by two people. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import {
  activateVouchers,
  amountMax,
  type Batch,
  batchStates,
  type Counts,
  countMax,
  countsOf,
  endVouchers,
  listBatches,
  makeBatch,
  readPrinterKey,
  requestBatch,
  type Stepped,
  sealedFile,
} from '../../top-up-vouchers/index.ts'
import { personOf } from '../staff-door/index.ts'
import { asks, reads } from './access.ts'
import type { BankActDesk } from './bank-act-routes.ts'
import { change, pageOf } from './desk.ts'
import { amount, described, instant, iso, isoOrNull, line, page, pageOfView } from './fields.ts'
import { refused } from './problems.ts'
import { proven, reason, supervisor } from './second-person.ts'

const number = z
  .string()
  .regex(/^[1-9]\d{0,5}$/, 'must be a whole number in a string')
  .describe('A number in the batch, from "1"')
const params = z.object({ id: z.uuid() })
const span = { from: number, to: number }

const terms = {
  name: line(40),
  seller: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be small letters, digits and -')
    .describe('Who sells them, and owes for those that are activated'),
  amount: amount.describe(`Fen, of each voucher; at most ${amountMax}`),
  count: number.describe(`How many; at most ${countMax}`),
}

const batchView = z.object({
  ...{ id: z.string(), no: z.string(), name: z.string(), seller: z.string() },
  ...{ amount: z.string(), count: z.string(), validUntil: z.string() },
  state: z.enum(batchStates),
  ...{ askedBy: z.string(), agreedBy: z.string(), askedAt: z.string() },
  madeAt: z.string().nullable(),
})
const counted = z.object({
  ...{ made: z.string(), active: z.string(), used: z.string() },
  ...{ expired: z.string(), blocked: z.string() },
})
const listedView = batchView.extend({ vouchers: counted.describe('How many stand where') })
const steppedView = z.object({
  batch: batchView,
  changed: z.string().describe('How many vouchers this request has changed'),
})

export function topUpVoucherRoutes(app: FastifyInstance, desk: BankActDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.get(
    '/operator/top-up-voucher-batches',
    {
      config: reads,
      schema: {
        ...described('Batches of top-up vouchers, the newest first'),
        querystring: z.strictObject(page),
        response: { 200: pageOfView(listedView) },
      },
    },
    async (request) => {
      const { before = null, limit } = request.query
      const found = await listBatches(desk.db, { before, limit: limit + 1 })
      const counts = await countsOf(
        desk.db,
        found.map(({ id }) => id),
      )
      const listed = found.map((batch) => ({
        ...viewOf(batch),
        vouchers: viewOfCounts(counts.get(batch.id)),
      }))
      return pageOf(listed, limit)
    },
  )
  routes.put(
    '/operator/top-up-voucher-batches/:id',
    {
      config: asks,
      schema: {
        ...described(
          'Ask for a batch. Whoever is signed in asks; a supervisor, who is somebody else, agrees with a fresh code',
        ),
        params: z.object({ id: z.uuid().describe('The same on every retry') }),
        body: supervisor.extend({ ...terms, validUntil: instant }),
        response: { 200: batchView },
      },
    },
    async (request) => {
      const { name, seller, login, code, ...body } = request.body
      const { login: agreedBy } = await proven(desk, { login, code })
      const wanted = {
        ...{ id: request.params.id, name, seller, agreedBy, askedBy: personOf(request).login },
        ...{ amount: BigInt(body.amount), count: BigInt(body.count) },
        validUntil: Date.parse(body.validUntil),
      }
      const batch = await change(
        desk,
        request,
        (tx, now) => requestBatch(tx, wanted, now),
        (made) => ({
          ...{ action: 'top_up_vouchers.request', ...about(made), before: null },
          after: viewOf(made),
        }),
      )
      return viewOf(batch)
    },
  )
  routes.post(
    '/operator/top-up-voucher-batches/:id/file',
    {
      config: asks,
      schema: {
        ...described(
          'Make the batch: its codes leave now, for this printer alone, and never again. If the answer is lost, block the batch and ask for another',
        ),
        params,
        body: z.strictObject({
          printerKey: z.string().max(4_000).describe('A public RSA key in PEM'),
        }),
        response: {
          200: z.object({
            batch: batchView,
            file: z.string().describe('JWE of a CSV file: serial number, code, amount, validity'),
          }),
        },
      },
    },
    async (request) => {
      const key = await readPrinterKey(request.body.printerKey)
      if (!key.ok) throw refused(key.refusal)
      const made = await change(
        desk,
        request,
        (tx, now) => makeBatch(tx, desk, request.params.id, now),
        ({ batch }) => ({
          ...{ action: 'top_up_vouchers.make', ...about(batch), before: null },
          after: viewOf(batch),
        }),
      )
      return { batch: viewOf(made.batch), file: await sealedFile(made, key.value) }
    },
  )
  stepRoutes(app, desk)
}

function stepRoutes(app: FastifyInstance, desk: BankActDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.post(
    '/operator/top-up-voucher-batches/:id/activate',
    {
      config: asks,
      schema: {
        ...described('They are sold: the seller owes for them, and they can be used'),
        params,
        body: z.strictObject(span),
        response: { 200: steppedView },
      },
    },
    async (request) => {
      const { from, to } = request.body
      const given = { id: request.params.id, first: BigInt(from), last: BigInt(to) }
      const done = await change(
        desk,
        request,
        (tx, now) => activateVouchers(tx, desk, given, now),
        ({ batch, changed }) => ({
          ...{ action: 'top_up_vouchers.activate', ...about(batch), before: null },
          after: { from, to, changed: changed.toString() },
        }),
      )
      return viewOfStep(done)
    },
  )
  for (const step of ['block', 'expire'] as const)
    routes.post(
      `/operator/top-up-voucher-batches/:id/${step}`,
      {
        config: asks,
        schema: {
          ...described(
            step === 'block'
              ? 'Nobody can use them any more; agreed to by a supervisor, who is somebody else'
              : 'Give back what the seller owes for all that have expired; agreed to by a supervisor',
          ),
          params,
          body: supervisor.extend({ ...span, reason }),
          response: { 200: steppedView },
        },
      },
      async (request) => {
        const { from, to, reason: why, ...second } = request.body
        const { login: agreedBy } = await proven(desk, second)
        const given = {
          ...{ step, id: request.params.id, first: BigInt(from), last: BigInt(to) },
          ...{ askedBy: personOf(request).login, agreedBy },
        }
        const done = await change(
          desk,
          request,
          (tx, now) => endVouchers(tx, desk, given, now),
          ({ batch, changed }) => ({
            ...{ action: `top_up_vouchers.${step}`, ...about(batch), before: null },
            after: { from, to, changed: changed.toString(), reason: why, agreedBy },
          }),
        )
        return viewOfStep(done)
      },
    )
}

const about = ({ id }: Batch) => ({ subject: `top-up-voucher-batch:${id}` })

const viewOf = ({ no, amount: each, count, ...batch }: Batch): z.infer<typeof batchView> => ({
  ...{ id: batch.id, no: no.toString(), name: batch.name, seller: batch.seller },
  ...{ amount: each.toString(), count: count.toString(), validUntil: iso(batch.validUntil) },
  ...{ state: batch.state, askedBy: batch.askedBy, agreedBy: batch.agreedBy },
  ...{ askedAt: iso(batch.askedAt), madeAt: isoOrNull(batch.madeAt) },
})

const viewOfStep = ({ batch, changed }: Stepped) => ({
  ...{ batch: viewOf(batch), changed: changed.toString() },
})

const viewOfCounts = (counts?: Counts): z.infer<typeof counted> => ({
  ...{ made: String(counts?.made ?? 0n), active: String(counts?.active ?? 0n) },
  ...{ used: String(counts?.used ?? 0n), expired: String(counts?.expired ?? 0n) },
  blocked: String(counts?.blocked ?? 0n),
})
