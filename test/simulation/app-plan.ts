/**
 * What people do with the app in their hand, as data: they sign in, show codes to tills, pay bills of others and
 * of credit cards; and what befalls billers. Added behind the rest of a day, from dice of its own.
 */
import type { BillerFault } from '@telepurse/simulators'
import type { Dice } from './dice.ts'
import { holders } from './people.ts'

export type AppAct =
  | { readonly kind: 'sign_in'; readonly isWrongFirst: boolean; readonly copies: number }
  /** A code is shown; one till or two of different merchants read it. */
  | {
      readonly kind: 'scan'
      readonly merchantId: '6021' | '6022'
      readonly amount: number
      readonly isReadTwice: boolean
      readonly answer: 'yes' | 'no' | 'none'
      readonly end: 'wait' | 'cancel_at_once' | 'cancel_later'
      readonly copies: number
    }
  /** `isPaidTwice`: with another key at the same time, as another device does it. */
  | {
      readonly kind: 'bill'
      readonly biller: BillerName
      readonly account: number
      readonly amount: number
      readonly isPaidTwice: boolean
      readonly copies: number
    }
  /** The code of a merchant's order, read by one or by two, of whom one pays. */
  | {
      readonly kind: 'take_on'
      readonly amount: number
      readonly isReadTwice: boolean
      readonly copies: number
    }
  /** A friend reads a code; a second one, or a till, may read the same at once. */
  | {
      readonly kind: 'collect'
      readonly amount: number
      readonly also: 'nobody' | 'friend' | 'till'
      readonly answer: 'yes' | 'no' | 'none'
      readonly isWithdrawn: boolean
      readonly copies: number
    }
  /** By whoever has the credit card; what is due and no more, whatever is asked for. */
  | { readonly kind: 'repayment'; readonly amount: number; readonly copies: number }
  | { readonly kind: 'auto_repayment'; readonly amount: 'full' | 'minimum' | null }

export type BillerName = 'power' | 'mobile'
export const accountsMax = 8

export type BillerMisfortune = {
  readonly kind: 'biller'
  readonly fault: BillerFault
  readonly lastMs: number
}

const minute = 60_000
const hour = 60 * minute
export const appKinds = [
  ...(['sign_in', 'scan', 'bill', 'repayment', 'auto_repayment', 'take_on'] as const),
  'collect',
] as const
export const isAppAct = <Kind extends { readonly kind: string }>(
  item: Kind,
): item is Extract<Kind, AppAct> => (appKinds as readonly string[]).includes(item.kind)

export function appItems(
  dice: Dice,
  hours: number,
  { faults = true, isRough = false }: { readonly faults?: boolean; readonly isRough?: boolean },
) {
  const at = () => dice.between(0, hours * hour)
  const line = () => dice.between(0, holders.length - 1)
  const acts = Array.from({ length: hours }, () => ({ at: at(), line: line(), ...actOf(dice) }))
  const perHour = faults ? (isRough ? 0.8 : 0.3) : 0
  const misfortunes = Array.from({ length: hours * perHour }, () => ({
    ...{ at: at(), line: 0 },
    ...misfortuneOf(dice),
  }))
  return [...acts, ...misfortunes]
}

/** From dice of their own, so that the rest of a day stays what it was. */
export const takeOnItems = (dice: Dice, hours: number) =>
  Array.from({ length: hours * 0.4 }, () => ({
    ...{ at: dice.between(0, hours * hour), line: dice.between(0, holders.length - 1) },
    kind: 'take_on' as const,
    amount: dice.between(10, 60_00),
    isReadTwice: dice.chance(0.6),
    copies: dice.chance(0.4) ? dice.between(1, 4) : 0,
  }))

/** The same. */
export const collectItems = (dice: Dice, hours: number) =>
  Array.from({ length: hours * 0.5 }, () => ({
    ...{ at: dice.between(0, hours * hour), line: dice.between(0, holders.length - 1) },
    kind: 'collect' as const,
    amount: dice.chance(0.3) ? dice.between(200_01, 260_00) : dice.between(10, 60_00),
    also: dice.pick(['nobody', 'nobody', 'friend', 'till'] as const),
    answer: dice.pick(['yes', 'yes', 'no', 'none'] as const),
    isWithdrawn: dice.chance(0.2),
    copies: dice.chance(0.4) ? dice.between(1, 4) : 0,
  }))

function actOf(dice: Dice): AppAct {
  const roll = dice.next()
  const copies = dice.chance(0.4) ? dice.between(1, 4) : 0
  if (roll < 0.05) return { kind: 'sign_in', isWrongFirst: dice.chance(0.5), copies }
  if (roll < 0.5)
    return {
      ...{ kind: 'scan', merchantId: dice.pick(['6021', '6022'] as const), copies },
      amount: dice.chance(0.2) ? dice.between(200_01, 260_00) : dice.between(10, 60_00),
      isReadTwice: dice.chance(0.3),
      answer: dice.pick(['yes', 'yes', 'yes', 'no', 'none'] as const),
      end: dice.pick(['wait', 'wait', 'wait', 'cancel_at_once', 'cancel_later'] as const),
    }
  if (roll < 0.85)
    return {
      ...{ kind: 'bill', biller: dice.chance(0.5) ? 'power' : 'mobile', copies },
      account: dice.between(0, accountsMax - 1),
      amount: dice.between(1, 4) * 10_00,
      isPaidTwice: dice.chance(0.3),
    }
  if (roll < 0.95) return { kind: 'repayment', amount: dice.between(1, 90_00), copies }
  return { kind: 'auto_repayment', amount: dice.pick(['full', 'minimum', null] as const) }
}

/** A file that leaves out what was paid would be a lie, and nobody can help that. */
const faultKinds = [
  ...(['silent', 'lost_answer', 'lost_answer', 'answers_late', 'works_late'] as const),
  ...(['answers_twice', 'pays_and_drops_link', 'drops_link', 'http_500'] as const),
  ...(['foreign_answer', 'bad_signature', 'refuse', 'wrong_file', 'away'] as const),
]
const verbs = ['pay', 'pay', 'pay', 'query', 'reverse', 'file', 'inquire'] as const

function misfortuneOf(dice: Dice): BillerMisfortune {
  const kind = dice.pick(faultKinds)
  const isFile = kind === 'wrong_file'
  const fault: BillerFault = {
    ...{ kind, count: isFile ? 1 : dice.between(1, 4) },
    ...(!isFile && { verb: dice.pick(verbs), lateMs: dice.between(5, 900) * 1_000 }),
    ...(isFile && { fileFault: dice.pick(['extra_row', 'other_amount'] as const) }),
  }
  const lastMs = isFile ? 30 * hour : dice.between(1, 120) * minute
  return { kind: 'biller', fault, lastMs }
}
