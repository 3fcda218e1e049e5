// A payment: asked for on this device, paid, refused, or not known yet, which the line tells as soon as it is.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { pick } from '../../names.ts'
import { checkoutZone, dateTimeOf } from '../../time.ts'
import { consumerApi } from '../consumer-api.ts'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { Facts, Ticket, type TicketTone } from '../parts/ticket.tsx'
import { Refused } from '../queries.ts'
import { AskedSheet } from './asked-sheet.tsx'
import type { Payment } from './contract.ts'

type Shown = 'asked' | 'paid' | 'unknown' | 'refused' | 'cancelled' | 'returned'

const shownAs: Readonly<Record<string, Shown>> = {
  awaiting_confirm: 'asked',
  reserving: 'unknown',
  reserved: 'unknown',
  charging: 'unknown',
  charge_unknown: 'unknown',
  reversing: 'unknown',
  delivering: 'paid',
  delivery_unknown: 'paid',
  delivered: 'paid',
  delivery_failed: 'paid',
  refunded: 'returned',
  cancelled: 'cancelled',
  expired: 'cancelled',
}

const tones: Readonly<Record<Shown, TicketTone>> = {
  asked: 'held',
  paid: 'done',
  unknown: 'unknown',
  refused: 'bad',
  cancelled: 'back',
  returned: 'back',
}

/** While it is open it is asked again, should the line be down. */
const whileOpenMs = 3_000

const shownOf = ({ state, amount, refunded }: Payment): Shown =>
  refunded === amount ? 'returned' : (shownAs[state] ?? 'refused')

export function PaymentScreen({ id }: { id: string }) {
  const { t, i18n } = useTranslation('code')
  const words = useTranslation('app').t
  const query = useQuery<Payment, Error>({
    queryKey: ['payment', id],
    queryFn: async () => {
      const answer = await consumerApi.get<Payment>(`/payments/${id}`)
      if (!answer.ok) throw new Refused(answer.problem)
      return answer.value
    },
    refetchInterval: ({ state: { data } }) =>
      data && ['asked', 'unknown'].includes(shownOf(data)) ? whileOpenMs : false,
  })
  const [isLeft, leave] = useState(false)
  const payment = query.data
  if (query.isError)
    return <ProblemNote problem={problemIn(query.error)} onAgain={() => void query.refetch()} />
  if (!payment) return <Skeleton rows={5} />
  const shown = shownOf(payment)
  const source = t(`source.${payment.source}`)
  return (
    <>
      <ScreenHead title={t('payment.title')} />
      <Ticket
        tone={tones[shown]}
        state={t(`payment.${shown}`)}
        amount={payment.amount}
        about={t('pay.to', { name: pick(payment.merchant, i18n.language) })}
      >
        <Facts
          facts={[
            [t('payment.what'), pick(payment.goods, i18n.language)],
            [t('pay.source'), payment.last4 === null ? source : `${source} ${payment.last4}`],
            [
              t('payment.reason'),
              shown === 'refused' && payment.reasonWords
                ? pick(payment.reasonWords, i18n.language)
                : null,
            ],
            [t('payment.orderNo'), payment.orderNo],
            [t('payment.at'), dateTimeOf(Date.parse(payment.at), checkoutZone)],
          ]}
        />
        {shown === 'unknown' && <p className="note">{t('payment.unknownNote')}</p>}
      </Ticket>
      {shown === 'paid' && (
        <p className="below">
          <Link className="button button-large wide" to={splitOf(payment, i18n.language)}>
            {words('receipt.split')}
          </Link>
        </p>
      )}
      {shown === 'asked' && !isLeft && (
        <AskedSheet
          payment={payment}
          onAnswered={() => void query.refetch()}
          onClose={() => leave(true)}
        />
      )}
      {shown === 'asked' && isLeft && (
        <button
          type="button"
          className="button button-primary button-large wide"
          onClick={() => leave(false)}
        >
          {t('asked.answer')}
        </button>
      )}
    </>
  )
}

/** Whatever has paid it: what of it was kept can be divided among those it was for. */
const splitOf = ({ id, merchant }: Payment, language: string): string =>
  `/people/splits/new?${new URLSearchParams({ payment: id, title: pick(merchant, language) })}`
