// One order: when, what and whose, how much, and how it stands.
import { useTranslation } from 'react-i18next'
import { formatFen, isZeroFen } from '../../fen.ts'
import { spacedMsisdn } from '../../msisdn.ts'
import { pick } from '../../names.ts'
import { amountFormOf, isRefundable, partlyRefunded, paymentStatus } from '../../status.ts'
import { shortMomentOf } from '../../time.ts'
import { StatusTag } from '../../ui/status-tag.tsx'
import { useDemo } from '../demo-context.ts'
import type { Order } from '../state.ts'

export function OrderRow({ order, onRefund }: { order: Order; onRefund: (order: Order) => void }) {
  const { t, i18n } = useTranslation('demo')
  const { now, zone } = useDemo()
  const goods = pick(order.goods, i18n.language)
  const gaveBack = !isZeroFen(order.refunded)
  const partly = gaveBack && order.refunded !== order.amount && order.state === 'delivered'
  return (
    <li className="order">
      <span className="num muted">{shortMomentOf(order.at, now, zone)}</span>
      <span>{goods}</span>
      <span className={`num amount-${amountFormOf(order.state)}`}>{formatFen(order.amount)}</span>
      <div className="how">
        <small className="num">{spacedMsisdn(order.msisdn)}</small>
        {isRefundable(order.state) && !gaveBack && (
          <button
            type="button"
            className="link-button"
            aria-label={t('shop.refundLabel', { goods, msisdn: spacedMsisdn(order.msisdn) })}
            onClick={() => onRefund(order)}
          >
            {t('shop.refund')}
          </button>
        )}
        {order.reason && <small>{pick(order.reason, i18n.language)}</small>}
        {partly && <small>{t('shop.refundedPart', { amount: formatFen(order.refunded) })}</small>}
        <StatusTag status={partly ? partlyRefunded : paymentStatus[order.state]} />
      </div>
    </li>
  )
}
