// Movements of which nobody knows what the bank did, the oldest first.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OperatorApi } from '../operator-api.ts'
import { PagedList } from '../paged-list.tsx'
import { usePages } from '../use-pages.ts'
import type { Movement } from './contract.ts'
import { MovementCard } from './movement-card.tsx'

export function MovementsPage({ api }: { api: OperatorApi }) {
  const { t } = useTranslation('operatorMovements')
  const list = usePages<Movement>(api, '/movements/unknown', 'after')
  const [said, say] = useState('')
  const onResolved = (what: string) => {
    say(what)
    return list.reload()
  }
  return (
    <section className="list-page">
      <header className="head">
        <h2>{t('title')}</h2>
      </header>
      <p className="lead">{t('lead')}</p>
      {said !== '' && (
        <p className="good" role="status">
          {said}
        </p>
      )}
      <PagedList className="approvals" list={list} empty={t('none')}>
        {(movement) => (
          <MovementCard
            {...{ api, movement, onResolved }}
            onOpened={() => say('')}
            onReload={list.reload}
          />
        )}
      </PagedList>
    </section>
  )
}
