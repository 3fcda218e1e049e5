// Asking for one act: what it will do, and why; where money is paid to its owner, who that is.
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '../ui/field.tsx'
import type { Act, ActKind, Difference } from './contract.ts'
import { FormEnd } from './form-end.tsx'
import type { OperatorApi } from './operator-api.ts'
import { ReasonField } from './reason-field.tsx'
import { Trouble } from './trouble.tsx'
import { useSend } from './use-send.ts'

type Properties = {
  api: OperatorApi
  difference: Difference
  kind: ActKind
  onAsked: () => Promise<void>
  onBack: () => void
}

export function AskForm({ api, difference, kind, onAsked, onBack }: Properties) {
  const { t } = useTranslation('operator')
  const { id, party } = difference
  const [reason, setReason] = useState('')
  const [msisdn, setMsisdn] = useState('')
  const [tried, setTried] = useState(false)
  const { busy, problem, send } = useSend()
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const needsOwner = kind === 'identified'
  const isMissing = reason.trim() === '' || (needsOwner && msisdn.trim() === '')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (isMissing || busy) return
    const answer = await send(() =>
      api.post<Act>(`/${party}-differences/${id}/acts`, {
        ...{ act: kind, reason: reason.trim() },
        ...(needsOwner && { msisdn: msisdn.trim() }),
      }),
    )
    if (!answer.ok) return
    onBack()
    await onAsked()
  }
  return (
    <form className="decision" onSubmit={submit} noValidate>
      <h4>{t(`act.${kind}`)}</h4>
      <p className="lead">{t(`will.${kind}`)}</p>
      {needsOwner && (
        <Field
          id={`msisdn-${id}`}
          label={t('form.msisdn')}
          complaint={tried && msisdn.trim() === '' ? t('form.msisdnMissing') : ''}
          inputMode="tel"
          maxLength={20}
          value={msisdn}
          onChange={(event) => setMsisdn(event.target.value)}
        />
      )}
      <ReasonField id={id} value={reason} tried={tried} onChange={setReason} reference={first} />
      <Trouble problem={problem} />
      <FormEnd action={t('form.ask')} busy={busy} onBack={onBack} />
    </form>
  )
}
