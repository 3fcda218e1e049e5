// Done: what happened, and the slip for the customer.
import { CircleCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/icon.tsx'
import { PrintButton } from './print-button.tsx'
import type { Ticket } from './ticket.ts'

export function TicketDone({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('counter')
  const voucher = ticket.act?.voucher
  return (
    <>
      <p className="done-line">
        <Icon of={CircleCheck} size={22} />
        <span>{t(`doneText.${ticket.kind}`)}</span>
      </p>
      {voucher && (
        <p className="row voucher-line">
          <span className="muted">{t('voucher.number')}</span>
          <b className="num">{voucher}</b>
        </p>
      )}
      {voucher && <PrintButton number={voucher} primary />}
    </>
  )
}
