/** The points of one wallet, for the operator: what there is, how it came and went, and giving or taking by hand. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { reasonTitles } from '../../ledger/index.ts'
import {
  adjustmentMax,
  adjustPoints,
  type ExplainedLine,
  explainedLines,
  type PointsBalance,
  pointsOf,
} from '../../points/index.ts'
import { fields } from '../http/index.ts'
import { personOf } from '../staff-door/index.ts'
import { asks, reads } from './access.ts'
import type { BankActDesk } from './bank-act-routes.ts'
import { change } from './desk.ts'
import { described, iso, line, page, pageOfView } from './fields.ts'
import { refused } from './problems.ts'
import { proven, supervisor } from './second-person.ts'
import type { WalletDesk } from './wallet-routes.ts'

type PointsDesk = BankActDesk & WalletDesk

const points = z.string().describe('Whole points, for example "120"; they are not money')

const balanceView = z.object({
  points: points.describe('What can be spent today'),
  expiring: z
    .object({ points, on: z.string().describe('The last day on which they are good') })
    .nullable()
    .describe('What ends first'),
  owed: points.describe('Of purchases that were paid back: goes off what is earned next'),
  unseen: z.int().describe('Rewards that were taken and whose code nobody has looked at'),
})

const lineView = z.object({
  id: z.string(),
  at: z.string(),
  reason: z.string(),
  title: fields.words,
  subject: z.string().describe('The payment, the redemption, the adjustment, or the wallet itself'),
  points: points.describe('Signed: what came in, or went out'),
  balance: points.describe('Just after it'),
  adjustment: z
    .object({ reason: z.string(), askedBy: z.string(), agreedBy: z.string() })
    .nullable()
    .describe('Of points that were given or taken by hand'),
})

const viewOf = ({ points: there, expiring, owed, unseen }: PointsBalance) => ({
  points: there.toString(),
  expiring: expiring && { points: expiring.points.toString(), on: expiring.expiresOn },
  owed: owed.toString(),
  unseen,
})

const viewOfLine = ({ id, at, reason, subject, adjustment, ...one }: ExplainedLine) => ({
  ...{ id, reason, subject, adjustment, at: iso(at), title: reasonTitles[reason] },
  ...{ points: one.points.toString(), balance: one.balance.toString() },
})

const params = z.object({ id: z.uuid() })

export function walletPointsRoutes(app: FastifyInstance, desk: PointsDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.get(
    '/operator/wallets/:id/points',
    {
      config: reads,
      schema: {
        ...described('The points of a wallet, and what ends first'),
        params,
        response: { 200: balanceView },
      },
    },
    async ({ params: { id: walletId } }) => {
      await walletNeeded(desk, walletId)
      return viewOf(await pointsOf(desk.db, desk.time, { walletId, now: desk.clock.now() }))
    },
  )
  routes.get(
    '/operator/wallets/:id/points/lines',
    {
      config: reads,
      schema: {
        ...described('How the points of a wallet came and went, the newest first'),
        params,
        querystring: z.strictObject({
          before: z
            .string()
            .regex(/^\d{1,18}$/, 'must be `next` of the page before')
            .optional(),
          limit: page.limit,
        }),
        response: { 200: pageOfView(lineView) },
      },
    },
    async ({ params: { id: walletId }, query: { before, limit } }) => {
      await walletNeeded(desk, walletId)
      const from = before === undefined ? null : BigInt(before)
      const found = await explainedLines(desk.db, walletId, { before: from, limit: limit + 1 })
      const lines = found.slice(0, limit)
      const next = found.length > limit ? (lines.at(-1)?.no.toString() ?? null) : null
      return { items: lines.map(viewOfLine), next }
    },
  )
}

/** One that was closed has a history too. */
async function walletNeeded({ wallet }: PointsDesk, id: string): Promise<void> {
  if (!(await wallet.account(id))) throw refused('wallet_not_found')
}

const adjustmentView = z.object({
  id: z.string(),
  walletId: z.string(),
  points: z.string(),
  reason: z.string(),
  askedBy: z.string(),
  agreedBy: z.string(),
})

export function adjustmentRoutes(app: FastifyInstance, desk: BankActDesk): void {
  app.withTypeProvider<ZodTypeProvider>().put(
    '/operator/wallets/:id/points-adjustments/:key',
    {
      config: asks,
      schema: {
        ...described(
          'Give or take points. Whoever is signed in asks; a supervisor, who is somebody else, agrees with a fresh code of his own authenticator',
        ),
        params: z.object({ id: z.uuid(), key: z.uuid().describe('The same on every retry') }),
        body: supervisor.extend({
          points: z
            .string()
            .regex(/^-?[1-9]\d{0,6}$/, 'must be a whole number in a string, not zero')
            .describe(`Below zero they are taken; at most ${adjustmentMax} at once`),
          reason: line(200),
        }),
        response: { 200: adjustmentView },
      },
    },
    async (request) => {
      const { points, reason, ...second } = request.body
      const { login: agreedBy } = await proven(desk, second)
      const given = {
        ...{ id: request.params.key, walletId: request.params.id, points: BigInt(points), reason },
        ...{ askedBy: personOf(request).login, agreedBy },
      }
      const done = await change(
        desk,
        request,
        (tx, now) => adjustPoints(tx, desk, given, now),
        ({ id, walletId, points: moved, askedBy, agreedBy, reason: why }) => ({
          ...{ action: 'points.adjust', subject: `wallet:${walletId}`, before: null },
          after: { id, points: String(moved), reason: why, askedBy, agreedBy },
        }),
      )
      return { ...done, points: done.points.toString() }
    },
  )
}
