// What a comparison with the bank has shown, and why that is sure: one person says it, a second one agrees.
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isLost } from '../../api.ts'
import { Group } from '../../ui/group.tsx'
import { FormEnd } from '../form-end.tsx'
import type { OperatorApi } from '../operator-api.ts'
import { ReasonField } from '../reason-field.tsx'
import { SecondPersonFields, useSecondPerson } from '../second-person.tsx'
import { Trouble } from '../trouble.tsx'
import { useSend } from '../use-send.ts'
import { type Movement, type Outcome, outcomes, wayOf } from './contract.ts'

type Properties = {
  api: OperatorApi
  movement: Movement
  onResolved: (said: string) => Promise<void>
  onReload: () => Promise<void>
  onBack: () => void
}

export function ResolveForm({ api, movement, onResolved, onReload, onBack }: Properties) {
  const { t } = useTranslation('operatorMovements')
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const [mayBeDone, setMayBeDone] = useState(false)
  const person = useSecondPerson()
  const { busy, problem, send } = useSend()
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const { id } = movement
  const way = wayOf(movement)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    const second = person.asked()
    if (outcome === null || reason.trim() === '' || !second || busy) return
    const said = { outcome, reason: reason.trim(), ...second }
    const answer = await send(() => api.post(`/movements/${id}/resolve`, said))
    person.forget()
    if (answer.ok) return onResolved(t(`done.${way}.${outcome}`))
    if (isLost(answer.problem)) setMayBeDone(true)
  }
  const leave = () => {
    onBack()
    if (problem) void onReload()
  }
  return (
    <form className="decision" onSubmit={submit} noValidate>
      <h4 id={`found-${id}`}>{t('found')}</h4>
      <Group className="choices" label={t('found')}>
        {outcomes.map((one, n) => (
          <label key={one} className="tick">
            <input
              type="radio"
              name={`outcome-${id}`}
              ref={n === 0 ? first : null}
              checked={one === outcome}
              onChange={() => setOutcome(one)}
            />
            {t(`outcome.${way}.${one}`)}
          </label>
        ))}
        {outcome === null ? (
          <p className="note note-bad" role="status">
            {tried && t('outcomeMissing')}
          </p>
        ) : (
          <p className="lead" role="status">
            {t(`will.${way}.${outcome}`)}
          </p>
        )}
      </Group>
      <ReasonField id={id} value={reason} tried={tried} onChange={setReason} />
      <SecondPersonFields id={id} person={person} />
      <Trouble problem={problem} />
      {mayBeDone && <p className="note">{t('lost')}</p>}
      <FormEnd action={t('submit')} busy={busy} onBack={leave} />
    </form>
  )
}
