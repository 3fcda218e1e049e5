// The second person: what was asked for and what will be left, and the supervisor's own login and code. The key of it
// stays while an answer may be missing, so that whoever tries again gives once.
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isLost } from '../../api.ts'
import { formatPoints } from '../../format-points.ts'
import { randomUuid } from '../../random-key.ts'
import { FactList } from '../../ui/fact-list.tsx'
import { FormEnd } from '../form-end.tsx'
import type { OperatorApi } from '../operator-api.ts'
import { SecondPersonFields, useSecondPerson } from '../second-person.tsx'
import { Trouble } from '../trouble.tsx'
import { useSend } from '../use-send.ts'
import { useWho } from '../who.ts'
import type { Way } from './adjust-form.tsx'
import type { Wallet } from './contract.ts'

type Properties = {
  api: OperatorApi
  wallet: Wallet
  has: string
  asked: { way: Way; points: number; reason: string }
  onDone: () => Promise<void>
  onBack: () => void
}

export function AgreeForm({ api, wallet, has, asked, onDone, onBack }: Properties) {
  const { t } = useTranslation('operatorPoints')
  const { t: all } = useTranslation('operator')
  const [key] = useState(randomUuid)
  const who = useWho()
  const person = useSecondPerson()
  const [mayBeDone, setMayBeDone] = useState(false)
  const { busy, problem, send } = useSend()
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const { way, reason } = asked
  const change = way === 'give' ? asked.points : -asked.points
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const second = person.asked()
    if (!second || busy) return
    const answer = await send(() =>
      api.put(`/wallets/${wallet.id}/points-adjustments/${key}`, {
        ...{ points: String(change), reason, ...second },
      }),
    )
    person.forget()
    if (answer.ok) return onDone()
    if (isLost(answer.problem)) setMayBeDone(true)
  }
  return (
    <form className="decision" onSubmit={submit} noValidate>
      <h4>{t(`adjust.way.${way}`)}</h4>
      <FactList
        facts={[
          { label: t('adjust.points'), value: formatPoints(String(asked.points)) },
          {
            label: t('adjust.left'),
            value: formatPoints((BigInt(has) + BigInt(change)).toString()),
          },
          { label: all('form.reason'), value: reason },
          { label: t('adjust.askedBy'), value: who.login },
        ]}
      />
      <SecondPersonFields id={key} person={person} reference={first} />
      <Trouble problem={problem} />
      {mayBeDone && <p className="note">{t('adjust.lost')}</p>}
      <FormEnd
        action={all('waiting.approve')}
        busy={busy}
        onBack={mayBeDone ? undefined : onBack}
      />
    </form>
  )
}
