// Nobody knows yet. Three questions in their order, and no way to pay twice from here.
import { CircleQuestionMark } from 'lucide-react'
import { Trans, useTranslation } from 'react-i18next'
import { spacedMsisdn } from '../msisdn.ts'
import { checkoutZone, shortMomentOf } from '../time.ts'
import { BackLink } from './back-link.tsx'
import { type Checkout, readableNo, sourceOf } from './checkout.ts'
import { Result } from './result.tsx'

export function Unknown({ checkout }: { checkout: Checkout }) {
  const { t } = useTranslation('checkout')
  const { msisdn = '', amount, answerBy, paymentNo, now } = checkout
  const source = sourceOf(checkout)
  return (
    <>
      <Result
        icon={CircleQuestionMark}
        look="unknown"
        title={t(`unknown.${source}.title`)}
        amount={amount}
        form="pending"
      />
      <dl className="questions">
        <dt>{t('unknown.where')}</dt>
        <dd>{t(`unknown.${source}.whereText`)}</dd>
        <dt>{t('unknown.when')}</dt>
        <dd>
          <Trans
            t={t}
            i18nKey={answerBy === undefined ? 'unknown.whenPlain' : 'unknown.whenText'}
            values={{
              msisdn: spacedMsisdn(msisdn),
              time: shortMomentOf(answerBy ?? now, now, checkoutZone),
            }}
            components={{ n: <span className="num" /> }}
          />
        </dd>
        <dt>{t('unknown.what')}</dt>
        <dd>
          <Trans t={t} i18nKey="unknown.whatText" components={{ b: <b /> }} />
        </dd>
      </dl>
      <BackLink checkout={checkout} />
      <p className="fine">
        {paymentNo === undefined
          ? t('unknown.close')
          : t('unknown.closeNo', { no: readableNo(paymentNo) })}
      </p>
    </>
  )
}
