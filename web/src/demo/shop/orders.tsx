// Orders of one merchant, the newest first, with a refund where money has surely arrived.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatFen } from '../../fen.ts'
import { spacedMsisdn } from '../../msisdn.ts'
import { pick } from '../../names.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { useDemo } from '../demo-context.ts'
import { ShowMore, useShortList } from '../show-more.tsx'
import type { Order } from '../state.ts'
import { OrderRow } from './order-row.tsx'

const shownAtFirst = 5

export function Orders({ orders }: { orders: Order[] }) {
  const { t, i18n } = useTranslation('demo')
  const { post } = useDemo()
  const [asked, setAsked] = useState<Order | null>(null)
  const list = useShortList(
    orders.toSorted((first, second) => second.at - first.at),
    shownAtFirst,
  )
  return (
    <>
      <div className="sub">
        <h3>{t('shop.orders')}</h3>
        {orders.length > 0 && (
          <span className="muted">{t('shop.ordersToday', { n: orders.length })}</span>
        )}
      </div>
      {orders.length === 0 && <p className="empty">{t('shop.noOrders')}</p>}
      <ul>
        {list.items.map((order) => (
          <OrderRow key={order.paymentId} order={order} onRefund={setAsked} />
        ))}
      </ul>
      <ShowMore list={list} />
      {asked && (
        <ConfirmDialog
          danger
          title={t('shop.refundTitle', { amount: formatFen(asked.amount) })}
          text={t('shop.refundText', {
            amount: formatFen(asked.amount),
            goods: pick(asked.goods, i18n.language),
            msisdn: spacedMsisdn(asked.msisdn),
          })}
          action={t('shop.refundConfirm', { amount: formatFen(asked.amount) })}
          onConfirm={() => void post(`/demo/payments/${asked.paymentId}/refund`, {})}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  )
}
