/** Points, for the operator: the programme, and what is offered for them. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Secret } from '../../kernel/index.ts'
import {
  addReward,
  changeReward,
  currentProgramme,
  listRewards,
  type Programme,
  type Reward,
  setProgramme,
  stockReward,
  vouchersMax,
} from '../../points/index.ts'
import { changes, reads } from './access.ts'
import { change, type Desk, onlyGiven, operatorOf, pageOf } from './desk.ts'
import { bilingual, described, instant, iso, line, page, pageOfView } from './fields.ts'

const count = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'must be a whole number in a string')
  .describe('Whole points or pieces, for example "120"')

const programme = {
  on: z.boolean(),
  perYuan: count.describe('Points for each whole yuan'),
  sources: z.array(z.enum(['phone_bill', 'card', 'wallet'])).describe('Paying from which earns'),
}
const programmeView = z.object({ ...programme, since: z.string().optional() })

const rewardView = z.object({
  id: z.string(),
  name: z.object({ zh: z.string(), en: z.string() }),
  points: z.string(),
  kind: z.enum(['voucher', 'stock']),
  stock: z.string().describe('How many there ever were'),
  remaining: z.string(),
  from: z.string(),
  until: z.string(),
})

const viewOfProgramme = (one: Omit<Programme, 'since'> & { readonly since?: number }) => ({
  ...{ on: one.isOn, perYuan: one.perYuan.toString(), sources: [...one.sources] },
  ...(one.since !== undefined && { since: iso(one.since) }),
})

const viewOf = (reward: Reward): z.infer<typeof rewardView> => ({
  ...{ id: reward.id, name: reward.name, points: reward.price.toString(), kind: reward.kind },
  ...{ stock: reward.stock.toString(), remaining: reward.remaining.toString() },
  ...{ from: iso(reward.offeredFrom), until: iso(reward.offeredUntil) },
})

const params = z.object({ id: z.uuid() })

export function programmeRoutes(app: FastifyInstance, desk: Desk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.get(
    '/operator/points/programme',
    {
      config: reads,
      schema: { ...described('The points programme in force'), response: { 200: programmeView } },
    },
    async () => viewOfProgramme(await currentProgramme(desk.db, desk.clock.now())),
  )
  routes.put(
    '/operator/points/programme',
    {
      config: changes,
      schema: {
        ...described(
          'Change the points programme: counts for what is paid from `since` on, some seconds from now',
        ),
        body: z.strictObject(programme),
        response: { 200: programmeView },
      },
    },
    async (request) => {
      const { on: isOn, perYuan, sources } = request.body
      const wanted = { isOn, perYuan: BigInt(perYuan), sources, author: operatorOf(request) }
      const { after } = await change(
        desk,
        request,
        (tx, now) => setProgramme(tx, wanted, now),
        ({ before, after }) => ({
          ...{ action: 'points.programme', subject: 'points:programme' },
          ...{ before: before && viewOfProgramme(before), after: viewOfProgramme(after) },
        }),
      )
      return viewOfProgramme(after)
    },
  )
}

export function rewardRoutes(app: FastifyInstance, desk: Desk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.get(
    '/operator/points/rewards',
    {
      config: reads,
      schema: {
        ...described('All rewards there ever were, newest first'),
        querystring: z.strictObject(page),
        response: { 200: pageOfView(rewardView) },
      },
    },
    async (request) => {
      const { before = null, limit } = request.query
      const found = await listRewards(desk.db, { before, limit: limit + 1 })
      return pageOf(found.map(viewOf), limit)
    },
  )
  routes.post(
    '/operator/points/rewards',
    {
      config: changes,
      schema: {
        ...described('Offer a reward; it can be had once it is stocked'),
        body: z.strictObject({
          name: bilingual,
          points: count,
          kind: z
            .enum(['voucher', 'stock'])
            .describe('voucher: codes that somebody else takes. stock: pieces, with codes of ours'),
          from: instant,
          until: instant,
        }),
        response: { 201: rewardView },
      },
    },
    async (request, reply) => {
      const { name, points, kind, from, until } = request.body
      const terms = { offeredFrom: Date.parse(from), offeredUntil: Date.parse(until) }
      const reward = await change(
        desk,
        request,
        (tx, now) => addReward(tx, desk, { name, price: BigInt(points), kind, ...terms }, now),
        (made) => ({ action: 'reward.add', ...about(made), before: null, after: viewOf(made) }),
      )
      return reply.status(201).send(viewOf(reward))
    },
  )
  routes.patch(
    '/operator/points/rewards/:id',
    {
      config: changes,
      schema: {
        ...described('Change the price of a reward, or until when it is offered'),
        params,
        body: z.strictObject({ points: count, until: instant }).partial(),
        response: { 200: rewardView },
      },
    },
    async (request) => {
      const { points, until } = request.body
      const wanted = onlyGiven({
        price: points === undefined ? undefined : BigInt(points),
        offeredUntil: until === undefined ? undefined : Date.parse(until),
      })
      const { after } = await change(
        desk,
        request,
        (tx) => changeReward(tx, { ...wanted, id: request.params.id }),
        ({ before, after }) => ({
          ...{ action: 'reward.change', ...about(after) },
          ...{ before: viewOf(before), after: viewOf(after) },
        }),
      )
      return viewOf(after)
    },
  )
  routes.put(
    '/operator/points/rewards/:id/stockings/:key',
    {
      config: changes,
      schema: {
        ...described('More of a reward: pieces, or codes, which are sealed and never shown here'),
        params: params.extend({ key: z.uuid().describe('The same on every retry') }),
        body: z.union([
          z.strictObject({ pieces: count }),
          z.strictObject({ codes: z.array(line(100)).min(1).max(vouchersMax) }),
        ]),
        response: { 200: rewardView },
      },
    },
    async (request) => {
      const { body } = request
      const { id: rewardId, key: id } = request.params
      const more =
        'pieces' in body ? BigInt(body.pieces) : body.codes.map((code) => new Secret(code))
      const { reward } = await change(
        desk,
        request,
        (tx, now) => stockReward(tx, desk, { id, rewardId, more }, now),
        ({ reward: after, added }) => ({
          ...{ action: 'reward.stock', ...about(after), before: null },
          after: {
            ...{ id, added: String(added) },
            ...{ stock: String(after.stock), remaining: String(after.remaining) },
          },
        }),
      )
      return viewOf(reward)
    },
  )
}

const about = ({ id }: Reward) => ({ subject: `reward:${id}` })
