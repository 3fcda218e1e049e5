// Whose wallet this is, as far as a glance over a shoulder may know.
import { BadgeCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { LanguageSwitch } from '../../ui/language-switch.tsx'
import { Logo } from '../../ui/logo.tsx'
import type { Me } from '../contract.ts'

export function HomeHead({ me }: { me: Me | undefined }) {
  const { t } = useTranslation('app')
  return (
    <header className="home-head">
      <span className="home-logo">
        <Logo size={28} />
      </span>
      <div className="grow">
        <h1 className="num">{me?.number ?? '… … …'}</h1>
        {me?.level === 'verified' && (
          <p className="verified">
            <Icon of={BadgeCheck} size={13} />
            {t('verified')}
          </p>
        )}
      </div>
      <LanguageSwitch className="button button-small" />
    </header>
  )
}
