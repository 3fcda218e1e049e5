// What is done to vouchers from one number to another. Selling is one person's act; ending them has a second.
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { codeDigits } from '../../ui/code-digits.ts'
import { Field } from '../../ui/field.tsx'
import { FormEnd } from '../form-end.tsx'
import type { OperatorApi } from '../operator-api.ts'
import { ReasonField } from '../reason-field.tsx'
import { SecondPersonFields, useSecondPerson } from '../second-person.tsx'
import { Trouble } from '../trouble.tsx'
import { useSend } from '../use-send.ts'
import type { Batch } from './contract.ts'

type Properties = {
  api: OperatorApi
  batch: Batch
  act: 'activate' | 'block' | 'expire'
  onDone: () => Promise<void>
  onBack: () => void
}

export function SpanForm({ api, batch: { id, count }, act, onDone, onBack }: Properties) {
  const { t } = useTranslation('operatorVouchers')
  const [from, setFrom] = useState('1')
  const [to, setTo] = useState(count)
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const person = useSecondPerson()
  const { busy, problem, send } = useSend()
  const needsSecond = act !== 'activate'
  const isSpan = Number(from) >= 1 && Number(from) <= Number(to) && Number(to) <= Number(count)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    const second = needsSecond ? person.asked() : {}
    if (!isSpan || !second || (needsSecond && reason.trim() === '') || busy) return
    const more = needsSecond && { ...second, reason: reason.trim() }
    const path = `/top-up-voucher-batches/${id}/${act}`
    const answer = await send(() => api.post(path, { from, to, ...more }))
    person.forget()
    if (!answer.ok) return
    onBack()
    await onDone()
  }
  const whole = (value: string) => String(Number(codeDigits(value, 6)) || '')
  return (
    <form className="decision" onSubmit={submit} noValidate>
      <h4>{t(`act.${act}`)}</h4>
      <p className="lead">{t(`will.${act}`)}</p>
      {act !== 'expire' && (
        <div className="points-days">
          <Field
            id={`from-${id}`}
            label={t('form.from')}
            inputMode="numeric"
            value={from}
            onChange={({ target }) => setFrom(whole(target.value))}
          />
          <Field
            id={`to-${id}`}
            label={t('form.to')}
            complaint={tried && !isSpan ? t('form.range') : ''}
            inputMode="numeric"
            value={to}
            onChange={({ target }) => setTo(whole(target.value))}
          />
        </div>
      )}
      {needsSecond && (
        <>
          <ReasonField id={id} value={reason} tried={tried} onChange={setReason} />
          <SecondPersonFields id={id} person={person} />
        </>
      )}
      <Trouble problem={problem} />
      <FormEnd action={t(`act.${act}`)} busy={busy} onBack={onBack} />
    </form>
  )
}
