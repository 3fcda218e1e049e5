/**
 * What those do who have a wallet and a card, and what befalls their banks, as data. It is added to the day
 * of a seed behind everything else, from dice of its own, so that the rest of the day stays what it was.
 */
import type { BankFault as MessageFault } from '@telepurse/simulators'
import { type BankName, bankNames } from '../cards/banks.ts'
import type { Dice } from './dice.ts'
import { holders, people } from './people.ts'
import { isSharingAct, type SharingAct } from './sharing-plan.ts'

export type PinReply = 'right' | 'right_twice' | 'wrong_then_right' | 'no' | 'none'
export type Move = 'top_up' | 'withdrawal' | 'cash_in' | 'cash_out'

export type PurseAct =
  /** By text: goods with the card, a top-up, a withdrawal by tomorrow or at once. */
  | {
      readonly kind: 'card_text'
      readonly words: string
      readonly pin: PinReply
      readonly copies: number
    }
  /** In the app or at the counter, the same request several times at once. */
  | {
      readonly kind: 'movement'
      readonly move: Move
      readonly amount: number
      readonly isSameDay: boolean
      readonly copies: number
    }
  | { readonly kind: 'wallet_payment'; readonly amount: number; readonly copies: number }
  | {
      readonly kind: 'transfer'
      readonly to: number
      readonly amount: number
      readonly arrival: 'now' | '2h' | '24h'
      readonly isCancelled: boolean
      readonly copies: number
    }
  /** To the card of somebody who is no customer; `isMisnamed`: by a name that its bank does not have. */
  | {
      readonly kind: 'card_transfer'
      readonly bank: BankName
      readonly amount: number
      readonly isMisnamed: boolean
      readonly copies: number
    }
  /** A stranger tries PINs of somebody who does nothing else. */
  | { readonly kind: 'guess'; readonly tries: number }
  | SharingAct

export type FileTrouble = 'late' | 'missing_row' | 'extra_row' | 'other_amount' | 'wrong_hash'

export type BankTrouble =
  | { readonly is: 'message'; readonly fault: MessageFault }
  /** Its port is closed. */
  | { readonly is: 'away'; readonly lastMs: number }
  /** So are the files it gives meanwhile. */
  | { readonly is: 'file'; readonly file: FileTrouble; readonly lastMs: number }

export type BankMisfortune = {
  readonly kind: 'bank'
  readonly bank: BankName
  readonly trouble: BankTrouble
}

const minute = 60_000
const hour = 60 * minute
const actKinds = new Set([
  ...['card_text', 'movement', 'wallet_payment', 'transfer', 'card_transfer', 'guess'],
])
export const isPurseAct = <Kind extends { readonly kind: string }>(
  item: Kind,
): item is Extract<Kind, PurseAct> => actKinds.has(item.kind) || isSharingAct(item)

export function bankItems(
  dice: Dice,
  hours: number,
  { faults = true, isRough = false }: { readonly faults?: boolean; readonly isRough?: boolean },
) {
  const at = () => dice.between(0, hours * hour)
  const acts = Array.from({ length: hours * 1.4 }, () => ({ at: at(), ...purseActOf(dice) }))
  const perHour = faults ? (isRough ? 1.5 : 0.6) : 0
  const misfortunes = Array.from({ length: hours * perHour }, () => ({
    ...{ at: at(), line: 0 },
    ...bankMisfortuneOf(dice),
  }))
  return [...acts, ...misfortunes]
}

/** From dice of their own, so that the rest of a day stays what it was. */
export const cardTransferItems = (dice: Dice, hours: number) =>
  Array.from({ length: hours * 0.4 }, () => ({
    ...{ at: dice.between(0, hours * hour), line: dice.between(0, holders.length - 1) },
    kind: 'card_transfer' as const,
    bank: dice.pick(bankNames),
    amount: dice.between(1, 80_00),
    isMisnamed: dice.chance(0.25),
    copies: dice.chance(0.4) ? dice.between(1, 4) : 0,
  }))

