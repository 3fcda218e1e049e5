// An address that names no payment.
import { SearchX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/icon.tsx'

export function NotFound() {
  const { t } = useTranslation('checkout')
  return (
    <section className="box single">
      <div className="action">
        <div className="result result-off">
          <Icon of={SearchX} size={30} />
        </div>
        <h1 className="centred">{t('notFound.title')}</h1>
        <p className="lead centred">{t('notFound.lead')}</p>
      </div>
    </section>
  )
}
