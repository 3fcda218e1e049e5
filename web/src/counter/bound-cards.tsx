// Cards bound to the number: each with its cut corner, its state in words, and what can be done with it.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatFen } from '../fen.ts'
import { pick } from '../names.ts'
import { StatusTag } from '../ui/status-tag.tsx'
import { cardStatus } from './statuses.ts'
import type { CardView } from './views.ts'

type Properties = { cards: CardView[]; action?: (card: CardView) => ReactNode }

export function BoundCards({ cards, action }: Properties) {
  const { t, i18n } = useTranslation('counter')
  if (cards.length === 0) return <p className="empty">{t('cards.none')}</p>
  return (
    <ul className="bound-cards">
      {cards.map((card) => (
        <li key={card.id} className="bank-card">
          <span className="muted">
            {pick(card.bankName, i18n.language)} · {t(`cards.${card.kind}`)}
            {card.isDefault && ` · ${t('cards.default')}`}
          </span>
          <b className="num">{card.maskedNumber}</b>
          {card.bill && (
            <span className="muted num">
              {t('cards.bill', { left: formatFen(card.bill.left), day: card.bill.dueOn })}
            </span>
          )}
          <span className="row">
            <StatusTag status={cardStatus[card.state]} />
            {action?.(card)}
          </span>
        </li>
      ))}
    </ul>
  )
}
