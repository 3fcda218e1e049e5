// What is asked for is more than there is: said where no field for the amount says it.
import { useTranslation } from 'react-i18next'
import { type Fen, formatFen } from '../../fen.ts'
import { isMoreThan } from './amount-field.tsx'

export function OverNote({ available, amount }: { available: Fen | undefined; amount: Fen }) {
  const { t } = useTranslation('app')
  if (available === undefined || !isMoreThan(available, amount)) return null
  return (
    <p className="note note-bad over-note" role="status">
      {t('amount.over', { amount: formatFen(available) })}
    </p>
  )
}
