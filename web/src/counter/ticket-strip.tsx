// Acts put aside: each turns by itself while the next customer is served.
import { useTranslation } from 'react-i18next'
import { StatusTag } from '../ui/status-tag.tsx'
import { useCounter } from './counter-context.ts'
import { phaseStatus } from './statuses.ts'
import { phaseOf } from './ticket.ts'

export function TicketStrip({ shown }: { shown: string | null }) {
  const { t } = useTranslation('counter')
  const { tickets, showTicket } = useCounter()
  const aside = tickets.all.filter((one) => one.key !== shown && phaseOf(one) !== 'sending')
  if (aside.length === 0) return null
  return (
    <section className="strip" aria-label={t('aside.label')}>
      <span className="muted">{t('aside.label')}</span>
      <ul>
        {aside.map((ticket) => (
          <li key={ticket.key}>
            <button
              type="button"
              className="button button-small"
              onClick={() => showTicket(ticket.key)}
            >
              {t(`kinds.${ticket.kind}`)}
              <span className="num muted">{ticket.number}</span>
              <StatusTag status={phaseStatus[phaseOf(ticket)]} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
