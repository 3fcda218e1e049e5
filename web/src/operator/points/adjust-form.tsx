// Points given or taken by hand: one person says how many and why; then a second one agrees.
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { codeDigits } from '../../ui/code-digits.ts'
import { Field } from '../../ui/field.tsx'
import { Group } from '../../ui/group.tsx'
import { FormEnd } from '../form-end.tsx'
import type { OperatorApi } from '../operator-api.ts'
import { ReasonField } from '../reason-field.tsx'
import { AgreeForm } from './agree-form.tsx'
import type { Wallet } from './contract.ts'

type Properties = {
  api: OperatorApi
  wallet: Wallet
  has: string
  onChanged: () => Promise<void>
}

const ways = ['give', 'take'] as const
export type Way = (typeof ways)[number]

const most = 1_000_000

export function AdjustForm({ api, wallet, has, onChanged }: Properties) {
  const { t } = useTranslation('operatorPoints')
  const [way, setWay] = useState<Way | null>(null)
  const [done, setDone] = useState<Way | null>(null)
  if (way === null) {
    return (
      <div className="decision">
        {done && (
          <p className="good" role="status">
            {t(`adjust.done.${done}`)}
          </p>
        )}
        <Group className="row approval-actions" label={t('adjust.title')}>
          {ways.map((one) => (
            <button key={one} type="button" className="button" onClick={() => setWay(one)}>
              {t(`adjust.way.${one}`)}
            </button>
          ))}
        </Group>
      </div>
    )
  }
  return (
    <Adjusting
      {...{ api, wallet, has, way }}
      onBack={() => setWay(null)}
      onDone={() => {
        setDone(way)
        setWay(null)
        return onChanged()
      }}
    />
  )
}

type AdjustingProperties = Omit<Properties, 'onChanged'> & {
  way: Way
  onBack: () => void
  onDone: () => Promise<void>
}

function Adjusting({ api, wallet, has, way, onBack, onDone }: AdjustingProperties) {
  const { t } = useTranslation('operatorPoints')
  const [points, setPoints] = useState('')
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const [isAsked, ask] = useState(false)
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (!isAsked) first.current?.focus()
  }, [isAsked])
  const gap = gapOf(points, has, way)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (gap === null && reason.trim() !== '') ask(true)
  }
  if (isAsked) {
    const asked = { way, points: Number(points), reason: reason.trim() }
    return <AgreeForm {...{ api, wallet, has, asked, onDone }} onBack={() => ask(false)} />
  }
  return (
    <form className="decision" onSubmit={submit} noValidate>
      <h4>{t(`adjust.way.${way}`)}</h4>
      <Field
        id="adjust-points"
        label={t('adjust.points')}
        hint={t('adjust.pointsHint')}
        complaint={tried && gap !== null ? t(`adjust.${gap}`) : ''}
        reference={first}
        inputMode="numeric"
        value={points}
        onChange={(event) => setPoints(codeDigits(event.target.value, 7))}
      />
      <ReasonField id={wallet.id} value={reason} tried={tried} onChange={setReason} />
      <FormEnd action={t('adjust.next')} onBack={onBack} />
    </form>
  )
}

function gapOf(typed: string, has: string, way: Way): 'pointsMissing' | 'tooFew' | null {
  const points = Number(typed)
  if (points < 1 || points > most) return 'pointsMissing'
  return way === 'take' && BigInt(has) < BigInt(points) ? 'tooFew' : null
}
