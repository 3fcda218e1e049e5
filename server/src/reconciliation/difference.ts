/**
 * What a bank's day and our books say differently, until people have resolved it. Nothing is deleted.
 *
 *     open ──to_suspense──▶ in_suspense ──identified (long), covered (short)──▶ resolved
 *       └──explained: no money was missing, or a later file settles it──────────────▲
 */
import { type Amount, type BusinessDate, type Result, refuse } from '../kernel/index.ts'

export const differenceKinds = [
  'missing_here',
  'missing_there',
  'amount',
  'state',
  'totals',
] as const
export type DifferenceKind = (typeof differenceKinds)[number]
export const differenceStates = ['open', 'in_suspense', 'resolved'] as const
export type DifferenceState = (typeof differenceStates)[number]
/** Long: the bank has more for us than we booked (长款). Short: it has less (短款). */
export type DifferenceSide = 'long' | 'short'

export interface Difference {
  readonly id: string
  readonly bank: string
  readonly day: BusinessDate
  readonly kind: DifferenceKind
  /** Of the message; of totals their name. */
  readonly key: string
  readonly operationId: string | null
  readonly ours: string | null
  readonly theirs: string | null
  readonly foundAt: number
  /** Null where no money is missing, or nobody knows yet on which side. */
  readonly side: DifferenceSide | null
  readonly amount: Amount | null
  readonly state: DifferenceState
  readonly resolution: 'identified' | 'covered' | 'explained' | 'by_file' | null
  readonly resolvedAt: number | null
}

export const resolutionActs = ['to_suspense', 'identified', 'covered', 'explained'] as const
export type ResolutionAct = (typeof resolutionActs)[number]

interface Rule {
  readonly from: DifferenceState
  readonly to: DifferenceState
  /** The side it needs; `any` is either. */
  readonly side?: DifferenceSide | 'any'
}

export const rules: Readonly<Record<ResolutionAct, Rule>> = {
  to_suspense: { from: 'open', to: 'in_suspense', side: 'any' },
  identified: { from: 'in_suspense', to: 'resolved', side: 'long' },
  covered: { from: 'in_suspense', to: 'resolved', side: 'short' },
  explained: { from: 'open', to: 'resolved' },
}

export type StepRefusal =
  | 'difference_resolved'
  | 'difference_not_in_suspense'
  | 'difference_in_suspense'
  | 'difference_without_amount'
  | 'difference_other_side'

/** The state after this act. */
export function stepOf(
  { state, side }: Pick<Difference, 'state' | 'side'>,
  act: ResolutionAct,
): Result<DifferenceState, StepRefusal> {
  const rule = rules[act]
  if (state === 'resolved') return refuse('difference_resolved')
  if (rule.side !== undefined && side === null) return refuse('difference_without_amount')
  if (rule.side !== undefined && rule.side !== 'any' && rule.side !== side)
    return refuse('difference_other_side')
  if (state !== rule.from)
    return refuse(state === 'open' ? 'difference_not_in_suspense' : 'difference_in_suspense')
  return { ok: true, value: rule.to }
}
