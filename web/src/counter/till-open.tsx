// A shift begins with a float that was counted, not with one that was assumed.
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api.ts'
import { Field } from '../ui/field.tsx'
import { Money } from '../ui/money.tsx'
import { countsOf, type TypedCounts, totalOf } from './cash.ts'
import { CountFields } from './count-fields.tsx'
import { useCounter } from './counter-context.ts'
import { Trouble } from './trouble.tsx'
import type { TillView } from './views.ts'

export function TillOpen() {
  const { t } = useTranslation('counter')
  const { api, refreshSession } = useCounter()
  const [desk, setDesk] = useState('')
  const [typed, setTyped] = useState<TypedCounts>({})
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const counts = countsOf(typed)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (busy || !counts) return
    if (desk.trim() === '') return document.getElementById('desk')?.focus()
    setBusy(true)
    const answer = await api.post<TillView>('/till/open', { desk: desk.trim(), counts })
    setBusy(false)
    if (answer.ok) await refreshSession()
    else setProblem(answer.problem)
  }
  return (
    <form className="card till" onSubmit={submit} noValidate>
      <h3>{t('till.openTitle')}</h3>
      <p className="lead">{t('till.openLead')}</p>
      <div className="single">
        <Field
          id="desk"
          label={t('till.desk')}
          complaint={tried && desk.trim() === '' ? t('till.deskMissing') : ''}
          reference={field}
          maxLength={20}
          value={desk}
          onChange={(event) => setDesk(event.target.value)}
        />
      </div>
      <CountFields typed={typed} onTyped={setTyped} />
      <p className="till-total" role="status">
        <span>{t('till.float')}</span>
        <b>{counts ? <Money fen={totalOf(counts)} /> : '—'}</b>
      </p>
      <Trouble problem={problem} />
      <button type="submit" className="button button-large button-primary" disabled={busy}>
        {t('till.open')}
      </button>
    </form>
  )
}
