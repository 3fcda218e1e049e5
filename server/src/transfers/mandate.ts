/**
 * A payer's lasting consent (授权): so much at most in each day, week or month, to one payee.
 *
 *     active ──▶ ended        its last date has come, the payer ended it, or one of the two left
 *
 * With an amount and a first date it is a standing order (定期转账): it draws that amount by itself once each
 * period. Without, the payee asks for what is due (代扣). Neither ever takes more than the cap in a period; what
 * cannot be paid is told to the payer and skipped.
 */
import type { Amount, BusinessDate, BusinessTime, Msisdn } from '../kernel/index.ts'

export type MandateState = 'active' | 'ended'
export const nextOfMandate = { active: ['ended'] } as const

export type Every = 'once' | 'day' | 'week' | 'month'

export interface Mandate {
  readonly id: string
  /** Of the payer. */
  readonly bucket: number
  readonly walletId: string
  readonly msisdn: Msisdn
  readonly payee: Msisdn
  readonly payeeWalletId: string
  readonly every: Every
  readonly cap: Amount
  /** Of a standing order. */
  readonly amount: Amount | null
  readonly memo: string
  readonly startsOn: BusinessDate
  /** The last date; null until it is ended. */
  readonly endsOn: BusinessDate | null
  readonly key: string
  readonly state: MandateState
  /** Which period `used` is of. */
  readonly period: string
  readonly used: Amount
  /** How many times a standing order was due. */
  readonly rounds: number
  /** When it draws next, or ends. */
  readonly dueAt: number | null
  readonly madeAt: number
  readonly endedAt: number | null
}

/** A standing order draws in the morning, when people see what happens. */
const morningMs = 9 * 3_600_000

export const morningOf = (time: BusinessTime, date: BusinessDate): number =>
  time.startOf(date) + morningMs

/** The date of round `n`, counted from 0. A month without that day has its last one instead. */
export function roundDate(
  time: BusinessTime,
  { startsOn, every }: Pick<Mandate, 'startsOn' | 'every'>,
  n: number,
): BusinessDate {
  if (every === 'once') return startsOn
  if (every !== 'month') return time.nextDate(startsOn, every === 'day' ? n : 7 * n)
  const months = Number(startsOn.slice(0, 4)) * 12 + Number(startsOn.slice(5, 7)) - 1 + n
  const firstOf = (month: number) =>
    `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`
  const last = time.nextDate(firstOf(months + 1), -1)
  const wanted = `${firstOf(months).slice(0, 8)}${startsOn.slice(8)}`
  return wanted < last ? wanted : last
}

/** The name of the period that a date is in, counted from the first date. */
export function periodOf(
  time: BusinessTime,
  mandate: Pick<Mandate, 'startsOn' | 'every'>,
  date: BusinessDate,
): BusinessDate {
  if (mandate.every === 'once') return mandate.startsOn
  const days = (Date.parse(date) - Date.parse(mandate.startsOn)) / 86_400_000
  const perRound = { day: 1, week: 7, month: 31 }[mandate.every]
  // Never too far: no month has more days than that.
  let n = Math.max(0, Math.floor(days / perRound))
  while (roundDate(time, mandate, n + 1) <= date) n += 1
  return roundDate(time, mandate, n)
}
