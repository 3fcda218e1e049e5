// Who gets it, for what, how much, and what a reply costs beside it.
import { Store } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { formatFen } from '../fen.ts'
import { pick } from '../names.ts'
import { checkoutZone, shortMomentOf } from '../time.ts'
import { Icon } from '../ui/icon.tsx'
import { Logo } from '../ui/logo.tsx'
import { Money } from '../ui/money.tsx'
import { type Checkout, replyFee } from './checkout.ts'

export function Summary({ checkout }: { checkout: Checkout }) {
  const { t, i18n } = useTranslation('checkout')
  const { merchant, goods, amount, orderNo, now, expiresAt, state } = checkout
  const open = state === 'enter' || state === 'waiting'
  return (
    <aside className="summary" aria-label={t('summary')}>
      <div className="merchant">
        <span className="merchant-mark">
          <Icon of={Store} size={24} />
        </span>
        <div>
          <b>{pick(merchant.name, i18n.language)}</b>
          <small>{merchant.site}</small>
        </div>
      </div>
      <div className="hero">
        <Money fen={amount} />
      </div>
      <dl>
        <div className="item">
          <dt>{pick(goods, i18n.language)}</dt>
          <dd className="num">{formatFen(amount)}</dd>
        </div>
        <div className="item fee-item">
          <dt>{t('feeLine')}</dt>
          <dd>{t('feeValue', { fee: formatFen(replyFee) })}</dd>
        </div>
        <div className="item detail">
          <dt>{t('orderNo')}</dt>
          <dd className="num">{orderNo}</dd>
        </div>
        {open && (
          <div className="item detail">
            <dt>{t('validUntil')}</dt>
            <dd>
              <time className="num" dateTime={new Date(expiresAt).toISOString()}>
                {shortMomentOf(expiresAt, now, checkoutZone)}
              </time>
            </dd>
          </div>
        )}
      </dl>
      <div className="collected">
        <Logo size={20} />
        <span>{t('collected')}</span>
      </div>
    </aside>
  )
}
