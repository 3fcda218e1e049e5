// The queue of one kind of party: the newest first, each with what may be done about it.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Party } from './contract.ts'
import { DifferenceCard } from './difference-card.tsx'
import type { OperatorApi } from './operator-api.ts'
import { PagedList } from './paged-list.tsx'
import { useQueue, type Which } from './use-queue.ts'

const whiches = ['unresolved', 'resolved'] as const satisfies readonly Which[]

export function Queue({ api, party }: { api: OperatorApi; party: Party }) {
  const { t } = useTranslation('operator')
  const [which, setWhich] = useState<Which>('unresolved')
  const { queue, reload, more } = useQueue(api, party, which)
  return (
    <section className="list-page">
      <header className="head">
        <h2>{t(`tab.${party}`)}</h2>
        <nav className="row" aria-label={t('which')}>
          {whiches.map((one) => (
            <button
              key={one}
              type="button"
              className="button button-small"
              aria-pressed={one === which}
              onClick={() => setWhich(one)}
            >
              {t(one)}
            </button>
          ))}
        </nav>
      </header>
      <PagedList className="approvals" list={{ pages: queue, reload, more }} empty={t('none')}>
        {(one) => (
          <DifferenceCard
            api={api}
            difference={one}
            waiting={queue.waiting.get(one.id)}
            onChanged={reload}
          />
        )}
      </PagedList>
    </section>
  )
}
