// Step two: the text as it was sent, how long a reply counts, and the ways out.
import { MessageSquareText } from 'lucide-react'
import { Trans, useTranslation } from 'react-i18next'
import { spacedMsisdn } from '../msisdn.ts'
import { aroundYes } from '../reply-words.ts'
import { checkoutZone, secondOf, shortMomentOf } from '../time.ts'
import { Icon } from '../ui/icon.tsx'
import type { Checkout } from './checkout.ts'
import { Countdown } from './countdown.tsx'
import { WaysOut } from './ways-out.tsx'

/** The ring's whole when the server does not say when the text left. */
const usualReplyMs = 10 * 60_000

export function Waiting({ checkout, now }: { checkout: Checkout; now: number }) {
  const { t } = useTranslation('checkout')
  const { msisdn = '', from = '', text = '', sentAt, replyBy = checkout.expiresAt } = checkout
  const { before, yes, after } = aroundYes(text)
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
      <figure className="sms" aria-label={t('waiting.text')}>
        <figcaption>
          <Icon of={MessageSquareText} />
          <b className="num">{from}</b>
          {sentAt !== undefined && (
            <span className="num muted">{secondOf(sentAt, checkoutZone)}</span>
          )}
        </figcaption>
        <p>
          {before}
          {yes !== '' && <mark>{yes}</mark>}
          {after}
        </p>
      </figure>
      <div className="wait">
        <Countdown leftMs={leftMs} wholeMs={sentAt ? replyBy - sentAt : usualReplyMs} />
        <div>
          <b>{t('waiting.reply', { word: yes || 'Y' })}</b>
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
