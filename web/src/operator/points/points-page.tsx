// Points: a customer's, what earns them, and what can be had for them.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OperatorApi } from '../operator-api.ts'
import { CustomerSearch } from './customer-search.tsx'
import { ProgrammeView } from './programme-view.tsx'
import { Rewards } from './rewards.tsx'

const parts = { customer: CustomerSearch, programme: ProgrammeView, rewards: Rewards } as const
type Part = keyof typeof parts

export function PointsPage({ api }: { api: OperatorApi }) {
  const { t } = useTranslation('operatorPoints')
  const [part, setPart] = useState<Part>('customer')
  const Shown = parts[part]
  return (
    <section className="list-page">
      <header className="head">
        <h2>{t('title')}</h2>
        <nav className="row" aria-label={t('parts')}>
          {(Object.keys(parts) as Part[]).map((one) => (
            <button
              key={one}
              type="button"
              className="button button-small"
              aria-pressed={one === part}
              onClick={() => setPart(one)}
            >
              {t(`part.${one}`)}
            </button>
          ))}
        </nav>
      </header>
      <Shown api={api} />
    </section>
  )
}
