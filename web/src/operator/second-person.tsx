// Whoever agrees to what another asks for: the own login, and a fresh code of the own authenticator.
import { type Ref, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { codeDigits } from '../ui/code-digits.ts'
import { Field } from '../ui/field.tsx'
import { useWho } from './who.ts'

export type SecondPerson = ReturnType<typeof useSecondPerson>

/** Whoever is signed in and may agree to what somebody else asked for has only to give a code. */
export function useSecondPerson(askedBy?: string) {
  const who = useWho()
  const isSecond =
    askedBy !== undefined && who.login !== askedBy && who.roles.includes('supervisor')
  const [login, setLogin] = useState(isSecond ? who.login : '')
  const [code, setCode] = useState('')
  const [tried, setTried] = useState(false)
  return {
    ...{ login, setLogin, code, setCode, tried },
    /** Both, or null; from then on the fields say what is missing. */
    asked() {
      setTried(true)
      return login.trim() === '' || code.length < 6 ? null : { login: login.trim(), code }
    },
    /** A code counts once. */
    forget() {
      setCode('')
      setTried(false)
    },
  }
}

type Properties = { id: string; person: SecondPerson; reference?: Ref<HTMLInputElement> }

export function SecondPersonFields({ id, person, reference }: Properties) {
  const { t } = useTranslation('operator')
  const { login, setLogin, code, setCode, tried } = person
  return (
    <>
      <Field
        id={`login-${id}`}
        label={t('waiting.login')}
        complaint={tried && login.trim() === '' ? t('waiting.loginMissing') : ''}
        {...(reference && { reference })}
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
    </>
  )
}
