/** Asking for a second person, deciding, and using what was decided. */
import type { Database, Reader, Tx } from '../db/index.ts'
import { accept, type Clock, type Ids, type Result, refuse } from '../kernel/index.ts'
import {
  type Approval,
  type ApprovalStep,
  type Asked,
  approvalMs,
  type DecisionRefusal,
  decideStep,
  isExpired,
} from './approval.ts'
import {
  insertApproval,
  lockApproval,
  lockAsked,
  openApprovals,
  readApproval,
  saveApproval,
} from './approval-store.ts'
import type { Logbook } from './logbook.ts'
import type { Person } from './person.ts'

export interface ApprovalTools {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly logbook: Logbook
}

const listMax = 100

export function createApprovals({ db, clock, ids, logbook }: ApprovalTools) {
  async function take(
    tx: Tx,
    approval: Approval,
    step: ApprovalStep,
    { by, note = null }: { readonly by: Person; readonly note?: string | null },
  ): Promise<Result<Approval, DecisionRefusal>> {
    const now = clock.now()
    const decided = decideStep(approval, step, { by, now })
    if (!decided.ok) return decided
    const judged = step === 'approve' || step === 'decline'
    const decision = judged ? { decidedBy: by.id, decidedAt: now, note } : {}
    const after: Approval = { ...approval, ...decision, state: decided.value }
    await saveApproval(tx, after, now)
    const { id, kind, shown, reason } = approval
    await logbook.write(tx, by, {
      action: `approval.${step}`,
      subject: `approval:${id}`,
      after: { kind, shown, reason, ...(note !== null && { note }) },
    })
    return accept(after)
  }

  return {
    /**
     * A second person's leave for exactly this: used up when it is there; asked for when it is not, and then
     * the caller says so and comes again with the same words.
     */
    async obtain(
      tx: Tx,
      asked: Asked,
      by: Person,
    ): Promise<
      Result<
        { readonly state: 'granted' | 'waits'; readonly approval: Approval },
        'approval_declined'
      >
    > {
      const now = clock.now()
      const found = await lockAsked(tx, { by: by.id, contentMac: asked.contentMac })
      if (found && !isExpired(found, now)) {
        if (found.state === 'declined') return refuse('approval_declined')
        if (found.state === 'asked') return accept({ state: 'waits', approval: found })
        if (found.state === 'approved') {
          const used = await take(tx, found, 'use', { by })
          if (used.ok) return accept({ state: 'granted', approval: used.value })
        }
      }
      const approval: Approval = {
        ...asked,
        ...{ id: ids.next(0, now), office: by.office, state: 'asked', askedBy: by.id },
        ...{ askedAt: now, expiresAt: now + approvalMs },
        ...{ decidedBy: null, decidedAt: null, note: null },
      }
      await insertApproval(tx, approval)
      await logbook.write(tx, by, {
        action: 'approval.ask',
        subject: `approval:${approval.id}`,
        after: { kind: asked.kind, shown: asked.shown, reason: asked.reason },
      })
      return accept({ state: 'waits', approval })
    },

    decide(
      id: string,
      step: Exclude<ApprovalStep, 'use'>,
      given: { readonly by: Person; readonly note?: string },
    ): Promise<Result<Approval, DecisionRefusal>> {
      return db.transact(async (tx) => {
        const approval = await lockApproval(tx, id)
        return approval ? take(tx, approval, step, given) : refuse('approval_unknown')
      })
    },

    /** Undefined where it is of another office. */
    async find(reader: Reader, id: string, { office }: Person): Promise<Approval | undefined> {
      const found = await readApproval(reader, id)
      return found?.office === office ? found : undefined
    },

    /** A supervisor sees what waits in the office, a clerk his own. */
    async waiting(reader: Reader, person: Person): Promise<Approval[]> {
      const { office, roles, id } = person
      const found = await openApprovals(reader, { office, now: clock.now(), limit: listMax })
      return roles.includes('supervisor') ? found : found.filter((one) => one.askedBy === id)
    },
  }
}

export type Approvals = ReturnType<typeof createApprovals>
