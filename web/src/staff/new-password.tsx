// The password that was handed over opens nothing but this. The new one is typed twice and kept nowhere.
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answer, Problem } from '../api.ts'
import { codeDigits } from '../ui/code-digits.ts'
import { Field } from '../ui/field.tsx'
import { Lobby, type LobbyPage } from './lobby.tsx'

type Properties = LobbyPage & {
  name: string
  change: (body: object) => Promise<Answer<unknown>>
  onDone: () => Promise<void>
  signOut: () => Promise<void>
}

/** As the server asks for it. */
const shortest = 12

export function NewPassword(properties: Properties) {
  const { title, Trouble, name, change, onDone, signOut } = properties
  const { t } = useTranslation('staff')
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [complaint, setComplaint] = useState<'short' | 'differs' | 'code' | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const current = useRef<HTMLInputElement>(null)
  const next = useRef<HTMLInputElement>(null)
  const repeated = useRef<HTMLInputElement>(null)
  const codeField = useRef<HTMLInputElement>(null)
  useEffect(() => current.current?.focus(), [])

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const typed = { current: current.current?.value ?? '', next: next.current?.value ?? '' }
    setComplaint(null)
    if (typed.current === '') return current.current?.focus()
    if (typed.next.length < shortest) {
      setComplaint('short')
      return next.current?.focus()
    }
    if (typed.next !== repeated.current?.value) {
      setComplaint('differs')
      return repeated.current?.focus()
    }
    if (code.length < 6) {
      setComplaint('code')
      return codeField.current?.focus()
    }
    setBusy(true)
    const answer = await change({ ...typed, code })
    setBusy(false)
    setCode('')
    if (answer.ok) return onDone()
    setProblem(answer.problem)
    codeField.current?.focus()
  }
  return (
    <Lobby title={title} Trouble={Trouble}>
      <form onSubmit={submit} noValidate>
        <h1>{t('newPassword.title')}</h1>
        <p className="lead">{t('newPassword.lead', { name })}</p>
        <Field
          id="current"
          label={t('newPassword.current')}
          reference={current}
          type="password"
          autoComplete="current-password"
        />
        <Field
          id="next"
          label={t('newPassword.next')}
          hint={t('newPassword.nextHint')}
          complaint={complaint === 'short' ? t('newPassword.short') : ''}
          reference={next}
          type="password"
          autoComplete="new-password"
        />
        <Field
          id="repeated"
          label={t('newPassword.repeat')}
          complaint={complaint === 'differs' ? t('newPassword.differs') : ''}
          reference={repeated}
          type="password"
          autoComplete="new-password"
        />
        <Field
          id="code"
          label={t('signIn.code')}
          hint={t('newPassword.codeHint')}
          complaint={complaint === 'code' ? t('signIn.codeMissing') : ''}
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
          {t('newPassword.submit')}
        </button>
        <button type="button" className="button whole" onClick={() => void signOut()}>
          {t('signOut')}
        </button>
      </form>
    </Lobby>
  )
}
