// When the browser blocks the new tab, the checkout is one press away.
import { useTranslation } from 'react-i18next'

export function BlockedNote({ url }: { url: string }) {
  const { t } = useTranslation('demo')
  return (
    <p className="blocked" aria-live="polite">
      {t('shop.blocked')}{' '}
      <a href={url} target="_blank" rel="noreferrer">
        {t('shop.openCheckout')}
      </a>
    </p>
  )
}
