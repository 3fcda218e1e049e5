// Home: everything else one can do with money, one place for each.
import {
  CalendarClock,
  Gift,
  HandCoins,
  type LucideIcon,
  ScrollText,
  UsersRound,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Icon } from '../../ui/icon.tsx'

type Service = {
  to: string
  icon: LucideIcon
  word: 'bills' | 'split' | 'packet' | 'request' | 'standing'
}

const services: readonly Service[] = [
  { to: '/bills/billers', icon: ScrollText, word: 'bills' },
  { to: '/people/splits', icon: UsersRound, word: 'split' },
  { to: '/people/packets', icon: Gift, word: 'packet' },
  { to: '/people/requests', icon: HandCoins, word: 'request' },
  { to: '/people/standing', icon: CalendarClock, word: 'standing' },
]

export function Services() {
  const { t } = useTranslation('app')
  return (
    <nav className="services card" aria-label={t('services.label')}>
      {services.map(({ to, icon, word }) => (
        <Link key={to} to={to}>
          <span className="entry-icon entry-icon-plum">
            <Icon of={icon} size={20} />
          </span>
          <span>{t(`services.${word}`)}</span>
        </Link>
      ))}
    </nav>
  )
}
