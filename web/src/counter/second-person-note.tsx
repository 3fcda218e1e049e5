// Four eyes: said before the button is pressed.
import { Users } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/icon.tsx'

export function SecondPersonNote() {
  const { t } = useTranslation('counter')
  return (
    <span className="row second-person">
      <Icon of={Users} size={15} />
      {t('secondPerson')}
    </span>
  )
}
