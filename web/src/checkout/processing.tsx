// The yes has come; the carrier is working.
import { RefreshCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Checkout } from './checkout.ts'
import { Result } from './result.tsx'

export function Processing({ checkout }: { checkout: Checkout }) {
  const { t } = useTranslation('checkout')
  return (
    <>
      <Result
        icon={RefreshCw}
        look="work"
        title={t('processing.title')}
        amount={checkout.amount}
        form="pending"
      />
      <p className="lead centred">{t('processing.lead')}</p>
    </>
  )
}
