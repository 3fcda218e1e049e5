/**
 * The numbers of the sandbox: `+86139000001NN`. The first ones pay, wait or decline; each other one answers with one of
 * the standard's errors, whatever is asked of it. They exist for test clients only, and test clients find no others.
 */
import type { Msisdn } from '../../../kernel/index.ts'
import { type ErrorName, errors } from '../errors.ts'

const numberOf = (nn: number): Msisdn => `+86139000001${String(nn).padStart(2, '0')}`

export const sandboxNumbers = {
  /** Pays at once. */
  pays: numberOf(0),
  /** Agrees after two seconds. */
  paysLater: numberOf(1),
  /** Does not answer, and is no longer waited for after an hour. */
  silent: numberOf(2),
  /** Declines after two seconds. */
  declines: numberOf(3),
} as const satisfies Readonly<Record<string, Msisdn>>

const firstError = 10
const names = Object.keys(errors) as readonly ErrorName[]

/** The number that answers with this error. */
export const sandboxNumberOf = (name: ErrorName): Msisdn =>
  numberOf(firstError + names.indexOf(name))

const known: ReadonlyMap<Msisdn, ErrorName | null> = new Map([
  ...Object.values(sandboxNumbers).map((number) => [number, null] as const),
  ...names.map((name) => [sandboxNumberOf(name), name] as const),
])

export const isMobileMoneyTestNumber = (msisdn: Msisdn): boolean => known.has(msisdn)

/** What a number always answers; null for those that do as they are asked, undefined for no number of ours. */
export const sandboxErrorOf = (msisdn: Msisdn): ErrorName | null | undefined => known.get(msisdn)
