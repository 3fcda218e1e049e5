// Both factors at once. What was typed is forgotten with the answer, whatever it was.
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answer, Problem } from '../api.ts'
import { codeDigits } from '../ui/code-digits.ts'
import { Field } from '../ui/field.tsx'
import { type DemoCredentials, DemoPeople, type DemoPerson } from './demo-people.tsx'
import { Lobby, type LobbyPage } from './lobby.tsx'

type Properties = LobbyPage & {
  why: 'none' | 'over' | 'left'
  demoPeople: readonly DemoPerson[]
  signIn: (credentials: object) => Promise<Answer<unknown>>
}

export function SignIn({ title, Trouble, why, demoPeople, signIn }: Properties) {
  const { t } = useTranslation('staff')
  const [login, setLogin] = useState('')
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [tried, setTried] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const loginField = useRef<HTMLInputElement>(null)
  const passwordField = useRef<HTMLInputElement>(null)
  const codeField = useRef<HTMLInputElement>(null)
  useEffect(() => loginField.current?.focus(), [])

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const password = passwordField.current?.value ?? ''
    setTried(true)
    if (login.trim() === '') return loginField.current?.focus()
    if (password === '') return passwordField.current?.focus()
    if (code.length < 6) return codeField.current?.focus()
    setBusy(true)
    const answer = await signIn({ login: login.trim().toLowerCase(), password, code })
    if (answer.ok) return
    setBusy(false)
    setCode('')
    if (passwordField.current) passwordField.current.value = ''
    setTried(false)
    setProblem(answer.problem)
    passwordField.current?.focus()
  }
  const pick = (person: DemoCredentials) => {
    setLogin(person.login)
    setCode(person.code)
    if (passwordField.current) passwordField.current.value = person.password
  }
  return (
    <Lobby title={title} Trouble={Trouble}>
      <form onSubmit={submit} noValidate>
        <h1>{t('signIn.title')}</h1>
        <p className="lead" role="status">
          {why === 'none' ? t('signIn.lead') : t(`signIn.${why}`)}
        </p>
        <DemoPeople people={demoPeople} onPick={pick} />
        <Field
          id="login"
          label={t('signIn.login')}
          complaint={tried && login.trim() === '' ? t('signIn.loginMissing') : ''}
          reference={loginField}
          autoComplete="username"
          autoCapitalize="none"
          value={login}
          onChange={(event) => setLogin(event.target.value)}
        />
        <Field
          id="password"
          label={t('signIn.password')}
          reference={passwordField}
          type="password"
          autoComplete="current-password"
        />
        <Field
          id="code"
          label={t('signIn.code')}
          hint={t('signIn.codeHint')}
          complaint={tried && code.length < 6 ? t('signIn.codeMissing') : ''}
          reference={codeField}
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={(event) => setCode(codeDigits(event.target.value))}
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
    </Lobby>
  )
}
