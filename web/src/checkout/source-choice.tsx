// Phone bill, wallet or bank card. Where only one of them can pay there is nothing to choose.
import { CreditCard, type LucideIcon, Smartphone, Wallet } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/icon.tsx'
import type { Source } from './checkout.ts'

const icons: Record<Source, LucideIcon> = {
  phone_bill: Smartphone,
  wallet: Wallet,
  card: CreditCard,
}

type Properties = {
  sources: Source[]
  chosen: Source
  disabled: boolean
  onChoose: (source: Source) => void
}

export function SourceChoice({ sources, chosen, disabled, onChoose }: Properties) {
  const { t } = useTranslation('checkout')
  const name = useId()
  if (sources.length < 2) return null
  return (
    <fieldset className="sources" disabled={disabled}>
      <legend className="label">{t('source.label')}</legend>
      {sources.map((source) => (
        <label key={source}>
          <input
            type="radio"
            name={name}
            value={source}
            checked={source === chosen}
            onChange={() => onChoose(source)}
          />
          <Icon of={icons[source]} size={18} />
          {t(`source.${source}`)}
        </label>
      ))}
    </fieldset>
  )
}
