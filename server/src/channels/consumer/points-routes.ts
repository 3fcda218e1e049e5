/** Points in the app: what there is, how it came, what can be had for it, and the codes of what was taken. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Msisdn } from '../../kernel/index.ts'
import { reasonTitles } from '../../ledger/index.ts'
import {
  type PointsLine,
  pointsWords,
  type RedeemRefusal,
  type Redemption,
  type RedemptionRefusal,
  type Reward,
} from '../../points/index.ts'
import { fields, ProblemError } from '../http/index.ts'
import { type ConsumerDesk, refusedByWallet, sessionOf } from './desk.ts'
import { iso, key, own, uuid, words } from './fields.ts'
import { source } from './me.ts'
import { walletOf } from './transfer-routes.ts'

const points = z.string().describe('Whole points, for example "120"; they are not money')

const balanceView = z.object({
  points: points.describe('What can be spent today'),
  expiring: z
    .object({ points, on: z.string().describe('The last day on which they are good') })
    .nullable()
    .describe('What ends first'),
  owed: points.describe('Of purchases that were paid back: goes off what is earned next'),
  unseen: z.int().describe('Rewards whose code was not looked at: they end with the wallet'),
  programme: z.object({
    on: z.boolean(),
    perYuan: points.describe('For each whole yuan'),
    sources: z.array(source),
  }),
})
const lineView = z.object({
  id: z.string(),
  at: z.string(),
  title: words,
  points: points.describe('Signed: what came in, or went out'),
  balance: points.describe('Just after it'),
})
const rewardView = z.object({ id: z.string(), name: words, points, remaining: points })
const redemptionView = z.object({
  id: z.string(),
  reward: z.object({ id: z.string(), name: words }),
  points,
  state: z.enum(['taken', 'shown', 'cancelled']).describe('Shown is final'),
  at: z.string(),
})

export function pointsRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.get(
    '/consumer/points',
    { schema: { ...own('Points, and what ends first'), response: { 200: balanceView } } },
    async (request) => {
      const walletId = await walletNeeded(desk, sessionOf(request).msisdn)
      const [balance, promised] = await Promise.all([
        desk.points.balance(walletId),
        desk.points.promised(),
      ])
      const { expiring } = balance
      return {
        points: balance.points.toString(),
        expiring: expiring && { points: expiring.points.toString(), on: expiring.expiresOn },
        owed: balance.owed.toString(),
        unseen: balance.unseen,
        programme: {
          on: promised.isOn,
          perYuan: promised.perYuan.toString(),
          sources: [...promised.sources],
        },
      }
    },
  )
  routes.get(
    '/consumer/points/lines',
    {
      schema: {
        ...own('How points came and went, the newest first'),
        querystring: z.strictObject({
          before: z
            .string()
            .regex(/^\d{1,18}$/, 'must be `next` of the page before')
            .optional(),
          limit: fields.page.limit,
        }),
        response: { 200: fields.pageOfView(lineView) },
      },
    },
    async (request) => {
      const { before, limit } = request.query
      const walletId = await walletNeeded(desk, sessionOf(request).msisdn)
      const page = { before: before === undefined ? null : BigInt(before), limit }
      const lines = await desk.points.lines(walletId, page)
      const next = lines.length < limit ? null : (lines.at(-1)?.no.toString() ?? null)
      return { items: lines.map(viewOfLine), next }
    },
  )
  routes.get(
    '/consumer/points/rewards',
    {
      schema: {
        ...own('What can be had for points now, the cheapest first'),
        response: { 200: z.object({ items: z.array(rewardView) }) },
      },
    },
    async () => ({ items: (await desk.points.rewards()).map(viewOfReward) }),
  )
  redemptionRoutes(app, desk)
}

function redemptionRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const params = z.object({ id: uuid })

  routes.get(
    '/consumer/points/redemptions',
    {
      schema: {
        ...own('Rewards that were taken, the newest first'),
        querystring: z.strictObject(fields.page),
        response: { 200: fields.pageOfView(redemptionView) },
      },
    },
    async (request) => {
      const { before = null, limit } = request.query
      const walletId = await walletNeeded(desk, sessionOf(request).msisdn)
      const found = await desk.points.redemptions(walletId, { before, limit })
      const items = found.map(({ redemption, reward }) => viewOf(redemption, reward))
      return { items, next: items.length < limit ? null : (items.at(-1)?.id ?? null) }
    },
  )
  routes.post(
    '/consumer/points/redemptions',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Take a reward; said again with the same key it is the same one'),
        body: z.strictObject({ rewardId: uuid, key }),
        response: { 200: redemptionView, 201: redemptionView },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const { rewardId, key: name } = request.body
      await mustNotCoolOff(desk, msisdn)
      const done = await desk.points.redeem({ msisdn, rewardId, key: `app:${name}` })
      if (!done.ok) throw refusedByPoints(done.refusal)
      const { redemption, reward, replayed } = done.value
      return reply.status(replayed ? 200 : 201).send(viewOf(redemption, reward))
    },
  )
  routes.post(
    '/consumer/points/redemptions/:id/code',
    {
      schema: {
        ...own('Show the code; from then on the reward cannot be given back'),
        params,
        response: { 200: z.object({ code: z.string() }) },
      },
    },
    async (request) => {
      const { msisdn } = sessionOf(request)
      await mustNotCoolOff(desk, msisdn)
      const done = await desk.points.showCode({ msisdn, redemptionId: request.params.id })
      if (!done.ok) throw refusedByPoints(done.refusal)
      return { code: done.value.reveal() }
    },
  )
  routes.post(
    '/consumer/points/redemptions/:id/cancel',
    {
      schema: {
        ...own('Give a reward back unseen: the points are there again'),
        params,
        response: { 200: redemptionView },
      },
    },
    async (request) => {
      const naming = { msisdn: sessionOf(request).msisdn, redemptionId: request.params.id }
      const done = await desk.points.cancel(naming)
      if (!done.ok) throw refusedByPoints(done.refusal)
      return viewOf(done.value.redemption, done.value.reward)
    },
  )
}

async function walletNeeded(desk: ConsumerDesk, msisdn: Msisdn): Promise<string> {
  const walletId = await walletOf(desk, msisdn)
  if (walletId === undefined) throw refusedByPoints('wallet_not_found')
  return walletId
}

/** A reward is as good as money and asks for no PIN: a thief with a new SIM gets none. */
async function mustNotCoolOff(desk: ConsumerDesk, msisdn: Msisdn): Promise<void> {
  const until = await desk.coolOffUntil(msisdn)
  if (until !== null) throw refusedByWallet(desk, { refusal: 'cooling_off', until })
}

/** No points have moved. */
function refusedByPoints(type: RedeemRefusal | RedemptionRefusal): ProblemError {
  const { code, zh, en } = pointsWords[type]
  const status = missing.has(type) ? 404 : 409
  return new ProblemError({ status, type, title: en, code, words: { zh, en } })
}

const missing: ReadonlySet<string> = new Set([
  'wallet_not_found',
  'reward_unknown',
  'redemption_unknown',
])

const viewOfLine = (line: PointsLine): z.infer<typeof lineView> => ({
  ...{ id: line.id, at: iso(line.at), title: reasonTitles[line.reason] },
  ...{ points: line.points.toString(), balance: line.balance.toString() },
})

const viewOfReward = ({ id, name, price, remaining }: Reward): z.infer<typeof rewardView> => ({
  ...{ id, name, points: price.toString(), remaining: remaining.toString() },
})

const viewOf = (
  { id, points: spent, state, at }: Redemption,
  { id: rewardId, name }: Reward,
): z.infer<typeof redemptionView> => ({
  ...{ id, reward: { id: rewardId, name }, points: spent.toString(), state, at: iso(at) },
})
