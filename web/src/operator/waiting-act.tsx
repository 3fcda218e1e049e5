// What somebody has asked for: another agrees with a fresh code of his own, or it is declined.
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { checkoutZone, dateTimeOf } from '../time.ts'
import { ActionButton } from '../ui/action-button.tsx'
import { codeDigits } from '../ui/code-digits.ts'
import { FactList } from '../ui/fact-list.tsx'
import { Field } from '../ui/field.tsx'
import type { Act, Party } from './contract.ts'
import type { OperatorApi } from './operator-api.ts'
import { Trouble } from './trouble.tsx'
import { useSend } from './use-send.ts'

type Properties = { api: OperatorApi; party: Party; act: Act; onDecided: () => Promise<void> }

export function WaitingAct({ api, party, act, onDecided }: Properties) {
  const { t } = useTranslation('operator')
  const { id, kind } = act
  const [login, setLogin] = useState('')
  const [code, setCode] = useState('')
  const [tried, setTried] = useState(false)
  const { busy, problem, send } = useSend()
  const decide = async (way: 'approve' | 'decline', body: object) => {
    const answer = await send(() => api.post<Act>(`/${party}-acts/${id}/${way}`, body))
    setCode('')
    setTried(false)
    if (answer.ok) await onDecided()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (login.trim() === '' || code.length < 6 || busy) return
    void decide('approve', { login: login.trim(), code })
  }
  return (
    <form className="decision" onSubmit={submit} noValidate>
      {kind !== 'complete_file' && <h4>{t(`act.${kind}`)}</h4>}
      <FactList
        facts={[
          { label: t('waiting.by'), value: act.askedBy },
          { label: t('waiting.reason'), value: act.reason },
          {
            label: t('waiting.until'),
            value: dateTimeOf(Date.parse(act.expiresAt), checkoutZone),
          },
        ]}
      />
      <Field
        id={`login-${id}`}
        label={t('waiting.login')}
        complaint={tried && login.trim() === '' ? t('waiting.loginMissing') : ''}
        autoCapitalize="none"
        maxLength={32}
        value={login}
        onChange={(event) => setLogin(event.target.value)}
      />
      <Field
        id={`code-${id}`}
        label={t('waiting.code')}
        hint={t('waiting.codeHint')}
        complaint={tried && code.length < 6 ? t('waiting.codeMissing') : ''}
        inputMode="numeric"
        autoComplete="one-time-code"
        value={code}
        onChange={(event) => setCode(codeDigits(event.target.value))}
      />
      <Trouble problem={problem} />
      <div className="row approval-actions">
        <button type="submit" className="button button-primary" disabled={busy} aria-busy={busy}>
          {t('waiting.approve')}
        </button>
        <ActionButton
          className="button button-danger"
          disabled={busy}
          onAct={() => decide('decline', {})}
        >
          {t('waiting.decline')}
        </ActionButton>
      </div>
    </form>
  )
}
