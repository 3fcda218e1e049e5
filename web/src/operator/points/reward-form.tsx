// A new reward: its name in both languages, its price, of which kind, and from when until when.
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { checkoutZone, dateOf } from '../../time.ts'
import { codeDigits } from '../../ui/code-digits.ts'
import { Field } from '../../ui/field.tsx'
import { Group } from '../../ui/group.tsx'
import { FormEnd } from '../form-end.tsx'
import type { OperatorApi } from '../operator-api.ts'
import { Trouble } from '../trouble.tsx'
import { useSend } from '../use-send.ts'
import type { Reward } from './contract.ts'
import { endOf, startOf } from './days.ts'

type Properties = { api: OperatorApi; onAdded: () => Promise<void>; onBack: () => void }

const kinds = ['voucher', 'stock'] as const
type Name = keyof typeof missing
const missing = {
  zh: 'nameMissing',
  en: 'nameMissing',
  points: 'pointsMissing',
  from: 'dayMissing',
  until: 'dayMissing',
} as const
const names = Object.keys(missing) as Name[]
const empty: Record<Name, string> = { zh: '', en: '', points: '', from: '', until: '' }

export function RewardForm({ api, onAdded, onBack }: Properties) {
  const { t } = useTranslation('operatorPoints')
  const [typed, setTyped] = useState({ ...empty, from: dateOf(Date.now(), checkoutZone) })
  const [kind, setKind] = useState<Reward['kind']>('voucher')
  const [tried, setTried] = useState(false)
  const { busy, problem, send } = useSend()
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const isMissing = (name: Name) => typed[name].trim() === ''
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (names.some(isMissing) || busy) return
    const { zh, en, points, from, until } = typed
    const answer = await send(() =>
      api.post<Reward>('/points/rewards', {
        ...{ name: { zh: zh.trim(), en: en.trim() }, points, kind },
        ...{ from: startOf(from), until: endOf(until) },
      }),
    )
    if (!answer.ok) return
    onBack()
    await onAdded()
  }
  const field = (name: Name) => ({
    id: `reward-${name}`,
    label: t(`form.${name}`),
    value: typed[name],
    complaint: tried && isMissing(name) ? t(`form.${missing[name]}`) : '',
  })
  const set = (name: Name, value: string) => setTyped({ ...typed, [name]: value })
  return (
    <form className="card approval points-form" onSubmit={submit} noValidate>
      <h3>{t('reward.add')}</h3>
      <Field
        {...field('zh')}
        reference={first}
        maxLength={24}
        onChange={({ target }) => set('zh', target.value)}
      />
      <Field {...field('en')} maxLength={24} onChange={({ target }) => set('en', target.value)} />
      <Field
        {...field('points')}
        inputMode="numeric"
        onChange={({ target }) => set('points', String(Number(codeDigits(target.value, 8)) || ''))}
      />
      <Group className="choices" label={t('reward.kind')}>
        <span className="choices-label">{t('reward.kind')}</span>
        {kinds.map((one) => (
          <label key={one} className="tick">
            <input type="radio" name="kind" checked={one === kind} onChange={() => setKind(one)} />
            {t(`form.kinds.${one}`)}
          </label>
        ))}
      </Group>
      <div className="points-days">
        <Field
          {...field('from')}
          type="date"
          onChange={({ target }) => set('from', target.value)}
        />
        <Field
          {...field('until')}
          type="date"
          onChange={({ target }) => set('until', target.value)}
        />
      </div>
      <p className="fine">{t('form.stockNext')}</p>
      <Trouble problem={problem} />
      <FormEnd action={t('form.action')} busy={busy} onBack={onBack} />
    </form>
  )
}
