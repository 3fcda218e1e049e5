// The yes has come; whoever keeps the money is working.
import { RefreshCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type Checkout, sourceOf } from './checkout.ts'
import { Result } from './result.tsx'

export function Processing({ checkout }: { checkout: Checkout }) {
  const { t } = useTranslation('checkout')
  const source = sourceOf(checkout)
  return (
    <>
      <Result
        icon={RefreshCw}
        look="work"
        title={t(`processing.${source}.title`)}
        amount={checkout.amount}
        form="pending"
      />
      <p className="lead centred">{t(`processing.${source}.lead`)}</p>
    </>
  )
}
