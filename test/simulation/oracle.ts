/**
 * What must be true, kept apart from the deployment: what it acknowledged, what it told customers,
 * what they said, and what the carrier's own books hold. Compared with the rows of the database, which
 * are the only thing the oracle reads of the deployment.
 */
import type { Reader } from '../../server/src/db/index.ts'
import { defaultPolicy } from '../../server/src/risk/index.ts'
import type { Billing } from '../../simulators/src/boss/billing.ts'
import { offencesIn } from '../books.ts'
import type { Ledgers } from './bank-books.ts'
import {
  notCharged,
  open,
  overLimits,
  paid,
  paymentRows,
  type Row,
  totalsOffences,
} from './both-books.ts'
import { hashOf } from './dice.ts'
import type { Delivered } from './message-centre.ts'
import type { Answer } from './process.ts'

/** What follows from the close of a day that has just ended. */
const closingMs = 3 * 3_600_000

export interface Oracle {
  /** A text that is an order left this handset. */
  ordered(msisdn: string): void
  /** `isYes`: it was the PIN. */
  said(from: string, to: string, words: string, isYes?: boolean): void
  /** The customer agreed to this payment by another way than a text. */
  typed(msisdn: string, paymentId: string): void
  told(text: Delivered): void
  /** An order number stands for one payment, whatever comes after. */
  placed(name: string, paymentId: string): void
  answered(orderId: string, answer: Answer): void
  refundAnswered(refundId: string, answer: Answer): void
  expect(isTrue: boolean, otherwise: string): void
  /** What is wrong at this instant, in words. */
  check(except: readonly string[]): Promise<string[]>
  /** The above, and that nothing is left open. */
  atTheEnd(except: readonly string[], now: number): Promise<string[]>
  /** All that payments came to, as text. */
  digest(): Promise<string[]>
  counts(): Promise<{ readonly payments: number; readonly paid: number; readonly refunds: number }>
}

