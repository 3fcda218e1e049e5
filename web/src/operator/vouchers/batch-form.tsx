// Asking for a batch: what its vouchers are worth, how many, who sells them, and the supervisor who agrees.
// The id stays while an answer may be missing, so that whoever tries again asks once.
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { randomUuid } from '../../random-key.ts'
import { codeDigits } from '../../ui/code-digits.ts'
import { Field } from '../../ui/field.tsx'
import { FormEnd } from '../form-end.tsx'
import type { OperatorApi } from '../operator-api.ts'
import { endOf } from '../points/days.ts'
import { SecondPersonFields, useSecondPerson } from '../second-person.tsx'
import { Trouble } from '../trouble.tsx'
import { useSend } from '../use-send.ts'
import type { Batch } from './contract.ts'

type Properties = { api: OperatorApi; onAdded: () => Promise<void>; onBack: () => void }

const empty = { name: '', seller: '', amount: '', count: '', until: '' }
type Name = keyof typeof empty
const names = Object.keys(empty) as Name[]

export function BatchForm({ api, onAdded, onBack }: Properties) {
  const { t } = useTranslation('operatorVouchers')
  const [id] = useState(randomUuid)
  const [typed, setTyped] = useState(empty)
  const [tried, setTried] = useState(false)
  const person = useSecondPerson()
  const { busy, problem, send } = useSend()
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const isMissing = (name: Name) => typed[name].trim() === ''
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    const second = person.asked()
    if (names.some(isMissing) || !second || busy) return
    const { name, seller, amount, count, until } = typed
    const answer = await send(() =>
      api.put<Batch>(`/top-up-voucher-batches/${id}`, {
        ...{ name: name.trim(), seller: seller.trim(), amount: `${amount}00`, count },
        ...{ validUntil: endOf(until), ...second },
      }),
    )
    person.forget()
    if (!answer.ok) return
    onBack()
    await onAdded()
  }
  const field = (name: Name) => ({
    id: `batch-${name}`,
    label: t(`form.${name}`),
    value: typed[name],
    complaint: tried && isMissing(name) ? t('form.missing') : '',
  })
  const set = (name: Name, value: string) => setTyped({ ...typed, [name]: value })
  const whole = (value: string, digits: number) => String(Number(codeDigits(value, digits)) || '')
  return (
    <form className="card approval points-form" onSubmit={submit} noValidate>
      <h3>{t('add')}</h3>
      <Field
        {...field('name')}
        reference={first}
        maxLength={40}
        onChange={({ target }) => set('name', target.value)}
      />
      <Field
        {...field('seller')}
        hint={t('form.sellerHint')}
        autoCapitalize="none"
        maxLength={32}
        onChange={({ target }) => set('seller', target.value)}
      />
      <Field
        {...field('amount')}
        hint={t('form.amountHint')}
        inputMode="numeric"
        onChange={({ target }) => set('amount', whole(target.value, 4))}
      />
      <Field
        {...field('count')}
        hint={t('form.countHint')}
        inputMode="numeric"
        onChange={({ target }) => set('count', whole(target.value, 6))}
      />
      <Field
        {...field('until')}
        type="date"
        onChange={({ target }) => set('until', target.value)}
      />
      <SecondPersonFields id={id} person={person} />
      <Trouble problem={problem} />
      <FormEnd action={t('form.action')} busy={busy} onBack={onBack} />
    </form>
  )
}
