// Another role for somebody. His sessions end with it.
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormEnd } from '../form-end.tsx'
import type { OperatorApi } from '../operator-api.ts'
import { Trouble } from '../trouble.tsx'
import { useSend } from '../use-send.ts'
import type { KeptPerson } from './contract.ts'
import { RolesField } from './roles-field.tsx'

type Properties = {
  api: OperatorApi
  person: KeptPerson
  onDone: () => Promise<void>
  onBack: () => void
}

export function RolesForm({ api, person: { login, roles }, onDone, onBack }: Properties) {
  const { t } = useTranslation('operatorPeople')
  const [chosen, choose] = useState(roles)
  const { busy, problem, send } = useSend()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (chosen.length === 0 || busy) return
    const wanted = { roles: chosen }
    const answer = await send(() => api.put<KeptPerson>(`/people/${login}/roles`, wanted))
    if (!answer.ok) return
    onBack()
    await onDone()
  }
  return (
    <form className="decision" onSubmit={submit} noValidate>
      <h4>{t('change.roles')}</h4>
      <RolesField
        chosen={chosen}
        complaint={chosen.length === 0 ? t('wrong.roles') : ''}
        onChange={choose}
      />
      <p className="fine">{t('rolesEnd')}</p>
      <Trouble problem={problem} />
      <FormEnd action={t('save')} busy={busy} onBack={onBack} />
    </form>
  )
}
