/**
 * Messages about the connection itself (08xx): who is there, under which keys, and how a day ended.
 * Sign-on holds for the institution, over all links, until it signs off or the bank dies.
 */
import { type Message, type MessageSpec, textOf, type Value } from '@telepurse/iso8583'
import { answerTo, type Signed } from './answer.ts'
import { type Calendar, dateAfter } from './calendar.ts'
import type { DayTotals, Sum } from './daily-file.ts'
import type { KeyRing } from './keys.ts'
import type { NetworkKind } from './request.ts'
import { approved } from './ruling.ts'

export interface Network {
  readonly isSignedOn: boolean
  answer(request: Message, kind: NetworkKind, refused: string | undefined): Signed
  refuse(request: Message, code: string): Signed
  /** The notice that the bank sends at its cut-over. */
  cutOverNotice(day: string): Signed
  echo(): Signed
  forget(): void
}

export function createNetwork(options: {
  readonly spec: MessageSpec
  readonly institution: string
  readonly platform: string
  readonly calendar: Calendar
  readonly ring: KeyRing
  readonly now: () => number
  readonly totals: (day: string) => DayTotals
}): Network {
  const { spec, calendar, ring, now, totals } = options
  let isSignedOn = false
  let stan = 0
  const notice = (mti: string, fields: Readonly<Record<number, Value>>): Signed => {
    stan = (stan % 999_999) + 1
    const own = {
      7: calendar.transmission(now()),
      11: String(stan).padStart(6, '0'),
      33: options.institution,
    }
    const header = headerOf(spec, { to: options.platform, from: options.institution })
    const mac = ring.keys(now())[0]?.mac
    return { message: { header, mti, fields: { ...own, ...fields } }, ...(mac && { mac }) }
  }

  function act(request: Message, kind: NetworkKind): Record<number, Value> {
    if (kind === 'sign_on') {
      if (!calendar.isOpen(now())) return { 39: '91' }
      isSignedOn = true
    }
    if (kind === 'sign_off') isSignedOn = false
    if (kind === 'key_exchange') {
      if (!isSignedOn) return { 39: '77' }
      return { 39: approved, 48: newKeys(spec, ring.renew(now())) }
    }
    if (kind === 'cut_over') {
      const today = calendar.businessDay(now())
      const day = dayAsked(textOf(request, 15), today)
      return day < today ? { 39: approved, ...totalFields(day, totals(day)) } : { 39: '09' }
    }
    return { 39: approved }
  }

  const answer = (request: Message, fields: Readonly<Record<number, Value>>): Signed => {
    // Signed with the newest key: after an exchange the new one, which proves that both have it.
    const mac = ring.keys(now())[0]?.mac
    return { message: answerTo(spec, request, fields), ...(mac && { mac }) }
  }

  return {
    get isSignedOn() {
      return isSignedOn
    },
    answer: (request, kind, refused) =>
      answer(request, refused === undefined ? act(request, kind) : { 39: refused }),
    refuse: (request, code) => answer(request, { 39: code }),
    cutOverNotice: (day) => notice('0820', { 70: '201', ...totalFields(day, totals(day)) }),
    echo: () => notice('0820', { 70: '301' }),
    forget() {
      isSignedOn = false
      ring.forget()
    },
  }
}

/** `NK` and the keys; as hexadecimal digits where field 48 is a text. */
const newKeys = (spec: MessageSpec, keys: Uint8Array): Value =>
  spec.fields[48]?.content === 'b'
    ? Buffer.concat([Buffer.from('NK'), keys])
    : `NK${Buffer.from(keys).toString('hex').toUpperCase()}`

/** The last date like MMDD that is not after today; the day before today where nothing is asked. */
function dayAsked(asked: string | undefined, today: string): string {
  if (asked === undefined) return dateAfter(today, -1)
  const inYear = `${today.slice(0, 4)}${asked}`
  return inYear <= today ? inYear : `${Number(today.slice(0, 4)) - 1}${asked}`
}

function totalFields(
  day: string,
  { credits, creditReversals, debits, debitReversals }: DayTotals,
): Record<number, Value> {
  const count = (sum: Sum) => String(sum.count).padStart(10, '0')
  const amount = (sum: Sum) => sum.amount.toString().padStart(16, '0')
  return {
    15: day.slice(4),
    74: count(credits),
    75: count(creditReversals),
    76: count(debits),
    77: count(debitReversals),
    86: amount(credits),
    87: amount(creditReversals),
    88: amount(debits),
    89: amount(debitReversals),
  }
}

/** The header of a message that answers nothing; specifications without addresses have none. */
function headerOf(
  spec: MessageSpec,
  { to, from }: { readonly to: string; readonly from: string },
): Record<string, Value> {
  const named: Readonly<Record<string, string>> = { destination: to, source: from }
  return Object.fromEntries(
    spec.header.flatMap(({ name }) => (named[name] === undefined ? [] : [[name, named[name]]])),
  )
}
