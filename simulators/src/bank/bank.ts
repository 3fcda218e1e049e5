/**
 * A bank in one process: accounts and cards, the card network's protocol over TCP or over links in the
 * process, a daily file of its own, and faults to order. Time and chance come from outside, so that a
 * day of it can be run again.
 */
import { type Message, unionPayHost } from '@telepurse/iso8583'
import { openJournal } from '../journal.ts'
import { seededRandom } from '../seeded-random.ts'
import type { Signed } from './answer.ts'
import { framed } from './answer.ts'
import { accountOf, applyEvent, clearing, complaintsAboutBook, createBook, vault } from './book.ts'
import { createCalendar } from './calendar.ts'
import { createCardOffice } from './card-office.ts'
import type { Bank, BankOptions, Later } from './contract.ts'
import { type FileFault, rowsOf, totalsOf, writeFile } from './daily-file.ts'
import { deliver, type Line } from './delivery.ts'
import { createDesk } from './desk.ts'
import { type BankEvent, bankEvents } from './event.ts'
import { createFaultPlan, type Fault } from './fault.ts'
import { createGate } from './gate.ts'
import { createKeyRing } from './keys.ts'
import { createNetwork } from './network.ts'
import { createOtpDesk } from './otp.ts'
import { createProver } from './proof.ts'
import {
  isManagement,
  type NetworkKind,
  networkKinds,
  type ReadRequest,
  readRequest,
} from './request.ts'
import { openSession } from './session.ts'

