// Home: what others ask of one and wait for.
import { ChevronRight, HandCoins, UsersRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { formatFen } from '../../fen.ts'
import { Icon } from '../../ui/icon.tsx'
import { useAskedShares, useRequests } from './people-queries.ts'
import './add-words.ts'

export function Waiting() {
  const { t } = useTranslation('people')
  const requests = useRequests().data?.items.filter(
    ({ direction, state }) => direction === 'in' && state === 'open',
  )
  const shares = useAskedShares().data?.items.filter(({ state }) => state === 'unpaid')
  const asked = [
    ...(requests ?? []).map(({ id, by, amount, memo }) => ({
      ...{ id, amount, icon: HandCoins, to: `/people/requests/${id}` },
      ...{ title: t('waiting.asks', { by }), about: memo },
    })),
    ...(shares ?? []).map(({ id, splitId, by, title, amount }) => ({
      ...{ id, amount, icon: UsersRound, to: `/people/splits/${splitId}` },
      ...{ title, about: t('waiting.share', { by }) },
    })),
  ]
  if (asked.length === 0) return null
  return (
    <section aria-labelledby="waiting">
      <div className="section-head">
        <h2 id="waiting">{t('waiting.title')}</h2>
      </div>
      <div className="card list">
        {asked.map(({ id, to, icon, title, about, amount }) => (
          <Link key={id} to={to} className="entry">
            <span className="entry-icon entry-icon-plum">
              <Icon of={icon} size={18} />
            </span>
            <span className="grow">
              <span className="entry-title">{title}</span>
              {about !== '' && <small>{about}</small>}
            </span>
            <span className="entry-amount num">{formatFen(amount)}</span>
            <Icon of={ChevronRight} />
          </Link>
        ))}
      </div>
    </section>
  )
}
