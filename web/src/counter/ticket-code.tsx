// The bank has texted a code to the customer. A mistyped one may be typed again; the bank counts.
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { codeDigits } from '../ui/code-digits.ts'
import { Field } from '../ui/field.tsx'
import { useCounter } from './counter-context.ts'
import type { Ticket } from './ticket.ts'
import { Trouble } from './trouble.tsx'

const shortest = 4
const longest = 8

export function TicketCode({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('counter')
  const { tickets } = useCounter()
  const [code, setCode] = useState('')
  const [tried, setTried] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (code.length < shortest || ticket.sending) return
    setTried(false)
    setCode('')
    void tickets.enterCode(ticket, code)
  }
  return (
    <form onSubmit={submit} noValidate className="code-form">
      <p className="lead">{t('code.lead')}</p>
      <Field
        id="bank-code"
        label={t('code.label')}
        hint={t('code.hint')}
        complaint={tried && code.length < shortest ? t('code.missing') : ''}
        inputMode="numeric"
        autoComplete="one-time-code"
        data-first
        value={code}
        onChange={(event) => setCode(codeDigits(event.target.value, longest))}
      />
      <Trouble problem={ticket.problem} />
      <button
        type="submit"
        className="button button-primary"
        disabled={ticket.sending}
        aria-busy={ticket.sending}
      >
        {t('code.submit')}
      </button>
    </form>
  )
}