export function createOracle(options: {
  readonly reader: Reader
  readonly billing: Billing
  /** Those of banks, tills and billers, where there are any. */
  readonly ledgers: readonly (Pick<Ledgers, 'check' | 'atTheEnd' | 'digest'> | undefined)[]
}): Oracle {
  const { reader, billing } = options
  const ledgers = options.ledgers.filter((one) => one !== undefined)
  const offences: string[] = []
  const orders = new Map<string, number>()
  const yeses = new Set<string>()
  const agreed = new Set<string>()
  const placed = new Map<string, string>()
  const refunds = new Map<string, { readonly id: string; state: string }>()
  const toldPaid = new Set<string>()
  const toldUnpaid = new Set<string>()
  const expect = (isTrue: boolean, otherwise: string) => {
    if (!isTrue) offences.push(otherwise)
  }
  const place = (name: string, id: string) => {
    const before = placed.get(name)
    expect(before === undefined || before === id, `${name} stands for ${before} and for ${id}`)
    placed.set(name, id)
  }
  const readable = readerWithNames(reader)
  const rows = () => paymentRows(readable)

  function compare(all: readonly Row[]): string[] {
    const charges = new Map(billing.charges().map((charge) => [charge.chargeId, charge]))
    const found: string[] = []
    const say = (row: Row, what: string) => found.push(`payment ${row.id} (${row.state}) ${what}`)
    const byId = new Map(all.map((row) => [row.id, row]))
    for (const row of all) {
      const charge = row.charge_id === null ? undefined : charges.get(row.charge_id)
      const isCharged = charge?.status === 'committed'
      if (charge) charges.delete(charge.chargeId)
      const isBilled = row.source === 'phone_bill'
      if (paid.includes(row.state)) {
        if (isBilled && !isCharged)
          say(row, `is paid here and ${charge?.status ?? 'unknown'} at the carrier`)
        if (charge && charge.amount !== row.amount)
          say(row, `costs ${row.amount} here and ${charge.amount} at the carrier`)
        const returned = charge?.refunded ?? 0n
        if (isBilled && (returned < row.refunded || returned > row.refunded + row.refunding))
          say(row, `returned ${row.refunded} (${row.refunding} open), at the carrier ${returned}`)
        if (!isAgreed(row)) say(row, 'was charged and nobody agreed to it')
        if (toldUnpaid.has(row.order_no)) say(row, 'was told to be unpaid')
      }
      if (notCharged.includes(row.state)) {
        if (isCharged && !row.being_undone) say(row, 'is charged at the carrier all the same')
        if (toldPaid.has(row.order_no)) say(row, 'was told to be paid')
      }
      if (open.includes(row.state) && toldUnpaid.has(row.order_no))
        say(row, 'is open and was told to be unpaid')
    }
    for (const { chargeId, status } of charges.values())
      if (status === 'committed') found.push(`the carrier has ${chargeId}, which is nobody's`)
    for (const [name, id] of placed) {
      const row = byId.get(id)
      if (!row) found.push(`${name} was acknowledged as ${id}, which is gone`)
    }
    return [...found, ...doubled(all), ...overLimits(all, billing)]
  }

  const isAgreed = (row: Row) =>
    agreed.has(row.id) ||
    (row.channel === 'api' && row.consent === 'token') ||
    // On the owner's own device the order is the yes.
    row.consent === 'device' ||
    yeses.has(`${row.msisdn}|${row.sender}`)

  function doubled(all: readonly Row[]): string[] {
    const texts = new Map<string, number>()
    const numbers = new Map<string, number>()
    const count = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1)
    for (const row of all) {
      if (row.channel === 'sms') count(texts, row.msisdn)
      if (row.merchant_order_id !== null && row.channel === 'api')
        count(numbers, `${row.merchant_id} ${row.merchant_order_id}`)
    }
    return [
      ...[...texts]
        .filter(([number, made]) => made > (orders.get(number) ?? 0))
        .map(
          ([number, made]) => `${made} purchases of ${orders.get(number) ?? 0} texts by ${number}`,
        ),
      ...[...numbers]
        .filter(([, made]) => made > 1)
        .map(([name, made]) => `${made} payments of one order ${name}`),
    ]
  }

  async function refundOffences(): Promise<string[]> {
    const all = await readable.query<{ id: string; state: string }>('select id, state from refund')
    const states = new Map(all.map(({ id, state }) => [id, state]))
    return [...refunds].flatMap(([name, told]) => {
      const state = states.get(told.id)
      if (state === undefined) return [`refund ${name} was acknowledged and is gone`]
      const isFinal = told.state === 'succeeded' || told.state === 'denied'
      return isFinal && state !== told.state
        ? [`refund ${name} was ${told.state}, is ${state}`]
        : []
    })
  }

  async function check(except: readonly string[]): Promise<string[]> {
    const all = await rows()
    const found = [
      ...offences,
      ...compare(all),
      ...(await Promise.all(ledgers.map((one) => one.check(all)))).flat(),
      ...(await refundOffences()),
      ...(await overCounters()),
      ...(await offencesIn(readable, except)),
    ]
    return found
  }

  async function overCounters(): Promise<string[]> {
    const over = await readable.query<{ subject: string; period: string; used: bigint }>(
      `select subject, period, sum(used) as used from limit_counter where subject like 'number:%'
       group by 1, 2
       having sum(used) > case when period like 'D%' then ${defaultPolicy.dayLimit}
         else ${defaultPolicy.monthLimit} end`,
    )
    return over.map(({ subject, period, used }) => `${subject} used ${used} in ${period}`)
  }

  return {
    ordered: (msisdn) => void orders.set(msisdn, (orders.get(msisdn) ?? 0) + 1),
    said(from, to, words, isYes = false) {
      if (isYes || /^\s*(?:y|yes|ok|是|Ｙ|1|确认)/i.test(words)) yeses.add(`${from}|${to}`)
    },
    typed: (_msisdn, paymentId) => void agreed.add(paymentId),
    told({ text }) {
      const number = /(?:单号|[Nn]o\. ?)(\d+)/.exec(text)?.[1]
      if (number === undefined) return
      if (/^(?:已付|Paid)/.test(text)) toldPaid.add(number)
      if (/^(?:未支付|Not paid)/.test(text)) toldUnpaid.add(number)
    },
    placed: place,
    answered(orderId, { status, body }) {
      if (status === 200 || status === 201) place(orderId, String(body.id))
    },
    refundAnswered(refundId, { status, body }) {
      if (status !== 201) return
      const before = refunds.get(refundId)
      expect(before === undefined || before.id === body.id, `refund ${refundId} has two ids`)
      refunds.set(refundId, { id: String(body.id), state: String(body.state) })
    },
    expect,
    check,
    async atTheEnd(except, now) {
      const all = await rows()
      const left = [...open, 'delivering', 'delivery_unknown']
      const unfinished = all
        .filter(({ state }) => left.includes(state))
        .map(({ id, state }) => `payment ${id} is still ${state}`)
      const queries = [
        `select format('job %s of %s is left', topic, subject) as example from job
           where topic not in ('settlement.close', 'bank.file', 'biller.day', 'bank_card.bill_ask')
             and not (topic = 'settlement.charging' and first_due_at > ${now - closingMs})`,
        `select format('refund %s is still %s', id, state) as example from refund
           where state in ('processing', 'unknown')`,
        `select format('%s holds %s and %s', name, debits_pending, credits_pending) as example
           from account where debits_pending <> 0 or credits_pending <> 0`,
        `select format('%s holds something', name) as example from account
           where name like '%suspense%' and debits_posted <> credits_posted`,
        `select format('delivery of %s is still pending', event_id) as example
           from webhook_delivery where state = 'pending'`,
      ]
      const rest = await Promise.all(
        queries.map((text) => readable.query<{ example: string }>(text)),
      )
      return [
        ...(await check(except)),
        ...unfinished,
        ...rest.flat().map(({ example }) => example),
        ...totalsOffences(all, billing),
        ...(await Promise.all(ledgers.map((one) => one.atTheEnd(all)))).flat(),
      ]
    },
    digest: async () => [
      ...(await rows()).map((row) =>
        [row.id, row.order_no, row.state, row.charge_id, row.amount, row.refunded].join(' '),
      ),
      ...(await Promise.all(ledgers.map((one) => one.digest()))).flat(),
    ],
    async counts() {
      const all = await rows()
      const [row] = await readable.query<{ refunds: bigint }>(
        `select count(*) as refunds from refund where state = 'succeeded'`,
      )
      const isPaid = ({ state }: Row) => paid.includes(state)
      return {
        payments: all.length,
        paid: all.filter(isPaid).length,
        refunds: Number(row?.refunds ?? 0),
      }
    },
  }
}

/** Checks are asked over and over: under a name the database plans them once. */
const readerWithNames = (reader: Reader): Reader => ({
  query: (statement, values) =>
    reader.query(
      typeof statement === 'string' ? { name: nameOf(statement), text: statement } : statement,
      values,
    ),
})

const nameOf = (statement: string) => `oracle.${hashOf(statement)}.${statement.length}`
