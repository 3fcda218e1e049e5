/**
 * What a second person must agree to. It is agreed to for one request, word by word, and goes once.
 *
 *   asked ──approve──▶ approved ──the same request again──▶ used
 *     │ └────decline────▶ declined │
 *     └────withdraw─▶ withdrawn ◀──┘      both run out together (`expired`), which is no state but a time
 */
import type { Result } from '../kernel/index.ts'
import { refuse } from '../kernel/index.ts'
import type { Person } from './person.ts'

export type ApprovalState = 'asked' | 'approved' | 'declined' | 'withdrawn' | 'used'
export type ApprovalStep = 'approve' | 'decline' | 'withdraw' | 'use'

const steps: Readonly<Record<ApprovalStep, Partial<Record<ApprovalState, ApprovalState>>>> = {
  approve: { asked: 'approved' },
  decline: { asked: 'declined' },
  withdraw: { asked: 'withdrawn', approved: 'withdrawn' },
  use: { approved: 'used' },
}

/** Long enough to walk over from the next room, short enough that both remember why. */
export const approvalMs = 15 * 60_000

export interface Asked {
  readonly kind: string
  readonly contentMac: string
  /** For the second person's eyes: masked, label and value. */
  readonly shown: Readonly<Record<string, string>>
  readonly reason: string
}

export interface Approval extends Asked {
  readonly id: string
  readonly office: string
  readonly state: ApprovalState
  readonly askedBy: string
  readonly askedAt: number
  readonly expiresAt: number
  readonly decidedBy: string | null
  readonly decidedAt: number | null
  readonly note: string | null
}

export type DecisionRefusal =
  | 'approval_unknown'
  | 'approval_is_own'
  | 'approval_expired'
  | 'approval_decided'
  | 'role_missing'

/** An open one that ran out is as good as none. */
export const isExpired = ({ state, expiresAt }: Approval, now: number): boolean =>
  (state === 'asked' || state === 'approved') && now >= expiresAt

/** The state after this step of this person. Agreeing is for another person; taking back for who asked. */
export function decideStep(
  approval: Approval,
  step: ApprovalStep,
  { by, now }: { readonly by: Person; readonly now: number },
): Result<ApprovalState, DecisionRefusal> {
  const isOwn = approval.askedBy === by.id
  const judges = step === 'approve' || step === 'decline'
  if (approval.office !== by.office || (!judges && !isOwn)) return refuse('approval_unknown')
  if (judges && !by.roles.includes('supervisor')) return refuse('role_missing')
  if (judges && isOwn) return refuse('approval_is_own')
  const next = steps[step][approval.state]
  if (next === undefined) return refuse('approval_decided')
  return isExpired(approval, now) ? refuse('approval_expired') : { ok: true, value: next }
}
