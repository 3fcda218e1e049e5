/** The history of one's own account, from the ledger, newest first: the same lines as transactions and as entries. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { type Msisdn, masked } from '../../kernel/index.ts'
import { type Reason, reasonTitles } from '../../ledger/index.ts'
import type { Line } from '../../wallet-statement/index.ts'
import { fields } from '../http/index.ts'
import { amountText } from './amount.ts'
import type { MobileMoneyDependencies } from './dependencies.ts'
import { fault } from './errors.ts'
import type { Party } from './identifiers.ts'
import { accountForms, accountIn, counted, described } from './operation.ts'
import { ownAccount } from './parties.ts'
import { linesQuery, read, readList, reference } from './schemas.ts'
import { callerOf, type OperationConfig } from './scope.ts'

const scope = 'mobile-money:accounts:read'
/** As much as one page of statements holds. */
const pageMax = 200

export function statementRoutes(app: FastifyInstance, deps: MobileMoneyDependencies): void {
  const { statements, wallet } = deps
  const config: OperationConfig = { scope }
  const typed = app.withTypeProvider<ZodTypeProvider>()

  const views = { transactions: transactionOf, statemententries: entryOf } as const
  const ids = { transactions: 'TransactionsGET', statemententries: 'StatemententriesGET' } as const
  for (const name of ['transactions', 'statemententries'] as const)
    for (const [form, path] of accountForms(`/${name}`))
      typed.get(
        path,
        {
          config,
          schema: {
            ...described('accounts', `accounts${form}${ids[name]}`, {
              summary: 'View what changed the balance; of the token’s owner',
              scope,
            }),
            querystring: linesQuery,
            response: readList,
          },
        },
        async (request, reply) => {
          const own = await ownAccount(deps, callerOf(request), accountIn(request))
          const lines = await page(own.walletId, request.query)
          return counted(
            reply,
            lines.map((line) => views[name](line, own.msisdn)),
          )
        },
      )

  typed.get(
    '/statemententries/:reference',
    {
      config,
      schema: {
        ...described('accounts', 'statemententriesTransactionReferenceGET', {
          summary: 'View one entry; of the token’s owner',
          scope,
        }),
        params: reference,
        response: read,
      },
    },
    async (request) => entryOf(await lineIn(request, request.params.reference), ownerIn(request)),
  )

  async function page(walletId: string | null, query: z.infer<typeof linesQuery>): Promise<Line[]> {
    const { limit, offset, fromDateTime, toDateTime, transactionType, transactionStatus } = query
    // What is in the ledger is completed.
    const nothing = transactionStatus !== undefined && transactionStatus !== 'completed'
    if (walletId === null || nothing) return []
    const filter = {
      walletId,
      ...(fromDateTime !== undefined && { from: Date.parse(fromDateTime) }),
      ...(toDateTime !== undefined && { to: Date.parse(toDateTime) + 1 }),
      ...(transactionType !== undefined && { kinds: kindsOf(transactionType) }),
    }
    const found: Line[] = []
    while (found.length < offset + limit) {
      const rest = Math.min(pageMax, offset + limit - found.length)
      const before = found.at(-1)?.no
      const more = { ...filter, limit: rest, ...(before !== undefined && { before }) }
      const lines = await statements.lines(more)
      found.push(...lines)
      if (lines.length < rest) break
    }
    if (offset > 0 && offset >= found.length) throw fault('offset', { field: 'offset' })
    return found.slice(offset)
  }

  async function lineIn(request: FastifyRequest, id: string): Promise<Line> {
    const own = await wallet.balance(ownerIn(request))
    const line = own && (await statements.line(own.account.id, id))
    if (!line) throw fault('identifier')
    return line
  }
}

function ownerIn(request: FastifyRequest): Msisdn {
  const { msisdn } = callerOf(request)
  if (msisdn === undefined) throw fault('requestingParty')
  return msisdn
}

const types: Partial<Readonly<Record<Reason, string>>> = {
  payment: 'merchantpay',
  refund: 'reversal',
  top_up: 'deposit',
  cash_in: 'deposit',
  cash_out: 'withdrawal',
  withdrawal: 'withdrawal',
  withdrawal_return: 'reversal',
  transfer: 'transfer',
  transfer_hold: 'transfer',
  transfer_back: 'reversal',
  transfer_unclaimed: 'transfer',
  transfer_return: 'reversal',
  bill: 'billpay',
  bill_return: 'reversal',
  red_packet: 'transfer',
  red_packet_part: 'transfer',
  red_packet_return: 'reversal',
}
/** Whatever has no type of its own, such as a fee. */
const typeOf = (kind: Reason) => types[kind] ?? 'adjustment'
const kindsOf = (type: string) =>
  (Object.keys(reasonTitles) as readonly Reason[]).filter((kind) => typeOf(kind) === type)

function partiesOf({ way, counterparty }: Line, owner: Msisdn) {
  const own: readonly Party[] = [{ key: 'msisdn', value: owner }]
  const other: readonly Party[] = [otherOf(counterparty)]
  return way === 'out'
    ? { debitParty: own, creditParty: other }
    : { debitParty: other, creditParty: own }
}

/** Numbers of others are masked, as in the owner's own statement. */
function otherOf(counterparty: Line['counterparty']): Party {
  switch (counterparty?.kind) {
    case 'number':
      return { key: 'msisdn', value: masked(counterparty.msisdn) }
    case 'merchant':
    case 'biller':
      return { key: 'serviceprovider', value: counterparty.name.en }
    case 'card':
      return { key: 'bankaccountno', value: `*${counterparty.last4}` }
    case 'till':
    case undefined:
      return { key: 'serviceprovider', value: 'telepurse' }
  }
}

const shared = (line: Line, owner: Msisdn) => ({
  transactionReference: line.id,
  transactionStatus: 'completed',
  ...{ amount: amountText(line.amount), currency: 'CNY', ...partiesOf(line, owner) },
  descriptionText: line.memo ?? reasonTitles[line.kind].en,
  ...(line.orderNo !== null && { transactionReceipt: line.orderNo }),
  ...{ creationDate: fields.iso(line.at), modificationDate: fields.iso(line.at) },
})

const transactionOf = (line: Line, owner: Msisdn) => ({
  ...{ type: typeOf(line.kind), ...shared(line, owner) },
})

const entryOf = (line: Line, owner: Msisdn) => ({
  ...shared(line, owner),
  ...{ displayType: typeOf(line.kind) },
})
