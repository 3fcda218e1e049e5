/**
 * The points of one wallet while a transaction decides about them: its lots, what it owes, and the moves that the
 * ledger gets. Nothing here reads a clock or a row. Whatever is taken goes lot by lot, the one that ends first first.
 */
import { assert, type BusinessDate } from '../kernel/index.ts'
import { type Reason, reasons } from '../ledger/index.ts'
import { type Lot, sum } from './points.ts'

/** In is onto the balance, out is off it. */
export interface Move {
  readonly way: 'in' | 'out'
  readonly points: bigint
  readonly reason: Reason
  /** What it is for: a payment, a redemption, an adjustment, or the wallet itself. */
  readonly subject: string
}

export type Why = Pick<Move, 'reason' | 'subject'>

export interface PocketFacts {
  readonly lots: readonly Lot[]
  readonly owed: bigint
}

export type Pocket = ReturnType<typeof openPocket>

export function openPocket(facts: PocketFacts) {
  const lots = new Map(facts.lots.map(({ expiresOn, points }) => [expiresOn, points]))
  const changed = new Set<BusinessDate>()
  const moves: Move[] = []
  let owed = facts.owed

  const inOrder = (): Lot[] =>
    [...lots]
      .map(([expiresOn, points]) => ({ expiresOn, points }))
      .filter(({ points }) => points > 0n)
      .sort((a, b) => (a.expiresOn < b.expiresOn ? -1 : 1))
  const goodOn = (today: BusinessDate) => inOrder().filter(({ expiresOn }) => expiresOn >= today)

  function set(expiresOn: BusinessDate, points: bigint) {
    assert(points >= 0n, 'no lot falls below nothing')
    lots.set(expiresOn, points)
    changed.add(expiresOn)
  }
  const put = ({ expiresOn, points }: Lot) => set(expiresOn, (lots.get(expiresOn) ?? 0n) + points)

  /** At most this much; answers what was taken from where. */
  function takeFrom(from: readonly Lot[], wanted: bigint, why: Why): Lot[] {
    const parts: Lot[] = []
    let left = wanted
    for (const { expiresOn, points: there } of from) {
      const points = there < left ? there : left
      if (points === 0n) break
      parts.push({ expiresOn, points })
      set(expiresOn, there - points)
      left -= points
    }
    const taken = wanted - left
    if (taken > 0n) moves.push({ ...why, way: 'out', points: taken })
    return parts
  }

  function bringIn(parts: readonly Lot[], why: Why) {
    for (const part of parts) put(part)
    moves.push({ ...why, way: 'in', points: sum(parts) })
  }

  /** What is owed goes off what has just come in. */
  function settle(given: readonly Lot[], subject: string) {
    const points = sum(given)
    const due = owed < points ? owed : points
    const why = { subject, reason: reasons.pointsTakenBack }
    const there = given.map(({ expiresOn }) => ({ expiresOn, points: lots.get(expiresOn) ?? 0n }))
    if (due > 0n) takeFrom(there, due, why)
    owed -= due
  }

  return {
    moves: moves as readonly Move[],
    owed: () => owed,
    /** What can be spent today: the night that ends a lot may not have come to it yet. */
    spendable: (today: BusinessDate) => sum(goodOn(today)),
    /** Once each: together they are one line of the ledger. */
    add: bringIn,
    /** As `add`, into the lots they were spent from. */
    giveBack(parts: readonly Lot[], why: Why) {
      bringIn(parts, why)
      settle(parts, why.subject)
    },
    earn(lot: Lot, subject: string) {
      put(lot)
      moves.push({ subject, reason: reasons.pointsEarned, way: 'in', points: lot.points })
      settle([lot], subject)
    },
    /** The caller has looked that there are enough. */
    spend(today: BusinessDate, points: bigint, why: Why): Lot[] {
      const parts = takeFrom(goodOn(today), points, why)
      assert(sum(parts) === points, 'there were enough points')
      return parts
    },
    /** From the lot it was put into, then from the others; what is missing is owed. */
    takeBack({ expiresOn, points }: Lot, subject: string) {
      const isOwn = (lot: Lot) => lot.expiresOn === expiresOn
      const all = inOrder()
      const from = [...all.filter(isOwn), ...all.filter((lot) => !isOwn(lot))]
      const why = { subject, reason: reasons.pointsTakenBack }
      owed += points - sum(takeFrom(from, points, why))
    },
    /** What was good until a day before this one. */
    expire: (today: BusinessDate, why: Why) =>
      sum(
        takeFrom(
          inOrder().filter(({ expiresOn }) => expiresOn < today),
          sum(inOrder()),
          why,
        ),
      ),
    takeAll: (why: Why) => sum(takeFrom(inOrder(), sum(inOrder()), why)),
    /** What must be written. */
    writes: () => ({
      lots: [...changed].map((expiresOn) => ({ expiresOn, points: lots.get(expiresOn) ?? 0n })),
      owed: owed === facts.owed ? null : owed,
    }),
  }
}
