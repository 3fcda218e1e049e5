/**
 * What an account is: its state and its holder's masked name for those who are about to pay it, counted by client, and
 * its balance for its owner alone.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { amountText } from './amount.ts'
import type { MobileMoneyDependencies } from './dependencies.ts'
import { fault } from './errors.ts'
import type { Found } from './identifiers.ts'
import { accountForms, accountIn, described } from './operation.ts'
import { foundBy, ownAccount } from './parties.ts'
import { read } from './schemas.ts'
import { callerOf, type OperationConfig } from './scope.ts'

const tag = 'accounts'
const scope = 'mobile-money:accounts:read'

/** Of every wallet of the sandbox. */
const sandboxBalance = 1_000_00n

export function accountRoutes(app: FastifyInstance, deps: MobileMoneyDependencies): void {
  const { wallet, transfers, looks } = deps
  const config: OperationConfig = { scope }
  const typed = app.withTypeProvider<ZodTypeProvider>()

  /** Somebody's account; names and states are not for collecting. */
  async function lookedAt(request: FastifyRequest): Promise<Found> {
    const caller = callerOf(request)
    if (looks.lockedMs(caller.clientId) > 0) throw fault('rateLimit')
    const found = await foundBy(deps, caller, accountIn(request))
    if (found.msisdn !== caller.msisdn) looks.wrong(caller.clientId)
    return found
  }

  async function statusOf(request: FastifyRequest) {
    const { msisdn } = await lookedAt(request)
    const caller = callerOf(request)
    if (caller.test) return { accountStatus: 'available' }
    const account = (await wallet.balance(msisdn))?.account
    if (!account) return { accountStatus: 'unregistered' }
    const isGood = account.state === 'open' && account.frozen === 'none'
    return {
      accountStatus: isGood ? 'available' : 'unavailable',
      ...(caller.msisdn === msisdn && { subStatus: subStatusOf(account) }),
    }
  }

  async function nameOf(request: FastifyRequest) {
    const { msisdn, walletId } = await lookedAt(request)
    if (callerOf(request).test) return { name: { fullName: '*三' } }
    const { maskedName } = await transfers.payee(msisdn)
    if (walletId === null) throw fault('identifier')
    return maskedName === null ? {} : { name: { fullName: maskedName } }
  }

  async function balanceOf(request: FastifyRequest, { msisdn }: Pick<Found, 'msisdn'>) {
    const isTest = callerOf(request).test
    const found = isTest ? undefined : await wallet.balance(msisdn)
    if (!isTest && !found) throw fault('identifier')
    const { available = sandboxBalance, inTransit = 0n } = found ?? {}
    return {
      accountStatus: (found?.account.state ?? 'open') === 'open' ? 'available' : 'unavailable',
      // What is on its way to a bank is not the owner's to spend, and not yet gone.
      currentBalance: amountText(available + inTransit),
      availableBalance: amountText(available),
      reservedBalance: amountText(inTransit),
      currency: 'CNY',
    }
  }

  const looked = {
    status: ['StatusGET', 'View account status', statusOf],
    accountname: ['AccountnameGET', 'View the masked name of the account holder', nameOf],
    balance: [
      'BalanceGET',
      'View the balance; of the token’s owner',
      async (request: FastifyRequest) =>
        balanceOf(request, await ownAccount(deps, callerOf(request), accountIn(request))),
    ],
  } as const
  for (const [name, [id, summary, handler]] of Object.entries(looked))
    for (const [form, path] of accountForms(`/${name}`))
      typed.get(
        path,
        {
          config,
          schema: {
            ...described(tag, `accounts${form}${id}`, { summary, scope }),
            response: read,
          },
        },
        async (request) => handler(request),
      )
  typed.get(
    '/accounts/balance',
    {
      config,
      schema: {
        ...described(tag, 'accountsBalanceGET', {
          summary: 'View the balance of the token’s owner',
          scope,
        }),
        response: read,
      },
    },
    async (request) => {
      const { msisdn } = callerOf(request)
      if (msisdn === undefined) throw fault('requestingParty')
      return balanceOf(request, { msisdn })
    },
  )
}

const subStatusOf = ({ state, frozen }: { readonly state: string; readonly frozen: string }) =>
  state === 'open' ? (frozen === 'none' ? 'open' : `frozen ${frozen}`) : state
