/**
 * What tills, payers of bills and those who repay credit cards were told, beside our rows and beside the books of
 * billers and banks, which nothing of ours has written.
 */
import type { Reader } from '../../server/src/db/index.ts'
import { defaultPolicy } from '../../server/src/risk/index.ts'
import type { Book } from '../../simulators/src/biller/book.ts'
import type { BillerName } from './app-plan.ts'
import type { Ledgers } from './bank-books.ts'
import type { BankNetwork } from './bank-network.ts'
import { open, paid, type Row } from './both-books.ts'
import { cardDebt, debtBill, debtor } from './people.ts'
import type { Answer } from './process.ts'

/** Another part of the oracle: what is wrong now, and what is when nothing is on its way. */
export interface AppBooks extends Pick<Ledgers, 'acknowledged' | 'seen'> {
  /** A till was told of an order whose code it had read. */
  scanned(order: string, code: string, outcome: string): void
  looked(order: string, outcome: string): void
  /** A friend was told of a code that was read: what it came to is one request. */
  collected(
    reader: string,
    code: string,
    request: { readonly id: string; readonly state: string },
  ): void
  /** The owner of a code has typed the PIN for a friend's request. */
  agreed(requestId: string): void
  /** Of an order whose code is shown, however many read it, one payment is made. */
  takenOn(order: string): void
  /** Nobody took the order, whoever was asked. */
  refusedAtTill(order: string): void
  cancelled(order: string, answer: Answer): void
  check(payments: readonly Row[]): Promise<string[]>
  atTheEnd(payments: readonly Row[]): Promise<string[]>
  digest(): Promise<string[]>
}

interface Bill {
  readonly id: string
  readonly state: string
  readonly biller: BillerName
  readonly amount: bigint
}

const names: readonly BillerName[] = ['power', 'mobile']
const undecided = ['writing_off', 'write_off_unknown', 'refunding']

