// The answer did not come. The same request under the same key finds out, and is never done twice.
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useCounter } from './counter-context.ts'
import { PinCells, pinLength } from './pin-cells.tsx'
import type { Ticket } from './ticket.ts'
import { usePin } from './use-pin.ts'

export function TicketLost({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('counter')
  const { tickets } = useCounter()
  const pin = usePin()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ticket.pin && pin.typed < pinLength) return pin.reference.current?.focus()
    void tickets.sendAgain(ticket, ticket.pin ? pin.take() : undefined)
  }
  return (
    <form onSubmit={submit} noValidate>
      <p className="lead">{t('lost.text')}</p>
      <p className="fine">{t(ticket.pin ? 'lost.pin' : 'lost.auto')}</p>
      {ticket.pin && (
        <PinCells
          id="again-pin"
          pin={pin}
          label={t(ticket.pin === 'cardPin' ? 'card.pin' : 'cash.pin')}
          hint={t('card.pinHint')}
        />
      )}
      <button type="submit" className="button button-primary" disabled={ticket.sending} data-first>
        {t('lost.find')}
      </button>
    </form>
  )
}
