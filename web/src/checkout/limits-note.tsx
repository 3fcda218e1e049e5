// How much the chosen source may pay, told before the number is asked.
import { Trans, useTranslation } from 'react-i18next'
import { formatFen } from '../fen.ts'
import type { Checkout, Source } from './checkout.ts'

export function LimitsNote({ checkout, source }: { checkout: Checkout; source: Source }) {
  const { t } = useTranslation('checkout')
  const { limits, cardLimits, walletLimits } = checkout
  const told = { phone_bill: limits, card: cardLimits, wallet: walletLimits }[source]
  if (!told) return null
  return (
    <Trans
      t={t}
      i18nKey={`enter.${source}.limits`}
      values={Object.fromEntries(
        Object.entries(told).map(([name, amount]) => [name, formatFen(amount)]),
      )}
      components={{ n: <b className="num" /> }}
    />
  )
}
