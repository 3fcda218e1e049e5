// The end of a form: doing what it says, or going back from it where that is still a way.
import { useTranslation } from 'react-i18next'

type Properties = {
  /** What the button says. */
  action: string
  busy?: boolean
  onBack?: (() => void) | undefined
}

export function FormEnd({ action, busy = false, onBack }: Properties) {
  const { t } = useTranslation('operator')
  return (
    <div className="row approval-actions">
      <button type="submit" className="button button-primary" disabled={busy} aria-busy={busy}>
        {action}
      </button>
      {onBack && (
        <button type="button" className="button" disabled={busy} onClick={onBack}>
          {t('form.back')}
        </button>
      )}
    </div>
  )
}
