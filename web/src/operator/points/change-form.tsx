// Another price of a reward, or another last day; one in the past ends it.
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { codeDigits } from '../../ui/code-digits.ts'
import { Field } from '../../ui/field.tsx'
import { FormEnd } from '../form-end.tsx'
import type { OperatorApi } from '../operator-api.ts'
import { Trouble } from '../trouble.tsx'
import { useSend } from '../use-send.ts'
import type { Reward } from './contract.ts'
import { endOf, lastDayOf } from './days.ts'

type Properties = {
  api: OperatorApi
  reward: Reward
  onDone: () => Promise<void>
  onBack: () => void
}

export function ChangeForm({ api, reward, onDone, onBack }: Properties) {
  const { t } = useTranslation('operatorPoints')
  const { id, until } = reward
  const [points, setPoints] = useState(reward.points)
  const [day, setDay] = useState(lastDayOf(until))
  const [tried, setTried] = useState(false)
  const { busy, problem, send } = useSend()
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (Number(points) < 1 || day === '' || busy) return
    const answer = await send(() =>
      api.patch<Reward>(`/points/rewards/${id}`, {
        points: String(Number(points)),
        // What was not touched stays to the second.
        ...(day !== lastDayOf(until) && { until: endOf(day) }),
      }),
    )
    if (!answer.ok) return
    onBack()
    await onDone()
  }
  return (
    <form className="decision" onSubmit={submit} noValidate>
      <h4>{t('reward.act.change')}</h4>
      <Field
        id={`price-${id}`}
        label={t('form.points')}
        hint={t('change.pointsHint')}
        complaint={tried && Number(points) < 1 ? t('form.pointsMissing') : ''}
        reference={first}
        inputMode="numeric"
        value={points}
        onChange={(event) => setPoints(codeDigits(event.target.value, 8))}
      />
      <Field
        id={`until-${id}`}
        label={t('form.until')}
        hint={t('change.untilHint')}
        complaint={tried && day === '' ? t('form.dayMissing') : ''}
        type="date"
        value={day}
        onChange={(event) => setDay(event.target.value)}
      />
      <Trouble problem={problem} />
      <FormEnd action={t('change.action')} busy={busy} onBack={onBack} />
    </form>
  )
}