export function createAppBooks(options: {
  readonly reader: Reader
  readonly billers: Readonly<Record<BillerName, Book>>
  readonly bankNetwork: Pick<BankNetwork, 'banks'>
  readonly ledgers: Ledgers
}): AppBooks {
  const { reader, billers, ledgers } = options
  const bank = options.bankNetwork.banks[debtor.bank]
  const offences: string[] = []
  const ordersOf = new Map<string, Set<string>>()
  const last = new Map<string, string>()
  const read = new Set<string>()
  const agreed = new Set<string>()
  /** For good, and nothing may be taken for them; those cancelled may still be on their way back. */
  const [refused, cancelled] = [new Set<string>(), new Set<string>()]

  function look(order: string, outcome: string): void {
    const before = last.get(order)
    if (before === 'refused' && outcome === 'paid')
      offences.push(`order ${order} was told to be refused and then paid`)
    if (outcome === 'refused') refused.add(order)
    if (outcome === 'cancelled') cancelled.add(order)
    last.set(order, outcome)
  }

  function tillOffences(payments: readonly Row[], isEnd: boolean): string[] {
    const rows = new Map<string, Row[]>()
    for (const row of payments) {
      const order = `${row.merchant_id} ${row.merchant_order_id}`
      rows.set(order, [...(rows.get(order) ?? []), row])
    }
    const kept = (order: string) =>
      (rows.get(order) ?? []).filter(
        ({ state, amount, refunded }) => paid.includes(state) && refunded < amount,
      )
    const isOpen = (order: string) =>
      (rows.get(order) ?? []).some(({ state }) => open.includes(state))
    const told = [...refused].filter((order) => kept(order).length > 0 || isOpen(order))
    const back = [...cancelled].filter((order) => kept(order).length > 0 && isEnd)
    const unpaid = [...last].filter(
      ([order, outcome]) =>
        outcome === 'paid' && !(rows.get(order) ?? []).some(({ state }) => paid.includes(state)),
    )
    const twice = [...read].filter(
      (order) => (rows.get(order) ?? []).filter(({ state }) => paid.includes(state)).length > 1,
    )
    return [
      ...twice.map((order) => `order ${order} was paid by two who read its code`),
      ...told.map((order) => `order ${order} was told to be refused, and money was taken`),
      ...back.map((order) => `order ${order} was cancelled, and money was kept`),
      ...unpaid.map(([order]) => `order ${order} was told to be paid and is not`),
      ...[...ordersOf]
        .filter(([, orders]) => orders.size > 1)
        .map(([, orders]) => `one code paid ${[...orders].join(' and ')}`),
    ]
  }

  const bills = () =>
    reader.query<Bill>(
      `select id, state, biller, amount from biller_bill where key is not null order by id`,
    )

  function billOffences(all: readonly Bill[], isEnd: boolean): string[] {
    const ours = new Map(all.map((bill) => [bill.id, bill]))
    const there = new Map(
      names.flatMap((name) =>
        [...billers[name].payments.values()].map((one) => [one.paymentNo, { ...one, name }]),
      ),
    )
    const strange = [...there.values()]
      .filter(({ paymentNo, amount, name }) => {
        const bill = ours.get(paymentNo)
        return bill?.amount !== amount || bill.biller !== name
      })
      .map(({ paymentNo, amount, name }) => `${name} has ${amount} of ${paymentNo}: not ours`)
    const wrong = all.flatMap(({ id, state }) => {
      const one = there.get(id)
      const stands = one !== undefined && !one.isReversed
      const say = (what: string) => [`bill ${id} (${state}) ${what}`]
      if (state === 'written_off' && !stands) return say('is paid here and not at the biller')
      if (state === 'refunded' && stands) return say('is given back here and paid at the biller')
      return isEnd && undecided.includes(state) ? say('has no end') : []
    })
    return [...strange, ...wrong]
  }

  /** By the bank's own book, more than the bill was never paid to the card. */
  function debtOffences(): string[] {
    const balance = bank.card(debtor.pan)?.balance ?? 0n
    const repaid = balance + cardDebt
    return repaid > debtBill ? [`${repaid} was repaid of a bill of ${debtBill}`] : []
  }

  /** More than a code pays without the PIN, and nobody has typed it. */
  async function unasked(): Promise<string[]> {
    const rows = await reader.query<{ request: string }>(
      `select origin_id as request from wallet_transfer where origin = 'code' and amount > $1::int8`,
      [defaultPolicy.walletPinFreeLimit],
    )
    return rows.flatMap(({ request }) =>
      agreed.has(request) ? [] : [`request ${request} was paid without the PIN`],
    )
  }

  const payables = () =>
    reader.query<{ fen: bigint }>(
      `select coalesce(sum(credits_posted - debits_posted), 0)::int8 as fen from account
       where name = 'bank-clearing:treasury'`,
    )
  /** Each payment that stands at a biller was paid over to it, and nothing else was. */
  function paidOver([ours]: readonly { readonly fen: bigint }[]): string[] {
    const theirs = names
      .flatMap((name) => [...billers[name].payments.values()])
      .reduce((sum, { amount, isReversed }) => (isReversed ? sum : sum + amount), 0n)
    return ours?.fen === theirs ? [] : [`billers were paid over ${ours?.fen} of ${theirs}`]
  }

  async function check(payments: readonly Row[], isEnd = false): Promise<string[]> {
    const [all, asked] = await Promise.all([bills(), unasked()])
    return [
      ...offences,
      ...tillOffences(payments, isEnd),
      ...billOffences(all, isEnd),
      ...asked,
      ...debtOffences(),
    ]
  }

  return {
    acknowledged: ledgers.acknowledged,
    seen: ledgers.seen,
    scanned(order, code, outcome) {
      ordersOf.set(code, (ordersOf.get(code) ?? new Set()).add(order))
      look(order, outcome)
    },
    looked: look,
    collected(reader, code, { id, state }) {
      ordersOf.set(code, (ordersOf.get(code) ?? new Set()).add(reader))
      ledgers.acknowledged(reader, id)
      ledgers.seen(id, state)
    },
    agreed: (requestId) => void agreed.add(requestId),
    takenOn: (order) => void read.add(order),
    refusedAtTill: (order) => void refused.add(order),
    cancelled(order, { status, body }) {
      if (status !== 200) return
      cancelled.add(order)
      last.set(order, String(body.outcome))
    },
    check: (payments) => check(payments),
    digest: async () => [...last].map(([order, outcome]) => `${order} ${outcome}`),
    async atTheEnd(payments) {
      const rest = await Promise.all(
        leftovers.map((text) => reader.query<{ example: string }>(text)),
      )
      const repaid = (bank.card(debtor.pan)?.balance ?? 0n) + cardDebt
      const [ours] = await reader.query<{ fen: bigint }>(
        `select coalesce(sum(amount), 0)::int8 as fen from wallet_movement
         where kind = 'repayment' and state = 'paid'`,
      )
      return [
        ...(await check(payments, true)),
        ...rest.flat().map(({ example }) => example),
        ...paidOver(await payables()),
        ...(ours?.fen === repaid ? [] : [`${repaid} was repaid, and by us ${ours?.fen}`]),
      ]
    },
  }
}

const leftovers = [
  `select format('scan %s of merchant %s was never placed and not cancelled', id, merchant_id) as example
   from scan s where cancelled_at is null and not exists (select from payment p where p.id = s.payment_id)`,
  `select format('a biller differs: %s of %s', kind, bill_id) as example from biller_difference
   where resolution is null`,
]
