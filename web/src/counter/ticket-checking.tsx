// Nobody knows yet. Three questions in their order; the server asks again and the page turns by itself. Later a
// bank can also be asked by hand, with what the customer types once more.
import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCounter } from './counter-context.ts'
import { PinCells } from './pin-cells.tsx'
import type { Ticket } from './ticket.ts'
import { Trouble } from './trouble.tsx'
import { usePin } from './use-pin.ts'

/** Before that the server's own questions may still be under way. */
const askAgainAfterMs = 60_000

export function TicketChecking({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('counter')
  const asksBank = ticket.kind === 'bind' || ticket.kind === 'rebind'
  return (
    <>
      <dl className="questions">
        <dt>{t('checking.where')}</dt>
        <dd>{t(asksBank ? 'checking.whereCard' : 'checking.whereMoney')}</dd>
        <dt>{t('checking.when')}</dt>
        <dd>{t('checking.whenText')}</dd>
        <dt>{t('checking.what')}</dt>
        <dd>
          <b>{t('checking.whatText')}</b>
        </dd>
      </dl>
      <Trouble problem={ticket.problem} />
      {asksBank && <AskBank ticket={ticket} />}
    </>
  )
}

function AskBank({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('counter')
  const { tickets } = useCounter()
  const pin = usePin()
  const ready = useLater(askAgainAfterMs)
  if (!ready) return <p className="fine">{t('checking.askLater')}</p>
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const cardPin = pin.take()
    void tickets.askBank(ticket, cardPin === '' ? {} : { cardPin })
  }
  return (
    <form onSubmit={submit} noValidate>
      <PinCells id="bank-pin" pin={pin} label={t('card.pin')} hint={t('card.pinHint')} />
      <p className="fine">{t('checking.askNote')}</p>
      <button type="submit" className="button" disabled={ticket.sending}>
        {t('checking.ask')}
      </button>
    </form>
  )
}

function useLater(afterMs: number): boolean {
  const [ready, setReady] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setReady(true), afterMs)
    return () => clearTimeout(timer)
  }, [afterMs])
  return ready
}
