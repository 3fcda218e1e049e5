// Known and final: not done. The code and the words are for the customer.
import { useTranslation } from 'react-i18next'
import { pick } from '../names.ts'
import type { Ticket } from './ticket.ts'
import { Trouble } from './trouble.tsx'

export function TicketRefused({ ticket }: { ticket: Ticket }) {
  const { t, i18n } = useTranslation('counter')
  const refusal = ticket.act?.refusal
  return (
    <>
      {refusal ? (
        <p className="trouble" role="alert">
          <code>{refusal.code}</code>
          <span>{pick(refusal.words, i18n.language)}</span>
        </p>
      ) : (
        <Trouble problem={ticket.problem} />
      )}
      <p className="fine">{t('refused.note')}</p>
    </>
  )
}
