// Who may see what: nobody without the token; then what differs, with whom.
import { LogOut } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/icon.tsx'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { Logo } from '../ui/logo.tsx'
import { type Party, parties } from './contract.ts'
import type { OperatorApi } from './operator-api.ts'
import { Queue } from './queue.tsx'
import { SignIn } from './sign-in.tsx'

export function OperatorPage() {
  const { t } = useTranslation('operator')
  const [api, setApi] = useState<OperatorApi | null>(null)
  useEffect(() => {
    document.title = t('title')
  }, [t])
  if (!api) return <SignIn onSignedIn={setApi} />
  return <Office api={api} onSignOut={() => setApi(null)} />
}

function Office({ api, onSignOut }: { api: OperatorApi; onSignOut: () => void }) {
  const { t } = useTranslation('operator')
  const [party, setParty] = useState<Party>('biller')
  return (
    <>
      <header className="top office-top">
        <div className="row brand">
          <Logo size={28} />
          <div className="two-lines">
            <b>{t('title')}</b>
            <small>{api.name}</small>
          </div>
        </div>
        <nav aria-label={t('tabs')}>
          {parties.map((one) => (
            <button
              key={one}
              type="button"
              className="tab"
              aria-current={one === party ? 'page' : undefined}
              onClick={() => setParty(one)}
            >
              {t(`party.${one}`)}
            </button>
          ))}
        </nav>
        <div className="row who">
          <LanguageSwitch className="link-button" />
          <button
            type="button"
            className="icon-button"
            aria-label={t('signOut')}
            title={t('signOut')}
            onClick={onSignOut}
          >
            <Icon of={LogOut} size={18} />
          </button>
        </div>
      </header>
      <main className="desk">
        <Queue key={party} api={api} party={party} />
      </main>
    </>
  )
}
