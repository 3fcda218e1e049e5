// What of a till waits for a second person: a count that does not balance, or cash for the bank.
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api.ts'
import { FactList } from '../ui/fact-list.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { useCounter } from './counter-context.ts'
import { askedFacts } from './shown-facts.ts'
import { approvalStatus } from './statuses.ts'
import { Trouble } from './trouble.tsx'
import type { ApprovalView } from './views.ts'

type Properties = {
  approval: ApprovalView
  /** What is done once it is agreed to, and what else can be done. */
  labels: { go: string; back: string }
  busy: boolean
  problem: Problem | null
  onSeen: (approval: ApprovalView) => void
  onGoOn: () => Promise<void>
  onBack: () => void
}

const roundMs = 2_500

export function TillApproval({
  approval,
  labels,
  busy,
  problem,
  onSeen,
  onGoOn,
  onBack,
}: Properties) {
  const { t } = useTranslation('counter')
  const { api } = useCounter()
  const { id, state } = approval
  useEffect(() => {
    if (state !== 'asked') return
    const timer = setInterval(async () => {
      const answer = await api.get<ApprovalView>(`/approvals/${id}`)
      if (answer.ok) onSeen(answer.value)
    }, roundMs)
    return () => clearInterval(timer)
  }, [api, id, state, onSeen])
  const withdraw = async () => {
    await api.post(`/approvals/${id}/withdraw`)
    onBack()
  }
  return (
    <section className="card till" aria-live="polite">
      <header className="head">
        <h3>{t(`kinds.${approval.kind as 'till_difference'}`)}</h3>
        <StatusTag status={approvalStatus[state]} />
      </header>
      <FactList
        facts={[
          ...askedFacts(approval, t),
          ...(approval.note ? [{ label: t('approvals.note'), value: approval.note }] : []),
        ]}
      />
      <Trouble problem={problem} />
      <div className="row">
        {state === 'approved' && (
          <button
            type="button"
            className="button button-primary"
            disabled={busy}
            onClick={() => void onGoOn()}
          >
            {labels.go}
          </button>
        )}
        {state === 'asked' ? (
          <button type="button" className="button button-danger" onClick={() => void withdraw()}>
            {t('approval.withdraw')}
          </button>
        ) : (
          <button type="button" className="button" onClick={onBack}>
            {labels.back}
          </button>
        )}
      </div>
    </section>
  )
}
