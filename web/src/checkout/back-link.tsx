// The way back to the merchant, when it gave one.
import { useTranslation } from 'react-i18next'
import { pick } from '../names.ts'
import { type Checkout, safeReturnUrl } from './checkout.ts'

export function BackLink({ checkout, primary }: { checkout: Checkout; primary?: boolean }) {
  const { t, i18n } = useTranslation('checkout')
  const url = safeReturnUrl(checkout.returnUrl)
  if (!url) return null
  return (
    <a
      className={`button button-large whole ${primary ? 'button-primary' : ''}`}
      href={url}
      rel="noreferrer"
    >
      {t('back', { merchant: pick(checkout.merchant.name, i18n.language) })}
    </a>
  )
}
