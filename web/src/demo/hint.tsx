// The exact steps to try, with the numbers of this very demo.
import { Lightbulb } from 'lucide-react'
import { Trans, useTranslation } from 'react-i18next'
import { Icon } from '../ui/icon.tsx'
import type { Merchant } from './state.ts'

const steps = ['hint.buy', 'hint.again', 'hint.unknown', 'hint.card'] as const

export function Hint({ merchant }: { merchant: Merchant | undefined }) {
  const { t } = useTranslation('demo')
  if (!merchant) return null
  const values = {
    number: merchant.number,
    code: merchant.goods.at(-1)?.code ?? '',
    small: merchant.goods[0]?.code ?? '',
  }
  return (
    <footer className="hint">
      <Icon of={Lightbulb} />
      <b>{t('hint.label')}</b>
      <ol>
        {steps.map((step) => (
          <li key={step}>
            <Trans t={t} i18nKey={step} values={values} components={{ key: <kbd /> }} />
          </li>
        ))}
      </ol>
    </footer>
  )
}
