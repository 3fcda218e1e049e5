// Cards that are bound: one is chosen, then bound again or let go.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { BoundCards } from './bound-cards.tsx'
import { useCounter } from './counter-context.ts'
import { RebindForm } from './rebind-form.tsx'
import { UnbindForm } from './unbind-form.tsx'
import type { CardView } from './views.ts'

type Chosen = { id: string; step: 'rebind' | 'unbind' }

export function CardsScreen() {
  const { t } = useTranslation('counter')
  const { atDesk, show } = useCounter()
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const cards = atDesk.view?.cards ?? []
  const card = cards.find(({ id }) => id === chosen?.id)
  const choice = (one: CardView, step: Chosen['step']) => (
    <button
      type="button"
      className="button button-small"
      aria-pressed={chosen?.id === one.id && chosen.step === step}
      aria-label={t(`cards.${step}Label`, { card: one.maskedNumber })}
      onClick={() => setChosen({ id: one.id, step })}
    >
      {t(`cards.${step}`)}
    </button>
  )
  return (
    <>
      <section className="card bound">
        <h2>{t('cards.choose')}</h2>
        <BoundCards
          cards={cards}
          action={(one) => (
            <span className="row card-choices">
              {one.state !== 'unbound' && choice(one, 'rebind')}
              {one.state !== 'unbound' && choice(one, 'unbind')}
            </span>
          )}
        />
        {cards.length === 0 && (
          <button type="button" className="button button-primary" onClick={() => show('bind')}>
            {t('cards.bindFirst')}
          </button>
        )}
      </section>
      {card && chosen?.step === 'rebind' && <RebindForm key={card.id} bound={card} />}
      {card && chosen?.step === 'unbind' && <UnbindForm key={card.id} bound={card} />}
    </>
  )
}