/** A bank with the state of its journal, not yet listening. Throws on a damaged journal. */
export function createBank(options: BankOptions): Bank {
  const { spec = unionPayHost, random = seededRandom(1), later = timers } = options
  const log = options.log ?? (() => {})
  const calendar = createCalendar(options)
  const plan = createFaultPlan(random)
  const now = () => options.now() + plan.clockOffMs()
  const businessDay = () => calendar.businessDay(now())
  const book = createBook()
  const apply = (event: BankEvent) => applyEvent(book, event, calendar.businessDay)
  const journal = options.journal ? openJournal(options.journal, bankEvents, apply) : undefined
  // Journal first: an event that could not be written has not happened.
  const record = (event: BankEvent) => {
    journal?.append(event)
    apply(event)
  }
  const prover = createProver(options.zoneMasterKey)
  const otps = createOtpDesk(random)
  const ring = createKeyRing({
    zoneMasterKey: options.zoneMasterKey,
    algorithm: options.mac ?? 'x9.9',
    randomOctets: (count) => Uint8Array.from({ length: count }, () => Math.floor(random() * 256)),
  })
  const totals = (day: string) => totalsOf(rowsOf(book, day))
  const network = createNetwork({ ...options, spec, calendar, ring, now, totals })
  const office = createCardOffice({
    ...{ book, prover, record, now, businessDay },
    bins: options.bins,
  })
  const desk = createDesk({
    ...{ pinRule: 'ours', cardsPerNumberMax: 5, feeRate: 20n },
    ...options,
    ...{ spec, book, record, now, calendar, ring, prover, otps },
    sendOtp(pan, mobile) {
      const otp = otps.send({ pan, mobile }, now())
      options.onOtp?.(otp)
    },
    isSignedOn: () => network.isSignedOn,
  })
  const pending = new Set<() => void>()
  const soon: Later = (ms, act) => {
    const cancel = later(ms, () => {
      pending.delete(cancel)
      act()
    })
    pending.add(cancel)
    return cancel
  }
  const lines = new Set<Line>()
  const gate = createGate((link) => {
    const line = openSession(link, {
      ...{ spec, log, onRequest },
      onClosed: (closed) => lines.delete(closed),
    })
    lines.add(line)
  })
  const die = () => {
    gate.cut()
    network.forget()
  }

  function onRequest(line: Line, octets: Uint8Array, message: Message) {
    const read = readRequest(message)
    const fault = strikingFault(read)
    deliver(
      {
        ...{ line, spec, die, echo: network.echo, later: soon },
        scramble: ring.scramble,
        work: () => answer(octets, message, read, fault),
      },
      fault,
    )
  }

  function strikingFault(read: ReadRequest): Fault | undefined {
    if (read.ok) return plan.take(read.request)
    return read.kind && plan.take({ kind: read.kind })
  }

  function answer(
    octets: Uint8Array,
    message: Message,
    read: ReadRequest,
    fault: Fault | undefined,
  ): Signed {
    const { kind, code } = fault ?? {}
    const forced = {
      ...(kind === 'refuses' && { refused: code ?? '05' }),
      ...(kind === 'accepts' && { accepted: code ?? 'A2' }),
    }
    if (!read.ok && isManagement(message)) return network.refuse(message, read.code)
    if (read.ok && isNetwork(read.request.kind))
      return network.answer(message, read.request.kind, forced.refused)
    const signed = desk.answer(octets, message, read, forced)
    if (fault?.kind === 'accepts' && fault.lateMs !== undefined && read.ok && 'key' in read.request)
      decideLater(read.request.key, fault.lateMs)
    return signed
  }

  function decideLater(key: string, lateMs: number) {
    soon(lateMs, () => void decide(key, 'done'))
  }

  function decide(key: string, outcome: 'done' | 'refused') {
    const credit = book.transactions.get(key)
    if (credit?.state !== 'accepted') return { ok: false, refusal: 'unknown_credit' } as const
    if (credit.decided) return { ok: false, refusal: 'credit_decided' } as const
    record({ type: 'decided', at: now(), key, day: businessDay(), outcome })
    return { ok: true, value: null } as const
  }

  let openDay = businessDay()
  function announceCutOver() {
    const today = businessDay()
    if (today !== openDay && network.isSignedOn) {
      const octets = framed(spec, network.cutOverNotice(openDay))
      for (const line of lines) line.write(octets)
    }
    openDay = today
    soon(calendar.untilCutOver(now()), announceCutOver)
  }

  const fileFaultOf = new Map<string, FileFault>()
  for (const card of options.cards ?? []) {
    const issued = office.issue(card)
    if (!issued.ok && issued.refusal !== 'card_exists')
      throw new Error(`a card of the simulator cannot be issued: ${issued.refusal}`)
  }
  soon(calendar.untilCutOver(now()), announceCutOver)
  return {
    ...office,
    code: options.code,
    listen: ({ host = '127.0.0.1', port = 0 } = {}) => gate.listen({ host, port }),
    connect: gate.connect,
    async close() {
      for (const cancel of pending) cancel()
      pending.clear()
      await gate.shut()
      journal?.close()
    },
    otp: otps.last,
    transactions: () => [...book.transactions.values()],
    undecided: () =>
      [...book.transactions.values()].filter(
        ({ state, decided }) => state === 'accepted' && !decided,
      ),
    decide,
    businessDay,
    dailyFile(day) {
      if (day >= businessDay()) return { ok: false, refusal: 'day_not_closed' }
      const about = { bank: options.code, day }
      return { ok: true, value: writeFile(about, rowsOf(book, day), fileFaultOf.get(day)) }
    },
    distortFile(day, fault) {
      if (fault === undefined) fileFaultOf.delete(day)
      else fileFaultOf.set(day, fault)
    },
    totals,
    complaints: () => complaintsAboutBook(book),
    ownBalances: () => ({
      clearing: accountOf(book, clearing).balance,
      vault: accountOf(book, vault).balance,
    }),
    async addFault(fault) {
      plan.add(fault)
      if (fault.kind === 'away') await gate.shut()
    },
    async clearFaults() {
      plan.clear()
      await gate.reopen()
    },
    faults: plan.list,
    state: () => ({ links: gate.links(), signedOn: network.isSignedOn }),
  }
}

const isNetwork = (kind: string): kind is NetworkKind => networkKinds.some((one) => one === kind)

/** Timers of the process, which do not keep it alive. */
const timers: Later = (ms, act) => {
  const timer = setTimeout(act, ms)
  timer.unref()
  return () => clearTimeout(timer)
}
