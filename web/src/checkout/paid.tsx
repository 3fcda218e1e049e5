// The end everybody wanted: how much, from which number, when, and under which number to ask.
import { Check } from 'lucide-react'
import { Trans, useTranslation } from 'react-i18next'
import { formatFen } from '../fen.ts'
import { spacedMsisdn } from '../msisdn.ts'
import { pick } from '../names.ts'
import { checkoutZone, dateTimeOf } from '../time.ts'
import { BackLink } from './back-link.tsx'
import { type Checkout, readableNo, replyFee, sourceOf } from './checkout.ts'
import { CopyButton } from './copy-button.tsx'
import { Result } from './result.tsx'

export function Paid({ checkout }: { checkout: Checkout }) {
  const { t, i18n } = useTranslation('checkout')
  const { merchant, msisdn = '', amount, paidAt, paymentNo } = checkout
  const source = sourceOf(checkout)
  return (
    <>
      <Result icon={Check} look="done" title={t('paid.title')} amount={amount} form="owed" />
      <p className="lead centred">
        <Trans
          t={t}
          i18nKey={`paid.${source}.lead`}
          values={{ msisdn: spacedMsisdn(msisdn), merchant: pick(merchant.name, i18n.language) }}
          components={{ n: <b className="num" /> }}
        />
      </p>
      <dl className="receipt">
        {paidAt !== undefined && (
          <div>
            <dt>{t('paid.at')}</dt>
            <dd className="num">{dateTimeOf(paidAt, checkoutZone)}</dd>
          </div>
        )}
        {paymentNo !== undefined && (
          <div>
            <dt>{t('paid.paymentNo')}</dt>
            <dd>
              <span className="payment-no">{readableNo(paymentNo)}</span>
              <CopyButton text={paymentNo} label={t('paid.copyLabel')} />
            </dd>
          </div>
        )}
        {source === 'phone_bill' && (
          <div>
            <dt>{t('paid.fee')}</dt>
            <dd className="num">{t('paid.feeExtra', { fee: formatFen(replyFee) })}</dd>
          </div>
        )}
        <div>
          <dt>{t(`paid.${source}.charged`)}</dt>
          <dd className="num">{formatFen(amount)}</dd>
        </div>
      </dl>
      <BackLink checkout={checkout} primary />
      <p className="fine">{t('paid.receipt')}</p>
    </>
  )
}
