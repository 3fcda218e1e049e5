// The text that was sent: in its own words, or, where it tells of a card or a wallet, in words about it.
import { MessageSquareText, ShieldCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { aroundYes } from '../reply-words.ts'
import { checkoutZone, secondOf } from '../time.ts'
import { Icon } from '../ui/icon.tsx'
import type { Checkout, Source } from './checkout.ts'

export function BillQuestion({ checkout }: { checkout: Checkout }) {
  const { t } = useTranslation('checkout')
  const { before, yes, after } = aroundYes(checkout.text ?? '')
  return (
    <Bubble checkout={checkout} label={t('waiting.text')}>
      {before}
      {yes !== '' && <mark>{yes}</mark>}
      {after}
    </Bubble>
  )
}

type PinProperties = { checkout: Checkout; source: Exclude<Source, 'phone_bill'> }

export function PinQuestion({ checkout, source }: PinProperties) {
  const { t } = useTranslation('checkout')
  return (
    <>
      <Bubble checkout={checkout} label={t('waiting.aboutText')}>
        <Trans
          t={t}
          i18nKey={`waiting.pinText.${source}`}
          values={{ pin: t('waiting.pin') }}
          components={{ m: <mark /> }}
        />
      </Bubble>
      <p className="help pin-safe">
        <Icon of={ShieldCheck} />
        {t('waiting.pinSafe')}
      </p>
    </>
  )
}

type Properties = { checkout: Checkout; label: string; children: ReactNode }

function Bubble({ checkout: { from = '', sentAt }, label, children }: Properties) {
  return (
    <figure className="sms" aria-label={label}>
      <figcaption>
        <Icon of={MessageSquareText} />
        <b className="num">{from}</b>
        {sentAt !== undefined && (
          <span className="num muted">{secondOf(sentAt, checkoutZone)}</span>
        )}
      </figcaption>
      <p>{children}</p>
    </figure>
  )
}
