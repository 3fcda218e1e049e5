// The merchant's side: what it sells, its orders, what it was told, and what it is owed.
import { Store } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { pick } from '../../names.ts'
import { Group } from '../../ui/group.tsx'
import { Icon } from '../../ui/icon.tsx'
import type { Merchant } from '../state.ts'
import { GoodsList } from './goods-list.tsx'
import { OpenAmount } from './open-amount.tsx'
import { Orders } from './orders.tsx'
import { Statements } from './statements.tsx'
import { TodayFigures } from './today-figures.tsx'
import { Webhooks } from './webhooks.tsx'

export function Shop({ merchants }: { merchants: Merchant[] }) {
  const { t, i18n } = useTranslation('demo')
  const [chosen, setChosen] = useState('')
  const merchant = merchants.find((candidate) => candidate.id === chosen) ?? merchants[0]
  if (!merchant) return null
  return (
    <section className="card shop" aria-label={t('shop.title')}>
      <header className="panel-header">
        <div className="row">
          <span className="badge">
            <Icon of={Store} />
          </span>
          <h2>{t('shop.title')}</h2>
        </div>
        <Group className="segments" label={t('shop.merchants')}>
          {merchants.map(({ id, name }) => (
            <button
              type="button"
              key={id}
              aria-pressed={id === merchant.id}
              onClick={() => setChosen(id)}
            >
              {pick(name, i18n.language)}
            </button>
          ))}
        </Group>
      </header>
      <GoodsList merchant={merchant} />
      {merchant.openAmount && (
        <OpenAmount key={merchant.id} merchant={merchant} range={merchant.openAmount} />
      )}
      <Orders key={`orders-${merchant.id}`} orders={merchant.orders} />
      <Webhooks key={`webhooks-${merchant.id}`} webhooks={merchant.webhooks} />
      <TodayFigures merchant={merchant} />
      <Statements statements={merchant.statements} />
    </section>
  )
}
