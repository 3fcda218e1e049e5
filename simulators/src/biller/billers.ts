/**
 * Billers in one process: customers who owe, payments, their protocol on a port of its own, and faults to order.
 * Everything the platform must survive at a biller can be made to happen here.
 */
import { type Journal, openJournal } from '../journal.ts'
import { applyEvent, type Book, createBook } from './book.ts'
import type { BillItem, NewBiller, PaymentView } from './contract.ts'
import { type BillerEvent, billerEvents } from './event.ts'
import { createFaultPlan, type Fault } from './fault.ts'
import { createBillerServer } from './server.ts'

export interface BillersOptions {
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number
  /** IANA zone of their days. */
  readonly zone?: string
  /** File that keeps the state; without it nothing outlives the process. */
  readonly journal?: string
  readonly billers: readonly NewBiller[]
}

export interface AccountView {
  readonly accountNo: string
  readonly holder: string
  readonly items: readonly BillItem[]
}

export type Billers = ReturnType<typeof createBillers>

/** With the state of the journal, not yet listening. Throws on a damaged journal. */
export function createBillers({ now, zone = 'Asia/Shanghai', ...options }: BillersOptions) {
  const books = new Map(options.billers.map((biller) => [biller.code, createBook(biller)]))
  const apply = (event: BillerEvent) => {
    const book = books.get(event.biller)
    if (book) applyEvent(book, event)
  }
  const journal: Journal<BillerEvent> | undefined =
    options.journal === undefined ? undefined : openJournal(options.journal, billerEvents, apply)
  /** Journal first: an event that could not be written has not happened. */
  const record = (event: BillerEvent) => {
    journal?.append(event)
    apply(event)
  }
  const days = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' })
  const plan = createFaultPlan()
  const tools = { now, record, dateOf: (at: number) => days.format(at) }
  const server = createBillerServer({ books, tools, faults: plan })
  let address: { host: string; port: number } | undefined
  let listening = false
  // Opening and closing the port take time: each waits for the one before.
  let settled: Promise<unknown> = Promise.resolve()
  const inTurn = <Value>(task: () => Promise<Value>): Promise<Value> => {
    const result = settled.then(task)
    settled = result.catch(() => undefined)
    return result
  }
  const open = async () => {
    if (listening || !address) return
    address = { ...address, port: await server.open(address.host, address.port) }
    listening = true
  }
  const shut = async () => {
    if (listening) await server.close()
    listening = false
  }
  const bookOf = (code: string): Book | undefined => books.get(code)
  return {
    codes: () => [...books.keys()],
    accounts: (code: string): AccountView[] =>
      [...(bookOf(code)?.accounts.values() ?? [])].map(({ facts, items }) => ({
        ...{ accountNo: facts.accountNo, holder: facts.holder, items },
      })),
    payments: (code: string): PaymentView[] =>
      [...(bookOf(code)?.payments.values() ?? [])].map(({ isReversed, ...payment }) => ({
        paymentNo: payment.paymentNo,
        accountNo: payment.accountNo,
        amount: payment.amount,
        receiptNo: payment.receiptNo,
        date: payment.date,
        state: isReversed ? 'reversed' : 'written_off',
      })),
    /** One more part of a customer's bill; false when there is no such customer. */
    bill(code: string, accountNo: string, item: BillItem): boolean {
      if (!bookOf(code)?.accounts.has(accountNo)) return false
      record({ type: 'billed', at: now(), biller: code, accountNo, item })
      return true
    },
    /** Opens the port; 0 takes any free one. A biller is at `url`/`code`. */
    listen: ({ host = '127.0.0.1', port = 0 } = {}) =>
      inTurn(async () => {
        address = { host, port }
        await open()
        return { port: address.port, url: `http://${host}:${address.port}` }
      }),
    /** Adds a fault. `away` closes the port until the faults are cleared. */
    async addFault(fault: Fault): Promise<void> {
      plan.add(fault)
      if (fault.kind === 'away') await inTurn(shut)
    },
    /** Ends all faults; after `away` the same port opens again. */
    async clearFaults(): Promise<void> {
      plan.clear()
      await inTurn(open)
    },
    faults: () => plan.list(),
    /** Closes port and journal; nothing is answered after it. */
    close: () =>
      inTurn(async () => {
        await shut()
        address = undefined
        journal?.close()
      }),
  }
}
