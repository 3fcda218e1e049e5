// One calm sentence about an action that was refused or did not arrive.
import { Info, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/icon.tsx'

export function Note({ text, onClose }: { text: string; onClose: () => void }) {
  const { t } = useTranslation('common')
  return (
    <div aria-live="polite">
      {text !== '' && (
        <p className="note-bar">
          <Icon of={Info} />
          <span className="grow">{text}</span>
          <button type="button" className="icon-button" aria-label={t('close')} onClick={onClose}>
            <Icon of={X} />
          </button>
        </p>
      )}
    </div>
  )
}
