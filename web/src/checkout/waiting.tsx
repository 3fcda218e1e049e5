// Step two: the question that was sent, how long a reply counts, and the ways out.
import { Trans, useTranslation } from 'react-i18next'
import { spacedMsisdn } from '../msisdn.ts'
import { aroundYes } from '../reply-words.ts'
import { checkoutZone, shortMomentOf } from '../time.ts'
import { type Checkout, sourceOf } from './checkout.ts'
import { Countdown } from './countdown.tsx'
import { BillQuestion, PinQuestion } from './question.tsx'
import { WaysOut } from './ways-out.tsx'

/** The ring's whole when the server does not say when the text left. */
const usualReplyMs = 10 * 60_000

export function Waiting({ checkout, now }: { checkout: Checkout; now: number }) {
  const { t } = useTranslation('checkout')
  const { msisdn = '', from = '', text = '', sentAt, replyBy = checkout.expiresAt } = checkout
  const source = sourceOf(checkout)
  const word = source !== 'phone_bill' ? t('waiting.pin') : aroundYes(text).yes || 'Y'
  const leftMs = replyBy - now
  return (
    <>
      <h1 tabIndex={-1}>{t('waiting.title')}</h1>
      <p className="lead">
        <Trans
          t={t}
          i18nKey="waiting.lead"
          values={{ msisdn: spacedMsisdn(msisdn), from }}
          components={{ n: <b className="num" /> }}
        />
      </p>
      {source === 'phone_bill' ? (
        <BillQuestion checkout={checkout} />
      ) : (
        <PinQuestion checkout={checkout} source={source} />
      )}
      <div className="wait">
        <Countdown leftMs={leftMs} wholeMs={sentAt ? replyBy - sentAt : usualReplyMs} />
        <div>
          <b>{t('waiting.reply', { word })}</b>
          <p>
            {leftMs > 0
              ? t('waiting.by', { time: shortMomentOf(replyBy, checkout.now, checkoutZone) })
              : t('waiting.over')}
          </p>
        </div>
      </div>
      <WaysOut checkout={checkout} now={now} />
    </>
  )
}
