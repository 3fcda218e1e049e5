// What customers left in closed tills, on its way to the bank: with the bank's slip and a second person.
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api.ts'
import { Field } from '../ui/field.tsx'
import { Money } from '../ui/money.tsx'
import { differenceOf } from './cash.ts'
import { useCounter } from './counter-context.ts'
import { TillApproval } from './till-approval.tsx'
import { Trouble } from './trouble.tsx'
import { useListing } from './use-listing.ts'
import type { ApprovalView, TillCloseAnswer, TillView } from './views.ts'

const everyMs = 15_000

export function TillsToBank() {
  const { t } = useTranslation('counter')
  const { api } = useCounter()
  const { items, reload } = useListing<TillView>(api, '/till/to-bank', everyMs)
  if (!items || items.length === 0) return null
  return (
    <section aria-label={t('till.toBank')} className="list-page">
      <h3>{t('till.toBank')}</h3>
      <p className="muted">{t('till.toBankLead')}</p>
      {items.map((till) => (
        <ToBank key={till.id} till={till} onBanked={reload} />
      ))}
    </section>
  )
}

type Properties = { till: TillView; onBanked: () => Promise<void> }

function ToBank({ till, onBanked }: Properties) {
  const { t } = useTranslation('counter')
  const { api } = useCounter()
  const [slip, setSlip] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [approval, setApproval] = useState<ApprovalView | null>(null)
  const amount = differenceOf(till.counted ?? till.float, till.float)
  const field = `slip-${till.id}`
  const bank = async () => {
    setBusy(true)
    setProblem(null)
    const path = `/till/${till.id}/bank`
    const answer = await api.post<TillCloseAnswer>(path, { slip: slip.trim() })
    setBusy(false)
    if (!answer.ok) return setProblem(answer.problem)
    if (answer.value.approval) return setApproval(answer.value.approval)
    await onBanked()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (slip.trim() === '') return document.getElementById(field)?.focus()
    if (!busy) void bank()
  }
  if (approval) {
    return (
      <TillApproval
        approval={approval}
        labels={{ go: t('till.bank'), back: t('till.later') }}
        busy={busy}
        problem={problem}
        onSeen={setApproval}
        onGoOn={bank}
        onBack={() => setApproval(null)}
      />
    )
  }
  return (
    <form className="card till" onSubmit={submit} noValidate>
      <p className="till-total">
        <span>
          {t('till.desk')} {till.desk}
          {amount.startsWith('-') && <small> · {t('till.fromBank')}</small>}
        </span>
        <b>
          <Money fen={amount} />
        </b>
      </p>
      <div className="single">
        <Field
          id={field}
          label={t('till.slip')}
          complaint={tried && slip.trim() === '' ? t('till.slipMissing') : ''}
          maxLength={40}
          value={slip}
          onChange={(event) => setSlip(event.target.value)}
        />
      </div>
      <Trouble problem={problem} />
      <button type="submit" className="button button-primary" disabled={busy}>
        {t('till.ask')}
      </button>
    </form>
  )
}
