// The exact steps to try, with the numbers of this very demo.
import { Lightbulb } from 'lucide-react'
import type { ReactNode } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { Icon } from '../ui/icon.tsx'
import type { Merchant } from './state.ts'
import { VoucherHint } from './voucher-hint.tsx'

const steps = ['hint.buy', 'hint.again', 'hint.unknown', 'hint.card', 'hint.operator'] as const

/** Keys, and the way to the page that is named. */
const components = { key: <kbd />, operator: <OperatorLink /> }

function OperatorLink({ children }: { children?: ReactNode }) {
  return (
    <a href="/operator#demo" target="_blank" rel="noreferrer">
      {children}
    </a>
  )
}

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
            <Trans t={t} i18nKey={step} values={values} components={components} />
          </li>
        ))}
        <VoucherHint />
      </ol>
    </footer>
  )
}
