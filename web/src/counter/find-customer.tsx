// The first question at the desk. Nothing of a customer is shown before the number is whole and known.
import { Search } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { digitsOf, isMobile, spacedMsisdn } from '../msisdn.ts'
import { Field } from '../ui/field.tsx'
import { Icon } from '../ui/icon.tsx'
import { useCounter } from './counter-context.ts'
import { Trouble } from './trouble.tsx'

export function FindCustomer() {
  const { t } = useTranslation('counter')
  const { atDesk } = useCounter()
  const [typed, setTyped] = useState('')
  const [tried, setTried] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const digits = digitsOf(typed)
  useEffect(() => field.current?.focus(), [])
  useEffect(() => {
    if (atDesk.problem) field.current?.select()
  }, [atDesk.problem])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!isMobile(typed)) return field.current?.focus()
    void atDesk.find(digits)
  }
  return (
    <section className="card find" aria-busy={atDesk.busy}>
      <form onSubmit={submit} noValidate>
        <h2>{t('find.title')}</h2>
        <div className="find-row">
          <Field
            id="msisdn"
            label={t('find.number')}
            hint={t('find.hint')}
            complaint={tried && !isMobile(typed) ? t('find.wrong') : ''}
            reference={field}
            type="tel"
            inputMode="numeric"
            value={spacedMsisdn(digits)}
            onChange={(event) => {
              setTyped(event.target.value)
              setTried(false)
            }}
          />
          <button
            type="submit"
            className="button button-primary find-button"
            disabled={atDesk.busy}
            aria-busy={atDesk.busy}
          >
            <Icon of={Search} />
            {t('find.submit')}
          </button>
        </div>
        <Trouble problem={atDesk.problem} />
      </form>
    </section>
  )
}
