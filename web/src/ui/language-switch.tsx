// One press changes the language of the page.
import { useTranslation } from 'react-i18next'
import { switchLanguage } from '../language.ts'

export function LanguageSwitch({ className }: { className: string }) {
  const { t } = useTranslation('common')
  return (
    <button
      type="button"
      className={className}
      aria-label={t('otherLanguageLabel')}
      onClick={switchLanguage}
    >
      {t('otherLanguage')}
    </button>
  )
}
