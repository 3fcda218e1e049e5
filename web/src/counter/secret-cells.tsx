// The keypad's cells for what an act needs once more.
import { useTranslation } from 'react-i18next'
import { PinCells } from './pin-cells.tsx'
import { type SecretSet, secretLength } from './use-secrets.ts'

export function SecretCells({ secrets, hint }: { secrets: SecretSet; hint: string }) {
  const { t } = useTranslation('counter')
  const labels = {
    cardPin: t('card.pin'),
    walletPin: t('cash.pin'),
    securityCode: t('card.securityCode'),
  }
  return secrets.entries.map(({ field, pin }) => (
    <PinCells
      key={field}
      id={`again-${field}`}
      pin={pin}
      label={labels[field]}
      hint={hint}
      length={secretLength[field]}
    />
  ))
}