function purseActOf(dice: Dice): PurseAct & { readonly line: number } {
  const line = dice.between(0, holders.length - 1)
  const roll = dice.next()
  const copies = dice.chance(0.3) ? dice.between(1, 4) : 0
  if (roll < 0.42) {
    const yuan = (dice.between(1, 9_000) / 100).toFixed(2)
    const words = dice.pick([
      ...['6021 100', '6021 100', '6021 300', `6022 ${(dice.between(1, 120) / 10).toFixed(1)}`],
      ...[`CZ${yuan}`, `TX${yuan}`, `TXK${yuan}`],
    ])
    const pin = dice.pick([
      ...(['right', 'right', 'right', 'right', 'right_twice'] as const),
      ...(['wrong_then_right', 'no', 'none'] as const),
    ])
    return { kind: 'card_text', line, words, pin, copies }
  }
  if (roll < 0.75) {
    const move = dice.pick([
      ...(['top_up', 'top_up', 'withdrawal', 'withdrawal', 'withdrawal'] as const),
      ...(['cash_in', 'cash_out'] as const),
    ])
    const amount = dice.between(1, 90_00)
    return { kind: 'movement', line, move, amount, isSameDay: dice.chance(0.6), copies }
  }
  if (roll < 0.83)
    return { kind: 'wallet_payment', line, amount: dice.between(1, 200) * 10, copies }
  if (roll < 0.95)
    return {
      ...{ kind: 'transfer', line, to: dice.between(0, people.length - 1), copies },
      amount: dice.between(1, 50_00),
      arrival: dice.pick(['now', 'now', '2h', '24h'] as const),
      isCancelled: dice.chance(0.3),
    }
  return { kind: 'guess', line, tries: dice.between(2, 8) }
}

/** All of it happens to banks. One that says no to what it has done would be lying: nobody can help that. */
const messageFaults = [
  ...(['lost_request', 'lost_answer', 'lost_answer', 'answers_late', 'works_late'] as const),
  ...(['answers_twice', 'drops_link', 'approves_and_drops_link', 'approves_and_dies'] as const),
  ...(['refuses', 'refuses', 'accepts', 'accepts', 'wrong_mac', 'other_stan'] as const),
  ...(['cut_length', 'two_in_one', 'in_pieces', 'garbage', 'half_open'] as const),
  ...(['mac_key_out_of_step', 'pin_key_out_of_step'] as const),
]
const struck = [
  ...(['purchase', 'purchase', 'purchase', 'credit', 'credit', 'credit'] as const),
  ...(['reversal', 'reversal', 'refund', 'void', 'balance', 'cut_over', 'sign_on'] as const),
]

function bankMisfortuneOf(dice: Dice): BankMisfortune {
  const bank = dice.pick(bankNames)
  const roll = dice.next()
  if (roll < 0.08)
    return { kind: 'bank', bank, trouble: { is: 'away', lastMs: dice.between(1, 180) * minute } }
  if (roll < 0.2) {
    const file = dice.pick([
      ...(['late', 'missing_row', 'extra_row', 'other_amount', 'wrong_hash'] as const),
    ])
    const lastMs = dice.between(2, 40) * hour
    return { kind: 'bank', bank, trouble: { is: 'file', file, lastMs } }
  }
  const kind = dice.pick(messageFaults)
  const fault: MessageFault = {
    kind,
    ...(kind !== 'accepts' && dice.chance(0.85) && { on: dice.pick(struck) }),
    count: dice.between(1, 4),
    lateMs: dice.chance(0.4) ? dice.between(1, 55) * minute : dice.between(3, 40) * 1_000,
    ...(kind === 'refuses' && { code: dice.pick(['51', '05', '61', '91', '96', '90']) }),
  }
  return { kind: 'bank', bank, trouble: { is: 'message', fault } }
}
