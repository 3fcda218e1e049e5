/** The way to two billers and what is at its end: signed answers, books of their own, every misfortune they have. */
import type { BillerFault, BillerFaultKind } from '@telepurse/simulators'
import type { Dispatcher } from 'undici'
import { applyEvent, type Book, createBook } from '../../simulators/src/biller/book.ts'
import { type Answer, failure } from '../../simulators/src/biller/contract.ts'
import * as desk from '../../simulators/src/biller/desk.ts'
import type { BillerEvent } from '../../simulators/src/biller/event.ts'
import type { Verb } from '../../simulators/src/biller/fault.ts'
import { answerSignature } from '../../simulators/src/biller/signature.ts'
import { accountsMax, type BillerMisfortune, type BillerName } from './app-plan.ts'
import type { Dice } from './dice.ts'
import { type HttpAnswer, openHttpLine } from './http-line.ts'
import type { Life } from './storm.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface BillerNetwork {
  readonly books: Readonly<Record<BillerName, Book>>
  befall(misfortune: BillerMisfortune): void
  clear(): void
  dispatcherFor(life: Life): Dispatcher
}

export const billerSecret = 'a secret of the simulated billers'
export const accountNoOf = (biller: BillerName, account: number): string =>
  biller === 'power' ? `00000000${10 + account}` : `138001380${10 + account}`
const words = { zh: '江城', en: 'Jiangcheng' }
const settingsOf = (code: BillerName, kind: string, pattern: string) => ({
  ...{ code, kind, name: words, city: words, account: { ...words, pattern } },
  ...{ bank: 'treasury', url: `http://biller.example/${code}`, secret: billerSecret },
})
/** What the server is told of them. */
export const billerSettings = [
  settingsOf('power', 'power', '\\d{10}'),
  settingsOf('mobile', 'top_up', '1\\d{10}'),
]
const dueOf = (account: number) => 8_40n + BigInt(account) * 7_35n

interface Call {
  readonly verb: Verb
  readonly ids: Readonly<Record<string, string>>
  readonly work: () => Answer
  readonly send: (answer: Answer, secret?: string) => void
  readonly cut: () => void
}

export function createBillerNetwork(options: {
  readonly time: VirtualTime
  readonly dice: Dice
  readonly dateOf: (at: number) => string
  readonly struck: (kind: string) => void
  readonly note: (line: string) => void
}): BillerNetwork {
  const { time, struck, note, dateOf } = options
  const books = openBooks()
  let faults: { fault: BillerFault; left: number; until: number }[] = []
  const record = (event: BillerEvent) => applyEvent(books[event.biller as BillerName], event)
  const tools = { now: time.now, dateOf, record }

  function take(verb: Verb): BillerFault | undefined {
    const hit = faults.find(
      ({ fault, left, until }) =>
        left > 0 &&
        time.now() < until &&
        (fault.kind === 'wrong_file' ? verb === 'file' : (fault.verb ?? verb) === verb),
    )
    if (hit) hit.left -= 1
    return hit?.fault
  }

  function dispatch(
    life: Life,
    { path, body, headers }: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    const line = openHttpLine(options, life, handler)
    const [, name, kind = '', id = '', end] = path.split('/').map(decodeURIComponent)
    const book = books[name as BillerName]
    const fields = JSON.parse(String(body || '{}')) as Readonly<Record<string, string>>
    const verb = verbOf(kind, end, body)
    const fault = take(verb)
    if (fault) struck(`biller_${fault.kind}`)
    if (fault?.kind === 'away') {
      line.refuse()
      return true
    }
    line.begin()
    const requestId = String((headers as Record<string, string>)['request-id'])
    const call: Call = {
      verb,
      ids: kind === 'payments' ? { paymentNo: id } : { accountNo: fields.accountNo ?? '' },
      work() {
        const done = works[verb](book, tools, { id, fields, fault })
        note(`biller ${name} ${verb} ${id || fields.accountNo}: ${done.status}`)
        return done
      },
      send: (answer, secret = billerSecret) => line.send(written(answer, requestId, secret)),
      cut: line.cut,
    }
    time.after(options.dice.between(2, 60), () =>
      fault ? misfortunes[fault.kind](call, fault, time) : call.send(call.work()),
    )
    return true
  }

  return {
    books,
    befall: ({ fault, lastMs }) =>
      void faults.push({ fault, left: fault.count ?? 1, until: time.now() + lastMs }),
    clear() {
      faults = []
    },
    dispatcherFor: (life) =>
      ({
        dispatch: (given: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) =>
          dispatch(life, given, handler),
      }) as Dispatcher,
  }
}

