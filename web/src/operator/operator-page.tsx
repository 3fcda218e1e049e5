// Who may see what: nobody without the token; then what differs, with whom.
import { LogOut } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/icon.tsx'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { Logo } from '../ui/logo.tsx'
import { parties } from './contract.ts'
import { MovementsPage } from './movements/movements-page.tsx'
import type { OperatorApi } from './operator-api.ts'
import { PointsPage } from './points/points-page.tsx'
import { Queue } from './queue.tsx'
import { SignIn } from './sign-in.tsx'

const tabs = [...parties, 'movements', 'points'] as const
type Tab = (typeof tabs)[number]

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
  const [tab, setTab] = useState<Tab>('biller')
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
          {tabs.map((one) => (
            <button
              key={one}
              type="button"
              className="tab"
              aria-current={one === tab ? 'page' : undefined}
              onClick={() => setTab(one)}
            >
              {t(`tab.${one}`)}
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
        {tab === 'movements' && <MovementsPage api={api} />}
        {tab === 'points' && <PointsPage api={api} />}
        {(tab === 'biller' || tab === 'bank') && <Queue key={tab} api={api} party={tab} />}
      </main>
    </>
  )
}
