// Signing in: the number, then the code that it got by text; or a passkey of this device, without either.
import { browserSupportsWebAuthn, startAuthentication } from '@simplewebauthn/browser'
import { Fingerprint } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../api.ts'
import { digitsOf, isMobile, spacedMsisdn } from '../../msisdn.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { LanguageSwitch } from '../../ui/language-switch.tsx'
import { Logo } from '../../ui/logo.tsx'
import { consumerApi } from '../consumer-api.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useCountdown } from '../use-countdown.ts'

type Properties = { onSignedIn: () => void }

const resendMs = 60_000

export function SignInScreen({ onSignedIn }: Properties) {
  const { t, i18n } = useTranslation('app')
  const [number, setNumber] = useState('')
  const [isSent, setSent] = useState(false)
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<Problem | null>(null)
  const [busy, setBusy] = useState(false)
  const resend = useCountdown()

  async function sendCode() {
    const answer = await consumerApi.post('/codes', {
      number: digitsOf(number),
      language: i18n.language === 'en' ? 'en' : 'zh',
    })
    setProblem(answer.ok ? null : answer.problem)
    if (!answer.ok) return
    setSent(true)
    resend.start(resendMs)
  }

  async function enter() {
    const answer = await consumerApi.post('/sessions', { number: digitsOf(number), code })
    if (answer.ok) return onSignedIn()
    setProblem(answer.problem)
    setCode('')
  }

  async function enterWithPasskey() {
    const asked = await consumerApi.post<{ id: string; options: never }>('/sessions/options')
    if (!asked.ok) return setProblem(asked.problem)
    const { id, options } = asked.value
    // Closed by the reader: nothing happened.
    const response = await startAuthentication({ optionsJSON: options }).catch(() => null)
    if (response === null) return
    const answer = await consumerApi.post('/sessions/passkey', { id, response })
    if (answer.ok) return onSignedIn()
    setProblem(answer.problem)
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    void (isSent ? enter() : sendCode()).finally(() => setBusy(false))
  }

  const isReady = isSent ? /^\d{6}$/.test(code) : isMobile(number)
  return (
    <main className="sign-in">
      <div className="sign-in-top">
        <Logo size={56} />
        <LanguageSwitch className="button button-small" />
      </div>
      <h1>{t('signIn.title')}</h1>
      <p className="muted">{isSent ? t('signIn.sent', { number }) : t('signIn.lead')}</p>
      <form onSubmit={submit}>
        {isSent ? (
          <label className="field">
            <span>{t('signIn.code')}</span>
            <input
              key="code"
              className="num"
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={6}
              value={code}
              ref={(input) => input?.focus()}
              onChange={({ target }) =>
                setCode(target.value.normalize('NFKC').replace(/\D/g, '').slice(0, 6))
              }
            />
          </label>
        ) : (
          <label className="field">
            <span>{t('signIn.number')}</span>
            <input
              key="number"
              className="num"
              type="tel"
              inputMode="tel"
              autoComplete="tel-national"
              value={spacedMsisdn(digitsOf(number))}
              onChange={({ target }) => setNumber(digitsOf(target.value))}
            />
          </label>
        )}
        {problem && <ProblemNote problem={problem} />}
        <button
          type="submit"
          className="button button-primary button-large wide"
          disabled={busy || !isReady}
          aria-busy={busy}
        >
          {isSent ? t('signIn.enter') : t('signIn.send')}
        </button>
      </form>
      {isSent && (
        <div className="sign-in-more">
          <ActionButton className="link-button" disabled={resend.leftMs > 0} onAct={sendCode}>
            {resend.leftMs > 0
              ? t('signIn.again', { seconds: Math.ceil(resend.leftMs / 1_000) })
              : t('signIn.resend')}
          </ActionButton>
          <button
            type="button"
            className="link-button"
            onClick={() => {
              setSent(false)
              setCode('')
              setProblem(null)
            }}
          >
            {t('signIn.other')}
          </button>
        </div>
      )}
      {!isSent && browserSupportsWebAuthn() && (
        <ActionButton className="button button-large wide" onAct={enterWithPasskey}>
          <Icon of={Fingerprint} size={20} />
          {t('signIn.passkey')}
        </ActionButton>
      )}
      <p className="fine muted">{t('signIn.fine')}</p>
    </main>
  )
}
