// The cards of this number, each with what it can do now and what to do where it cannot.
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { pick } from '../../names.ts'
import type { Status } from '../../status.ts'
import { StatusTag } from '../../ui/status-tag.tsx'
import type { Card } from '../contract.ts'
import { AsOf } from '../parts/as-of.tsx'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useCards } from '../queries.ts'

const states: Readonly<Record<Card['state'], Status>> = {
  active: ['done', '可用', 'Ready'],
  needs_rebinding: ['wait', '需重新绑定', 'Bind again'],
  suspended: ['held', '已暂停', 'On hold'],
}

export function CardsScreen() {
  const { t, i18n } = useTranslation('app')
  const cards = useCards()
  return (
    <>
      <ScreenHead title={t('cards.title')} />
      {cards.isError && (
        <ProblemNote problem={problemIn(cards.error)} onAgain={() => void cards.refetch()} />
      )}
      <AsOf of={[cards]} />
      {cards.data === undefined && !cards.isError && <Skeleton rows={3} />}
      {cards.data?.items.length === 0 && <p className="card empty">{t('cards.empty')}</p>}
      <ul className="bank-cards">
        {cards.data?.items.map((card) => (
          <li key={card.id} className={`bank-card bank-card-${card.state}`}>
            <div>
              <b>{pick(card.bank, i18n.language)}</b>
              <small>{t(`cardKind.${card.kind}`)}</small>
            </div>
            <p className="num">•••• {card.last4}</p>
            <StatusTag status={states[card.state]} />
            {card.kind === 'credit' && (
              <Link className="button button-small" to={`/cards/${card.id}/bill`}>
                {t('cards.bill')}
              </Link>
            )}
            {card.state !== 'active' && (
              <p className="bank-card-note">{t(`cards.${card.state}`)}</p>
            )}
          </li>
        ))}
      </ul>
      <p className="fine muted">{t('cards.counter')}</p>
    </>
  )
}