function openBooks(): Record<BillerName, Book> {
  const accounts = Array.from({ length: accountsMax }, (_, n) => ({
    accountNo: accountNoOf('power', n),
    holder: '*晚',
    items: [{ period: '2026-08', amount: dueOf(n) }],
  }))
  return {
    power: createBook({ code: 'power', kind: 'power', secret: billerSecret, accounts }),
    mobile: createBook({ code: 'mobile', kind: 'top_up', secret: billerSecret }),
  }
}

function verbOf(kind: string, end: string | undefined, body: unknown): Verb {
  if (kind === 'inquiries') return 'inquire'
  if (kind === 'files') return 'file'
  return end === 'reverse' ? 'reverse' : body ? 'pay' : 'query'
}

interface Given {
  readonly id: string
  readonly fields: Readonly<Record<string, string>>
  readonly fault: BillerFault | undefined
}

const works: Readonly<Record<Verb, (book: Book, tools: desk.Tools, given: Given) => Answer>> = {
  inquire: (book, _tools, { fields }) => desk.inquire(book, fields.accountNo ?? ''),
  pay(book, tools, { id, fields }) {
    const { accountNo = '', billNo = '', amount = '0', notAfter = '' } = fields
    const request = { accountNo, billNo, amount: BigInt(amount), notAfter: Date.parse(notAfter) }
    return desk.pay(book, tools, id, request)
  },
  query: (book, _tools, { id }) => desk.query(book, id),
  reverse: (book, tools, { id }) => desk.reverse(book, tools, id),
  file: (book, tools, { id, fault }) => desk.file(book, tools, id, fault?.fileFault),
}

function written({ status, body }: Answer, requestId: string, secret: string): HttpAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const signature = answerSignature(secret, { status, requestId, body: text })
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json'
  return { status, text, headers: { 'content-type': type, 'request-id': requestId, signature } }
}

const foreign = { paymentNo: '00000000-0000-7000-8000-000000000000', accountNo: '0' }

const misfortunes: Readonly<
  Record<BillerFaultKind, (call: Call, fault: BillerFault, time: VirtualTime) => void>
> = {
  away: (call) => call.cut(),
  silent: () => undefined,
  lost_answer: (call) => void call.work(),
  answers_late(call, { lateMs = 10_000 }, time) {
    const done = call.work()
    time.after(lateMs, () => call.send(done))
  },
  works_late: (call, { lateMs = 10_000 }, time) =>
    void time.after(lateMs, () => call.send(call.work())),
  answers_twice(call) {
    const done = call.work()
    call.send(done)
    call.send(done)
  },
  pays_and_drops_link(call) {
    call.work()
    call.cut()
  },
  drops_link: (call) => call.cut(),
  http_500: (call) => call.send({ status: 500, body: { code: 'broken', ...call.ids } }),
  foreign_answer(call) {
    const { status, body } = call.work()
    call.send({ status, body: typeof body === 'string' ? body : { ...body, ...foreign } })
  },
  bad_signature: (call) => call.send(call.work(), `${billerSecret}?`),
  refuse: (call) => call.send(failure('batch_window', call.ids)),
  wrong_file: (call) => call.send(call.work()),
}
