/** Bills of others: who may be paid, what is due, paying it with the PIN, and what was paid. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Bill } from '../../billers/index.ts'
import {
  type Billed,
  billedBy,
  billProof,
  dueAt,
  mustBeSandboxBill,
  ownBill,
} from './bill-parties.ts'
import { billPaymentView, billView, companyView } from './bill-views.ts'
import type { MobileMoneyDependencies } from './dependencies.ts'
import { fault } from './errors.ts'
import type { Party } from './identifiers.ts'
import { madeOf } from './instruction-store.ts'
import type { Instructions } from './instructions.ts'
import { accountForms, accountIn, answerInstruction, counted, described } from './operation.ts'
import { ownAccount } from './parties.ts'
import { billPayment } from './present.ts'
import { sandboxBill } from './sandbox/bill.ts'
import { billBody, billsQuery, made, read, readList } from './schemas.ts'
import { callerOf, shownPin } from './scope.ts'

const tag = 'bills'
const reading = 'mobile-money:accounts:read'
const creating = 'mobile-money:transactions:create'
/** As much as one page of bills holds, and how many pages are read through for one answer. */
const pageMax = 200
const pagesMax = 20

type Query = z.infer<typeof billsQuery>

export function billRoutes(
  app: FastifyInstance,
  deps: MobileMoneyDependencies,
  instructions: Instructions,
): void {
  companyRoutes(app, deps)
  const { cipher, clock, db } = deps
  const tools = { cipher, clock, instructions }
  const typed = app.withTypeProvider<ZodTypeProvider>()

  for (const [form, path] of accountForms('/bills'))
    typed.get(
      path,
      {
        config: { scope: reading },
        schema: {
          ...described(tag, `accounts${form}BillsGET`, {
            summary: 'What is due at a biller; or the bills that the token’s owner has paid',
            scope: reading,
          }),
          querystring: billsQuery,
          response: readList,
        },
      },
      async (request, reply) => {
        const caller = callerOf(request)
        const billed = await billedBy(deps, caller, accountIn(request))
        if (caller.test) return counted(reply, [sandboxBill])
        const bills = await billsOf(billed, request.query)
        return counted(reply, bills.map(billView))
      },
    )

  async function billsOf(billed: Billed, query: Query): Promise<readonly Bill[]> {
    if (billed.accountNo === undefined) return paidBills(deps, billed, query)
    const bill = await dueAt(deps, billed)
    return bill === null ? [] : [bill]
  }

  for (const [name, path] of paymentPlaces) {
    typed.post(
      path,
      {
        config: { scope: creating, admission: 'order' },
        schema: {
          ...described(tag, `${name}POST`, {
            summary: 'Pay a bill; with the PIN of the token’s owner',
            scope: creating,
          }),
          body: billBody,
          response: made,
        },
      },
      async (request, reply) => {
        const { amountPaid: amount, ...said } = request.body
        const place = placeIn(request, said.customerReference)
        const prove = (name: string) =>
          billProof(deps, callerOf(request), { ...place, ...shownPin(request, name) })
        const body = { ...said, amount, ...place }
        return answerInstruction(request, reply, { kind: 'billpay', body, prove }, tools)
      },
    )
    typed.get(
      path,
      {
        config: { scope: reading },
        schema: {
          ...described(tag, `${name}GET`, {
            summary: 'View what the token’s owner has paid',
            scope: reading,
          }),
          querystring: billsQuery,
          response: readList,
        },
      },
      async (request, reply) => {
        const caller = callerOf(request)
        const place = placeIn(request)
        const billed = await billedBy(deps, caller, place.parties)
        if (caller.test) return counted(reply, await sandboxPayments(request, billed, place))
        if (place.billReference === undefined) {
          const bills = await paidBills(deps, billed, request.query)
          return counted(reply, bills.map(billPaymentView))
        }
        const bill = await ownBill(deps, billed.owner, place.billReference)
        return counted(reply, bill.paidAt === null ? [] : [billPaymentView(bill)])
      },
    )
  }

  async function sandboxPayments(request: FastifyRequest, billed: Billed, place: Place) {
    mustBeSandboxBill(place.billReference)
    const { clientId } = callerOf(request)
    const whose = { msisdn: billed.owner.msisdn, clientId, limit: pageMax }
    return (await madeOf(db, 'billpay', whose)).map(billPayment)
  }
}

