// One request: what is asked, by whom, why and until when, and the two answers.
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answer, Problem } from '../api.ts'
import { checkoutZone, minuteOf } from '../time.ts'
import { codeDigits } from '../ui/code-digits.ts'
import { FactList } from '../ui/fact-list.tsx'
import { Field } from '../ui/field.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { useCounter } from './counter-context.ts'
import { askedFacts } from './shown-facts.ts'
import { approvalStatus } from './statuses.ts'
import { Trouble } from './trouble.tsx'
import type { ApprovalView } from './views.ts'

type Properties = { approval: ApprovalView; onDecided: (approval: ApprovalView) => void }

export function ApprovalCard({ approval, onDecided }: Properties) {
  const { t } = useTranslation('counter')
  const { api, session } = useCounter()
  const [step, setStep] = useState<'approve' | 'decline' | null>(null)
  const { id, state, askedBy, expiresAt, askedAt, kind } = approval
  const isOwn = askedBy.login === session.person.login
  const judges = session.person.roles.includes('supervisor') && !isOwn && state === 'asked'
  const [problem, setProblem] = useState<Problem | null>(null)
  const withdraw = async () => {
    const answer = await api.post<ApprovalView>(`/approvals/${id}/withdraw`)
    if (answer.ok) onDecided(answer.value)
    else setProblem(answer.problem)
  }
  return (
    <article className="card approval">
      <header className="head">
        <h3>{t(`kinds.${kind as 'close'}`)}</h3>
        <StatusTag status={approvalStatus[state]} />
      </header>
      <FactList
        facts={[
          ...askedFacts(approval, t),
          { label: t('approvals.askedBy'), value: `${askedBy.name} ${askedBy.login}` },
          {
            label: t('approvals.time'),
            value: t('approvals.until', {
              from: minuteOf(Date.parse(askedAt), checkoutZone),
              until: minuteOf(Date.parse(expiresAt), checkoutZone),
            }),
          },
        ]}
      />
      {judges && step === null && (
        <div className="row approval-actions">
          <button
            type="button"
            className="button button-primary"
            onClick={() => setStep('approve')}
          >
            {t('approvals.approve')}
          </button>
          <button type="button" className="button button-danger" onClick={() => setStep('decline')}>
            {t('approvals.decline')}
          </button>
        </div>
      )}
      {judges && step && (
        <Decision
          step={step}
          id={id}
          onBack={() => setStep(null)}
          onDecided={(decided) => {
            setStep(null)
            onDecided(decided)
          }}
        />
      )}
      {isOwn && state === 'asked' && (
        <div className="row approval-actions">
          <span className="muted grow">{t('approvals.ownNote')}</span>
          <button type="button" className="button" onClick={() => void withdraw()}>
            {t('approval.withdraw')}
          </button>
        </div>
      )}
      {problem && <Trouble problem={problem} />}
    </article>
  )
}

type DecisionProperties = {
  step: 'approve' | 'decline'
  id: string
  onBack: () => void
  onDecided: (approval: ApprovalView) => void
}

function Decision({ step, id, onBack, onDecided }: DecisionProperties) {
  const { t } = useTranslation('counter')
  const { api } = useCounter()
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const isApprove = step === 'approve'
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || (isApprove ? typed.length < 6 : typed.trim() === '')) return
    setBusy(true)
    const body = isApprove ? { code: typed } : { reason: typed.trim() }
    const answer: Answer<ApprovalView> = await api.post(`/approvals/${id}/${step}`, body)
    setBusy(false)
    setTyped('')
    if (answer.ok) onDecided(answer.value)
    else setProblem(answer.problem)
  }
  return (
    <form className="decision" onSubmit={submit} noValidate>
      <Field
        id={`decision-${id}`}
        label={t(isApprove ? 'approvals.code' : 'approvals.why')}
        hint={t(isApprove ? 'approvals.codeHint' : 'approvals.whyHint')}
        reference={field}
        inputMode={isApprove ? 'numeric' : 'text'}
        autoComplete={isApprove ? 'one-time-code' : 'off'}
        maxLength={isApprove ? 6 : 200}
        value={typed}
        onChange={(event) =>
          setTyped(isApprove ? codeDigits(event.target.value) : event.target.value)
        }
      />
      <Trouble problem={problem} />
      <div className="row approval-actions">
        <button
          type="submit"
          className={isApprove ? 'button button-primary' : 'button button-danger'}
          disabled={busy}
          aria-busy={busy}
        >
          {t(isApprove ? 'approvals.approveNow' : 'approvals.declineNow')}
        </button>
        <button type="button" className="button" onClick={onBack}>
          {t('approvals.back')}
        </button>
      </div>
    </form>
  )
}
