// A new person: login, name, where, and what he may do. What opens his first session comes with the answer.
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Role } from '../../staff/session.ts'
import { Field } from '../../ui/field.tsx'
import { FormEnd } from '../form-end.tsx'
import type { OperatorApi } from '../operator-api.ts'
import { Trouble } from '../trouble.tsx'
import { useSend } from '../use-send.ts'
import type { Handover } from './contract.ts'
import { RolesField } from './roles-field.tsx'

type Properties = {
  api: OperatorApi
  onAdded: (handover: Handover) => Promise<void>
  onBack: () => void
}

const names = ['login', 'name', 'office'] as const
type Name = (typeof names)[number]

/** As the server takes them. */
const loginShape = /^[a-z0-9][a-z0-9._-]{1,31}$/

export function PersonForm({ api, onAdded, onBack }: Properties) {
  const { t } = useTranslation('operatorPeople')
  const [typed, setTyped] = useState<Record<Name, string>>({ login: '', name: '', office: '' })
  const [roles, setRoles] = useState<Role[]>([])
  const [tried, setTried] = useState(false)
  const { busy, problem, send } = useSend()
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const given = { ...trimmed(typed), roles }
  const isWrong = (name: Name) =>
    name === 'login' ? !loginShape.test(given.login) : given[name] === ''
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (names.some(isWrong) || roles.length === 0 || busy) return
    const answer = await send(() => api.post<Handover>('/people', given))
    if (answer.ok) await onAdded(answer.value)
  }
  return (
    <form className="card approval points-form" onSubmit={submit} noValidate>
      <h3>{t('add')}</h3>
      {names.map((name) => (
        <Field
          key={name}
          id={`person-${name}`}
          label={t(name)}
          hint={name === 'login' ? t('loginHint') : ''}
          complaint={tried && isWrong(name) ? t(`wrong.${name}`) : ''}
          {...(name === 'login' && { reference: first, autoCapitalize: 'none' })}
          maxLength={name === 'login' ? 32 : 40}
          value={typed[name]}
          onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
        />
      ))}
      <RolesField
        chosen={roles}
        complaint={tried && roles.length === 0 ? t('wrong.roles') : ''}
        onChange={setRoles}
      />
      <Trouble problem={problem} />
      <FormEnd action={t('addAction')} busy={busy} onBack={onBack} />
    </form>
  )
}

const trimmed = ({ login, name, office }: Record<Name, string>) => ({
  login: login.trim().toLowerCase(),
  name: name.trim(),
  office: office.trim(),
})
