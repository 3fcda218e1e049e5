/**
 * What people do about a bank's day, with a reason. What moves money, and what makes absence count, is asked by
 * one and agreed to by another.
 *
 *     asked ──▶ done, declined     or it runs out: expired
 */
import {
  type Amount,
  type BusinessDate,
  isSamePerson,
  type Result,
  refuse,
} from '../kernel/index.ts'
import type { DifferenceSide, ResolutionAct } from './difference.ts'

export type ActKind = ResolutionAct | 'complete_file'
export const actStates = ['asked', 'done', 'declined', 'expired'] as const
export type ActState = (typeof actStates)[number]

/** What every act has, whatever it is about. */
export interface Asked {
  readonly id: string
  readonly state: ActState
  readonly reason: string
  readonly askedBy: string
  readonly askedAt: number
  readonly expiresAt: number
  readonly decidedBy: string | null
  readonly decidedAt: number | null
  readonly note: string | null
}

export interface Act extends Asked {
  readonly kind: ActKind
  readonly bank: string
  readonly day: BusinessDate
  readonly differenceId: string | null
  readonly side: DifferenceSide | null
  readonly amount: Amount | null
  /** Of `identified`: whose money it is. */
  readonly wallet: { readonly id: string; readonly bucket: number } | null
}

/** Until the end of the next working day, about. */
const askedForMs = 36 * 3_600_000

export const newAsked = (
  id: string,
  { reason, by, now }: { readonly reason: string; readonly by: string; readonly now: number },
): Asked => ({
  ...{ id, state: 'asked', reason, askedBy: by, askedAt: now, expiresAt: now + askedForMs },
  ...{ decidedBy: null, decidedAt: null, note: null },
})

export const ended = <Some extends Asked>(
  act: Some,
  state: 'done' | 'declined',
  { by, note, now }: { readonly by: string; readonly note: string | null; readonly now: number },
): Some => ({ ...act, state, decidedBy: by, decidedAt: now, note })

export type DecisionRefusal = 'act_unknown' | 'act_decided' | 'act_expired' | 'act_is_own'

export interface Decision {
  readonly by: string
  /** Other names of that person, under which the act may have been asked for. */
  readonly alias: string | null
  readonly agrees: boolean
  readonly now: number
}

/** Of one that waits: whether this person may decide it now. Names that differ in case only are one person's. */
export function mayDecide(
  act: Asked,
  { by, alias, agrees, now }: Decision,
): Result<undefined, DecisionRefusal> {
  if (act.state === 'expired') return refuse('act_expired')
  if (act.state !== 'asked') return refuse('act_decided')
  if (now >= act.expiresAt) return refuse('act_expired')
  // Declining one's own is taking it back.
  const isOwn = isSamePerson(act.askedBy, by) || isSamePerson(act.askedBy, alias ?? by)
  if (agrees && isOwn) return refuse('act_is_own')
  return { ok: true, value: undefined }
}
