// The answer did not come. The same request under the same key finds out, and is never done twice.
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useCounter } from './counter-context.ts'
import { SecretCells } from './secret-cells.tsx'
import type { Ticket } from './ticket.ts'
import { useSecrets } from './use-secrets.ts'

export function TicketLost({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('counter')
  const { tickets } = useCounter()
  const secrets = useSecrets(ticket.secrets)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (secrets.isWhole()) void tickets.sendAgain(ticket, secrets.take())
  }
  return (
    <form onSubmit={submit} noValidate>
      <p className="lead">{t('lost.text')}</p>
      <p className="fine">{t(ticket.secrets.length > 0 ? 'lost.pin' : 'lost.auto')}</p>
      <SecretCells secrets={secrets} hint={t('card.pinHint')} />
      <button type="submit" className="button button-primary" disabled={ticket.sending} data-first>
        {t('lost.find')}
      </button>
    </form>
  )
}
