// What must be in the till, what is counted, and a difference that nobody closes alone.
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api.ts'
import { type Fen, formatFen, isZeroFen } from '../fen.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { FactList } from '../ui/fact-list.tsx'
import { Field } from '../ui/field.tsx'
import { Money } from '../ui/money.tsx'
import { countsOf, differenceOf, type TypedCounts, totalOf } from './cash.ts'
import { CountFields } from './count-fields.tsx'
import { useCounter } from './counter-context.ts'
import { SecondPersonNote } from './second-person-note.tsx'
import { TillApproval } from './till-approval.tsx'
import { Trouble } from './trouble.tsx'
import type { ApprovalView, TillCloseAnswer, TillView } from './views.ts'

/** Nothing has no sign. */
const signed = (sign: string, amount: Fen) =>
  isZeroFen(amount) ? formatFen(amount) : sign + formatFen(amount)

export function TillClose({ till }: { till: TillView }) {
  const { t } = useTranslation('counter')
  const { api, refreshSession } = useCounter()
  const [typed, setTyped] = useState<TypedCounts>({})
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [approval, setApproval] = useState<ApprovalView | null>(null)
  const counts = countsOf(typed)
  const isCounted = Object.values(typed).some((text) => text.trim() !== '')
  const counted = counts && isCounted ? totalOf(counts) : null
  const difference = counted === null ? null : differenceOf(counted, till.balance)
  const differs = difference !== null && !isZeroFen(difference)

  const close = async () => {
    setBusy(true)
    setProblem(null)
    const body = { counts, reason: differs ? reason.trim() : null }
    const answer = await api.post<TillCloseAnswer>('/till/close', body)
    setBusy(false)
    if (!answer.ok) return setProblem(answer.problem)
    if (answer.value.approval) return setApproval(answer.value.approval)
    await refreshSession()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (busy || asking) return
    if (counted === null) return document.getElementById('count-10000')?.focus()
    if (differs && reason.trim() === '') return document.getElementById('till-reason')?.focus()
    setAsking(true)
  }
  if (approval) {
    return (
      <TillApproval
        approval={approval}
        labels={{ go: t('till.close'), back: t('till.countAgain') }}
        busy={busy}
        problem={problem}
        onSeen={setApproval}
        onGoOn={close}
        onBack={() => setApproval(null)}
      />
    )
  }
  return (
    <form className="card till" onSubmit={submit} noValidate>
      <header className="till-head">
        <div>
          <h3>{t('till.has')}</h3>
          <p className="balance">
            <Money fen={till.balance} />
          </p>
        </div>
        <FactList
          facts={[
            { label: t('till.desk'), value: till.desk },
            { label: t('till.float'), value: formatFen(till.float) },
            { label: t('till.in'), value: signed('+', till.cashIn) },
            { label: t('till.out'), value: signed('−', till.cashOut) },
            ...(isZeroFen(till.held)
              ? []
              : [{ label: t('till.held'), value: formatFen(till.held) }]),
          ]}
        />
      </header>
      <h3>{t('till.closeTitle')}</h3>
      <CountFields typed={typed} onTyped={setTyped} />
      <p className="till-total" role="status">
        <span>{t('till.counted')}</span>
        <b>{counted === null ? '—' : <Money fen={counted} />}</b>
      </p>
      <p className={differs ? 'till-total till-differs' : 'till-total'} role="status">
        <span>{t('till.difference')}</span>
        <b>
          {difference === null ? '—' : <Money fen={difference} />}
          {difference !== null && !differs && <small> {t('till.balances')}</small>}
        </b>
      </p>
      {differs && (
        <>
          <SecondPersonNote />
          <Field
            id="till-reason"
            label={t('reason.label')}
            hint={t('till.reasonHint')}
            complaint={tried && reason.trim() === '' ? t('reason.missing') : ''}
            maxLength={200}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </>
      )}
      <Trouble problem={problem} />
      <button type="submit" className="button button-large button-primary" disabled={busy}>
        {t(differs ? 'till.ask' : 'till.close')}
      </button>
      {asking && counted !== null && (
        <ConfirmDialog
          title={t('till.confirm')}
          text={t(differs ? 'till.confirmDiffers' : 'till.confirmEqual')}
          action={t(differs ? 'till.ask' : 'till.close')}
          focusAction
          onConfirm={() => void close()}
          onClose={() => setAsking(false)}
        >
          <p className="dialog-amount">
            <Money fen={counted} />
          </p>
        </ConfirmDialog>
      )}
    </form>
  )
}
