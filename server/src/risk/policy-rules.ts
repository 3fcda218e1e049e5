/** Which policies make sense, and how one is kept: as named int8 values, only where it differs. */
import { defaultPolicy, type Policy } from './policy.ts'

export type PolicyName = keyof Policy

export const policyNames = Object.keys(defaultPolicy) as readonly PolicyName[]

/** Years in ms fit, and so does any amount of money that a limit could be. */
const valueMax = 1_000_000_000_000n

/** A fee is not more than what it is for: 100 %. */
const wholeRate = 10_000

export type PolicyRefusal =
  | 'value_out_of_range'
  | 'limits_out_of_order'
  | 'reservation_outlives_carrier'

/** The carrier drops a reservation by itself after five minutes. */
const carrierReservationMs = 5 * 60_000

export function checkPolicy(policy: Policy): PolicyRefusal | null {
  const values = [...valuesOf(policy).values()]
  if (values.some((value) => value < 0n || value > valueMax)) return 'value_out_of_range'
  if (ranges.some(([name, min, max]) => policy[name] < min || policy[name] > max))
    return 'value_out_of_range'
  const { amountMin, singleLimit, dayLimit, monthLimit } = policy
  const ordered = amountMin <= singleLimit && singleLimit <= dayLimit && dayLimit <= monthLimit
  const cardsOrdered = policy.cardSingleLimit <= policy.cardDayLimit
  if (amountMin === 0n || !ordered || !cardsOrdered) return 'limits_out_of_order'
  if (policy.reservationMs >= carrierReservationMs) return 'reservation_outlives_carrier'
  if (policy.withdrawalFeeBasisPoints > wholeRate) return 'value_out_of_range'
  return null
}

const monthHours = 720

/** Values whose zero, or whose size, would undo what they are for. */
const ranges: readonly (readonly [
  name: 'simCoolOffHours' | 'pinTriesMax' | 'initialPinHours',
  min: number,
  max: number,
])[] = [
  ['simCoolOffHours', 0, monthHours],
  // Each try is a chance in a million; without any nobody could pay.
  ['pinTriesMax', 1, 10],
  ['initialPinHours', 1, monthHours],
]

/** A policy as rows: times and switches become int8 too. */
export const valuesOf = (policy: Policy): Map<PolicyName, bigint> =>
  new Map(policyNames.map((name) => [name, BigInt(policy[name])]))

/**
 * The defaults with these values in their place, each in the type its default has. Names that this
 * version does not know are left alone: another version of the program may.
 */
export function policyFrom(values: ReadonlyMap<string, bigint>): Policy {
  const entries = policyNames.map((name) => {
    const value = values.get(name)
    return [name, value === undefined ? defaultPolicy[name] : typed(name, value)]
  })
  return Object.fromEntries(entries) as Policy
}

function typed(name: PolicyName, value: bigint): bigint | number | boolean {
  const kind = typeof defaultPolicy[name]
  if (kind === 'boolean') return value !== 0n
  return kind === 'number' ? Number(value) : value
}
