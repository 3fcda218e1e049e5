// The token of the operator, and who has it in hand. Both are forgotten with the page.
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '../ui/field.tsx'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { Logo } from '../ui/logo.tsx'
import { createOperatorApi, type OperatorApi } from './operator-api.ts'
import { Trouble } from './trouble.tsx'
import { useSend } from './use-send.ts'

export function SignIn({ onSignedIn }: { onSignedIn: (api: OperatorApi) => void }) {
  const { t } = useTranslation('operator')
  const [name, setName] = useState('')
  const [tried, setTried] = useState(false)
  const { busy, problem, send } = useSend()
  const tokenField = useRef<HTMLInputElement>(null)
  const nameField = useRef<HTMLInputElement>(null)
  useEffect(() => tokenField.current?.focus(), [])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const token = tokenField.current?.value.trim() ?? ''
    setTried(true)
    if (token === '') return tokenField.current?.focus()
    if (name.trim() === '') return nameField.current?.focus()
    const api = createOperatorApi({ token, name: name.trim() })
    const answer = await send(() => api.get('/policy'))
    if (answer.ok) return onSignedIn(api)
    tokenField.current?.focus()
  }
  return (
    <div className="lobby">
      <header className="lobby-head">
        <Logo size={32} />
        <b className="grow">{t('title')}</b>
        <LanguageSwitch className="link-button" />
      </header>
      <main className="card lobby-card">
        <form onSubmit={submit} noValidate>
          <h1>{t('signIn.title')}</h1>
          <p className="lead">{t('signIn.lead')}</p>
          <Field
            id="token"
            label={t('signIn.token')}
            complaint={tried && !tokenField.current?.value ? t('signIn.tokenMissing') : ''}
            reference={tokenField}
            type="password"
          />
          <Field
            id="name"
            label={t('signIn.name')}
            hint={t('signIn.nameHint')}
            complaint={tried && name.trim() === '' ? t('signIn.nameMissing') : ''}
            reference={nameField}
            maxLength={64}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Trouble problem={problem} />
          <button
            type="submit"
            className="button button-large button-primary whole"
            disabled={busy}
            aria-busy={busy}
          >
            {t('signIn.submit')}
          </button>
        </form>
      </main>
    </div>
  )
}
