// Said early enough that a form can still be sent.
import { useTranslation } from 'react-i18next'
import { countdownOf } from '../time.ts'

export function IdleNote({ leftMs }: { leftMs: number | null }) {
  const { t } = useTranslation('staff')
  if (leftMs === null) return null
  return (
    <p className="strip-note" role="timer">
      {t('idle', { left: countdownOf(leftMs) })}
    </p>
  )
}
