// Money asked for by reading a payment code. Who shows it is asked for the PIN; who has read it waits and sees.
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { pick } from '../../names.ts'
import { checkoutZone, dateTimeOf } from '../../time.ts'
import { Facts, Ticket, type TicketTone } from '../parts/ticket.tsx'
import { useCountdown } from '../use-countdown.ts'
import type { MoneyRequest } from './contract.ts'

type Properties = { request: MoneyRequest; tone: TicketTone }

export function CodeTicket({ request, tone }: Properties) {
  const { t, i18n } = useTranslation('people')
  const { t: app } = useTranslation('app')
  const { direction, state, amount, memo, askedAt, endedAt, reason } = request
  const left = useTimeTo(request)
  return (
    <Ticket
      tone={tone}
      state={t(`byCode.${direction}.${state}`)}
      amount={amount}
      about={useAbout(request)}
    >
      <Facts
        facts={[
          [t('byCode.left'), state === 'open' ? left : null],
          [t('byCode.reason'), reason && pick(reason, i18n.language)],
          [app('receipt.memo'), memo],
          [app('receipt.time'), dateTimeOf(Date.parse(endedAt ?? askedAt), checkoutZone)],
        ]}
      />
    </Ticket>
  )
}

/** What came of it is seen: the next one can be read, or shown. */
export function AfterCode({
  request: { direction, state, transferId },
}: {
  request: MoneyRequest
}) {
  const { t } = useTranslation('people')
  if (state === 'open')
    return direction === 'out' && <p className="fine muted">{t('byCode.wait')}</p>
  return (
    <p className="below two">
      {transferId !== null && (
        <Link className="button button-large" to={`/transfers/${transferId}`}>
          {t('request.receipt')}
        </Link>
      )}
      <Link
        className="button button-primary button-large"
        to={direction === 'out' ? '/code/scan' : '/code'}
      >
        {t(direction === 'out' ? 'byCode.next' : 'byCode.newCode')}
      </Link>
    </p>
  )
}

function useAbout({ direction, by, name, payer }: MoneyRequest): string {
  const { t } = useTranslation('people')
  const known = name ?? ''
  if (direction === 'in') return t('byCode.asks', { name: known, by }).trim()
  return payer === null ? t('byCode.read') : t('byCode.got', { name: known, number: payer }).trim()
}

/** The wait that is left, as the server's clock has it. */
function useTimeTo({ askedAt, expiresAt }: MoneyRequest): string {
  const { leftMs, start } = useCountdown()
  useEffect(() => {
    const wholeMs = Date.parse(expiresAt) - Date.parse(askedAt)
    start(Math.min(wholeMs, Math.max(0, Date.parse(expiresAt) - Date.now())))
  }, [askedAt, expiresAt])
  const seconds = Math.ceil(leftMs / 1_000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
