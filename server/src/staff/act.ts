/**
 * One thing a clerk does for a customer. It is begun before anything is asked of anybody else, so that a
 * crash leaves a row that says what was meant; the same key finds it again and goes on from there, and what
 * it asks of others bears its id, so that they do it once.
 *
 *   begun ──done──▶ done        begun may last: a bank that is silent, a customer who looks for a code
 *     └──refused──▶ refused
 */
import type { Amount } from '../kernel/index.ts'

export const actKinds = [
  'open',
  'bind',
  'rebind',
  'unbind',
  'pin_reset',
  'sim_change',
  'close',
  'cash_in',
  'cash_out',
] as const
export type ActKind = (typeof actKinds)[number]

export type ActState = 'begun' | 'done' | 'refused'

/** While begun: the other side's answer, or the code that the bank has texted. */
export type ActWait = 'answer' | 'code'

export interface Act {
  readonly id: string
  readonly person: string
  readonly office: string
  readonly key: string
  readonly kind: ActKind
  readonly msisdn: string
  readonly contentMac: string
  /** Masked, label and value: for the log, a second person and the list of the day. */
  readonly shown: Readonly<Record<string, string>>
  readonly amount: Amount | null
  readonly till: string | null
  readonly approval: string | null
  readonly state: ActState
  readonly waitsFor: ActWait | null
  readonly refusal: string | null
  /** What it made: ids for whoever looks later. */
  readonly result: Readonly<Record<string, string>> | null
  readonly voucher: string
  readonly beganAt: number
  readonly endedAt: number | null
}

export type ActRefusal =
  | 'key_used_otherwise'
  | 'till_missing'
  | 'till_short'
  | 'reason_missing'
  | 'approval_declined'

export const movesCash = (kind: ActKind): kind is 'cash_in' | 'cash_out' =>
  kind === 'cash_in' || kind === 'cash_out'
