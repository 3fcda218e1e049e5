// The frame of every screen: the places to go, below on a phone and at the side on a wide page, and a lost line.
import { CircleUserRound, CreditCard, House, QrCode, ReceiptText, WifiOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useRoute } from 'wouter'
import { Icon } from '../../ui/icon.tsx'
import { Logo } from '../../ui/logo.tsx'
import { LiveProvider, useEvents } from '../use-events.ts'
import { useAsked } from '../use-news.ts'

const places = [
  { to: '/', icon: House, word: 'home' },
  { to: '/statement', icon: ReceiptText, word: 'statement' },
  { to: '/code', icon: QrCode, word: 'code' },
  { to: '/cards', icon: CreditCard, word: 'cards' },
  { to: '/me', icon: CircleUserRound, word: 'me' },
] as const

export function Frame({ children }: { children: ReactNode }) {
  const { t } = useTranslation('app')
  const live = useEvents()
  useAsked()
  return (
    <div className="frame">
      <nav className="tabs" aria-label={t('places.label')}>
        <span className="tabs-logo">
          <Logo size={32} />
        </span>
        {places.map(({ to, icon, word }) => (
          <Tab key={to} to={to} isMiddle={word === 'code'} label={t(`places.${word}`)}>
            <Icon of={icon} size={word === 'code' ? 24 : 22} />
          </Tab>
        ))}
      </nav>
      <main className="screen">
        {!live && (
          <p className="offline" role="status">
            <Icon of={WifiOff} size={14} />
            {t('offline')}
          </p>
        )}
        <LiveProvider value={live}>{children}</LiveProvider>
      </main>
    </div>
  )
}

type TabProperties = { to: string; label: string; isMiddle: boolean; children: ReactNode }

function Tab({ to, label, isMiddle, children }: TabProperties) {
  const [isHere] = useRoute(to)
  const name = isMiddle ? 'tab tab-middle' : 'tab'
  return (
    <Link to={to} className={name} aria-current={isHere ? 'page' : undefined}>
      {isMiddle ? <span className="tab-button">{children}</span> : children}
      <span>{label}</span>
    </Link>
  )
}
