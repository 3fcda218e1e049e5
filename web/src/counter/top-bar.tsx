// The bar: where, what can be done and by which key, who, and what must be in the till.
import { LogOut } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { formatFen } from '../fen.ts'
import { Icon } from '../ui/icon.tsx'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { Logo } from '../ui/logo.tsx'
import { useCounter } from './counter-context.ts'
import { Key } from './key.tsx'
import { type Screen, screensFor } from './screens.ts'

export function TopBar({ screen, waiting }: { screen: Screen; waiting: number }) {
  const { t } = useTranslation('counter')
  const { t: door } = useTranslation('staff')
  const { session, show, signOut } = useCounter()
  const { person, till } = session
  const isClerk = person.roles.includes('clerk')
  const isSupervisor = person.roles.includes('supervisor')
  const tabs = useRef<HTMLElement>(null)
  useEffect(() => {
    // Where they do not all fit, the one that was reached by its key is seen too.
    const current = tabs.current?.querySelector(`[data-screen="${screen}"]`)
    current?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [screen])
  return (
    <header className="top">
      <div className="row brand">
        <Logo size={28} />
        <div className="two-lines">
          <b>{t('title')}</b>
          <small>
            {till ? t('place', { office: person.office, desk: till.desk }) : person.office}
          </small>
        </div>
      </div>
      <nav ref={tabs} aria-label={t('screensLabel')}>
        {screensFor(person.roles).map(({ name, digit }) => (
          <button
            key={name}
            type="button"
            className="tab"
            data-screen={name}
            aria-current={name === screen ? 'page' : undefined}
            aria-keyshortcuts={`Alt+${digit}`}
            title={`Alt+${digit}`}
            onClick={() => show(name)}
          >
            <Key>{digit === '-' ? '−' : digit}</Key>
            {t(`screens.${name}`)}
            {name === 'approvals' && waiting > 0 && (
              <span className="count">
                <span aria-hidden="true">{waiting}</span>
                <span className="visually-hidden">{t('approvalsWaiting', { n: waiting })}</span>
              </span>
            )}
          </button>
        ))}
      </nav>
      <div className="row who">
        <span className="avatar" aria-hidden="true">
          {[...person.name][0]}
        </span>
        <div className="two-lines">
          <b>{t(isSupervisor ? 'supervisor' : 'clerk', { login: person.login })}</b>
          <small className="num">
            {till && t('tillHas', { amount: formatFen(till.balance) })}
            {!till && (isClerk ? t('tillNone') : person.name)}
          </small>
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
  )
}
