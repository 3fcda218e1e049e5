// The signed-in page: the bar with who it is, and what his roles open.
import { LogOut } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IdleNote } from '../staff/idle-note.tsx'
import type { Person } from '../staff/session.ts'
import { Icon } from '../ui/icon.tsx'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { Logo } from '../ui/logo.tsx'
import { parties } from './contract.ts'
import { MovementsPage } from './movements/movements-page.tsx'
import type { OperatorApi } from './operator-api.ts'
import { PeoplePage } from './people/people-page.tsx'
import { PointsPage } from './points/points-page.tsx'
import { Queue } from './queue.tsx'
import { VouchersPage } from './vouchers/vouchers-page.tsx'
import { may, useWho } from './who.ts'

type Tab = (typeof parties)[number] | 'movements' | 'points' | 'vouchers' | 'people'

const tabsFor = (person: Person): readonly Tab[] => [
  ...(may(person, 'look') ? ([...parties, 'movements', 'points', 'vouchers'] as const) : []),
  ...(may(person, 'name') ? (['people'] as const) : []),
]

type Properties = { api: OperatorApi; signOut: () => Promise<void>; idleLeftMs: number | null }

export function Office({ api, signOut, idleLeftMs }: Properties) {
  const { t } = useTranslation('operator')
  const { t: door } = useTranslation('staff')
  const person = useWho()
  const tabs = tabsFor(person)
  const [tab, setTab] = useState(tabs[0])
  const roles = person.roles.map((role) => door(`role.${role}`)).join(t('between'))
  return (
    <>
      <header className="top office-top">
        <div className="row brand">
          <Logo size={28} />
          <b className="office-title">{t('title')}</b>
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
          <div className="two-lines">
            <b>{door('who', { role: roles, login: person.login })}</b>
            <small>{person.name}</small>
          </div>
          <LanguageSwitch className="link-button" />
          <button
            type="button"
            className="icon-button"
            aria-label={door('signOut')}
            title={door('signOut')}
            onClick={() => void signOut()}
          >
            <Icon of={LogOut} size={18} />
          </button>
        </div>
      </header>
      <IdleNote leftMs={idleLeftMs} />
      <main className="desk">
        {tab === 'movements' && <MovementsPage api={api} />}
        {tab === 'points' && <PointsPage api={api} />}
        {tab === 'vouchers' && <VouchersPage api={api} />}
        {tab === 'people' && <PeoplePage api={api} />}
        {(tab === 'biller' || tab === 'bank') && <Queue key={tab} api={api} party={tab} />}
      </main>
    </>
  )
}
