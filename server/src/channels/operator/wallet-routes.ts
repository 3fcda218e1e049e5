/** Wallets, for the operator: what one is, which ways are shut, and its class. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { parseMsisdn } from '../../kernel/index.ts'
import { type Account, readPurses, type Wallet } from '../../wallet/index.ts'
import { fields } from '../http/index.ts'
import { changes, reads } from './access.ts'
import { change, type Desk } from './desk.ts'
import { described, iso, isoOrNull, line } from './fields.ts'
import { refused } from './problems.ts'

export type WalletDesk = Desk & {
  readonly wallet: Pick<
    Wallet,
    'account' | 'restrict' | 'movement' | 'unknownMovements' | 'resolvable' | 'resolve'
  >
}

const accountClass = z.enum(['I', 'II', 'III'])
const frozen = z
  .enum(['none', 'in', 'out', 'both'])
  .describe('Which ways are shut; what comes back to its owner comes in all the same')

const walletView = z.object({
  id: z.string(),
  msisdn: z.string(),
  class: accountClass,
  state: z.enum(['open', 'closing', 'closed']),
  frozen,
  openedAt: z.string(),
  closedAt: z.string().nullable(),
  releasedAt: z.string().nullable().describe('When it left its number, which was given up'),
})

const viewOf = (account: Account): z.infer<typeof walletView> => ({
  ...{ id: account.id, msisdn: account.msisdn, class: account.class, state: account.state },
  ...{ frozen: account.frozen, openedAt: iso(account.openedAt) },
  ...{ closedAt: isoOrNull(account.closedAt), releasedAt: isoOrNull(account.releasedAt) },
})

const params = z.object({ id: z.uuid() })
const reason = line(200).describe('For the log')

export function walletRoutes(app: FastifyInstance, desk: WalletDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.get(
    '/operator/wallets/:id',
    {
      config: reads,
      schema: { ...described('One wallet'), params, response: { 200: walletView } },
    },
    async (request) => {
      const account = await desk.wallet.account(request.params.id)
      if (!account) throw refused('wallet_not_found')
      return viewOf(account)
    },
  )
  routes.get(
    '/operator/subscribers/:msisdn/wallet',
    {
      config: reads,
      schema: {
        ...described('The wallet of a number'),
        params: z.object({ msisdn: z.string().max(20) }),
        response: { 200: walletView },
      },
    },
    async (request) => viewOf(await walletOf(desk, request.params.msisdn)),
  )
  routes.post(
    '/operator/wallets/find',
    {
      config: reads,
      schema: {
        ...described('The wallet of a number, which stands in no address'),
        body: z.strictObject({ msisdn: fields.number }),
        response: { 200: walletView },
      },
    },
    async (request) => viewOf(await walletOf(desk, request.body.msisdn)),
  )
}

async function walletOf({ db, wallet }: WalletDesk, typed: string): Promise<Account> {
  const msisdn = parseMsisdn(typed)
  if (!msisdn.ok) throw refused('number_not_mobile')
  const [purse] = await readPurses(db, { numbers: [msisdn.value] })
  const account = purse && (await wallet.account(purse.walletId))
  if (!account) throw refused('wallet_not_found')
  return account
}

export function walletChangeRoutes(app: FastifyInstance, desk: WalletDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.put(
    '/operator/wallets/:id/freeze',
    {
      config: changes,
      schema: {
        ...described('Freeze a wallet for money in, out or both, or thaw it'),
        params,
        body: z.strictObject({ frozen, reason }),
        response: { 200: walletView },
      },
    },
    async (request) => {
      const { frozen: ways, reason: why } = request.body
      const { after } = await change(
        desk,
        request,
        (tx) => desk.wallet.restrict(tx, { walletId: request.params.id, frozen: ways }),
        ({ before, after }) => ({
          action: 'wallet.freeze',
          subject: `wallet:${after.id}`,
          before: { frozen: before.frozen },
          after: { frozen: after.frozen, reason: why },
        }),
      )
      return viewOf(after)
    },
  )
  routes.put(
    '/operator/wallets/:id/class',
    {
      config: changes,
      schema: {
        ...described('Change the class of a wallet; II and III need a verified owner'),
        params,
        body: z.strictObject({ class: accountClass, reason }),
        response: { 200: walletView },
      },
    },
    async (request) => {
      const { class: wanted, reason: why } = request.body
      const { after } = await change(
        desk,
        request,
        (tx) => desk.wallet.restrict(tx, { walletId: request.params.id, class: wanted }),
        ({ before, after }) => ({
          action: 'wallet.class',
          subject: `wallet:${after.id}`,
          before: { class: before.class },
          after: { class: after.class, reason: why },
        }),
      )
      return viewOf(after)
    },
  )
}
