// Ended without a charge: declined, expired or cancelled. The words say nothing about the number itself.
import { CircleMinus, CircleX, type LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { pick } from '../names.ts'
import { BackLink } from './back-link.tsx'
import type { Checkout } from './checkout.ts'
import { Result } from './result.tsx'

type EndState = 'declined' | 'expired' | 'cancelled'

const looks: Record<EndState, { icon: LucideIcon; look: 'off' | 'bad' }> = {
  declined: { icon: CircleX, look: 'bad' },
  expired: { icon: CircleMinus, look: 'off' },
  cancelled: { icon: CircleMinus, look: 'off' },
}

export function Ended({ checkout, state }: { checkout: Checkout; state: EndState }) {
  const { t, i18n } = useTranslation('checkout')
  const merchant = pick(checkout.merchant.name, i18n.language)
  return (
    <>
      <Result {...looks[state]} title={t(`${state}.title`)} amount={checkout.amount} form="void" />
      <p className="lead centred">{t(`${state}.lead`, { merchant })}</p>
      <BackLink checkout={checkout} primary />
    </>
  )
}