const paymentPlaces = [
  ...accountForms('/bills/:billReference/payments').map(
    ([form, path]) => [`accounts${form}BillsBillReferencePayments`, path] as const,
  ),
  ...accountForms('/bills/payments').map(
    ([form, path]) => [`accounts${form}BillsBillPayments`, path] as const,
  ),
  ['billsBillReferencePayments', '/bills/:billReference/payments'] as const,
]

type Place = ReturnType<typeof placeIn>

/** One identifier does not name a customer of a biller: there the body may. */
function placeIn(request: FastifyRequest, customerReference?: string) {
  const { accountId, identifier, billReference } = request.params as Partial<
    Readonly<Record<string, string>>
  >
  const isNamed = accountId !== undefined || identifier !== undefined
  const parties: readonly Party[] = isNamed ? accountIn(request) : []
  const isOpen = billReference === undefined && !parties.some(({ key }) => key === 'consumerno')
  const consumer = isOpen && customerReference !== undefined
  return {
    parties: consumer ? [...parties, { key: 'consumerno', value: customerReference }] : parties,
    billReference,
  }
}

/** Newest first. Who has paid more bills than are read through says from when to when. */
async function paidBills(
  { billers }: Pick<MobileMoneyDependencies, 'billers'>,
  billed: Billed,
  query: Query,
): Promise<Bill[]> {
  const { limit, offset, fromDateTime, toDateTime } = query
  const { owner, biller, accountNo } = billed
  if (owner.walletId === null) return []
  const from = fromDateTime === undefined ? 0 : Date.parse(fromDateTime)
  const to = toDateTime === undefined ? Number.POSITIVE_INFINITY : Date.parse(toDateTime)
  const found: Bill[] = []
  let before: string | undefined
  for (let page = 0; page < pagesMax && found.length < offset + limit; page += 1) {
    const more = { limit: pageMax, ...(before !== undefined && { before }) }
    const bills = await billers.bills(owner.walletId, more)
    found.push(
      ...bills.filter(
        (bill) =>
          (biller ?? bill.biller) === bill.biller &&
          (accountNo ?? bill.accountNo) === bill.accountNo &&
          bill.inquiredAt >= from &&
          bill.inquiredAt <= to,
      ),
    )
    before = bills.at(-1)?.id
    if (bills.length < pageMax) break
  }
  if (offset > 0 && offset >= found.length) throw fault('offset', { field: 'offset' })
  return found.slice(offset, offset + limit)
}

function companyRoutes(app: FastifyInstance, deps: MobileMoneyDependencies): void {
  const { billers } = deps
  const typed = app.withTypeProvider<ZodTypeProvider>()
  const summary = 'Whose bills may be paid'
  typed.get(
    '/billcompanies',
    {
      config: { scope: null },
      schema: {
        ...described(tag, 'billCompaniesGET', { summary, scope: null }),
        response: readList,
      },
    },
    async (_, reply) => counted(reply, billers.list().map(companyView)),
  )
  typed.get(
    '/billcompanies/:serviceProvider',
    {
      config: { scope: null },
      schema: {
        ...described(tag, 'billCompaniesServiceProviderGET', { summary, scope: null }),
        params: z.object({ serviceProvider: z.string() }),
        response: read,
      },
    },
    async (request) => {
      const { serviceProvider } = request.params
      const facts = billers.list().find(({ code }) => code === serviceProvider)
      if (!facts) throw fault('identifier', { field: 'serviceProvider' })
      return companyView(facts)
    },
  )
  for (const [form, path] of accountForms('/billcompanies'))
    typed.get(
      path,
      {
        config: { scope: reading },
        schema: {
          ...described(tag, `accounts${form}BillCompaniesGET`, { summary, scope: reading }),
          response: readList,
        },
      },
      async (request, reply) => {
        await ownAccount(deps, callerOf(request), accountIn(request))
        return counted(reply, billers.list().map(companyView))
      },
    )
}
