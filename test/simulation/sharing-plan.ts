/**
 * What people settle among each other, as data: bills that they share, red packets, requests for money and standing
 * orders. Added behind the rest of a day, from dice of its own.
 */
import type { Dice } from './dice.ts'
import { holders } from './people.ts'

/** `twice`: with another key at the same time; `both`: a yes and a no at once. */
export type Reaction = 'pay' | 'twice' | 'decline' | 'both' | 'none'

export type SharingAct =
  | {
      readonly kind: 'split'
      readonly isEqual: boolean
      readonly amount: number
      /** Of the others, in order. */
      readonly reactions: readonly Reaction[]
      readonly isReturned: boolean
      readonly copies: number
    }
  /** Everybody else opens it, whether there are parts enough or not. */
  | {
      readonly kind: 'packet'
      readonly isLucky: boolean
      readonly each: number
      readonly count: number
      readonly copies: number
    }
  | {
      readonly kind: 'request'
      readonly amount: number
      readonly reaction: Reaction
      readonly isCancelled: boolean
      readonly copies: number
    }
  | { readonly kind: 'standing_order'; readonly amount: number; readonly copies: number }

const hour = 3_600_000
const kinds = new Set(['split', 'packet', 'request', 'standing_order'])
export const isSharingAct = <Kind extends { readonly kind: string }>(
  item: Kind,
): item is Extract<Kind, SharingAct> => kinds.has(item.kind)

export const sharingItems = (dice: Dice, hours: number) =>
  Array.from({ length: hours * 0.5 }, () => ({
    ...{ at: dice.between(0, hours * hour), line: dice.between(0, holders.length - 1) },
    ...actOf(dice),
  }))

function actOf(dice: Dice): SharingAct {
  const roll = dice.next()
  const copies = dice.chance(0.4) ? dice.between(1, 4) : 0
  const reactionOf = () =>
    dice.pick([...(['pay', 'pay', 'pay', 'twice', 'both', 'decline', 'none'] as const)])
  if (roll < 0.4)
    return {
      ...{ kind: 'split', isEqual: dice.chance(0.6), amount: dice.between(5, 90_00), copies },
      reactions: Array.from({ length: dice.between(1, 4) }, reactionOf),
      isReturned: dice.chance(0.3),
    }
  if (roll < 0.7)
    return {
      ...{ kind: 'packet', isLucky: dice.chance(0.5), each: dice.between(1, 8_00), copies },
      count: dice.between(1, 6),
    }
  const amount = dice.between(1, 60_00)
  if (roll < 0.9)
    return {
      ...{ kind: 'request', amount, copies },
      ...{ reaction: reactionOf(), isCancelled: dice.chance(0.2) },
    }
  return { kind: 'standing_order', amount, copies }
}
