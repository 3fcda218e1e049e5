// The queue of one kind of party: the newest first, each with what may be done about it.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActionButton } from '../ui/action-button.tsx'
import type { Party } from './contract.ts'
import { DifferenceCard } from './difference-card.tsx'
import type { OperatorApi } from './operator-api.ts'
import { Trouble } from './trouble.tsx'
import { useQueue, type Which } from './use-queue.ts'

const whiches = ['unresolved', 'resolved'] as const satisfies readonly Which[]

export function Queue({ api, party }: { api: OperatorApi; party: Party }) {
  const { t } = useTranslation('operator')
  const [which, setWhich] = useState<Which>('unresolved')
  const { queue, reload, more } = useQueue(api, party, which)
  const { items, waiting, next, problem } = queue
  return (
    <section className="list-page">
      <header className="head">
        <h2>{t(`party.${party}`)}</h2>
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
      <Trouble problem={problem} />
      {problem && (
        <ActionButton className="button" onAct={reload}>
          {t('again')}
        </ActionButton>
      )}
      {items === null && !problem && (
        <div className="card skeleton list-skeleton" aria-hidden="true" />
      )}
      {items?.length === 0 && <p className="card empty-page">{t('none')}</p>}
      <ul className="approvals">
        {items?.map((one) => (
          <li key={one.id}>
            <DifferenceCard
              api={api}
              difference={one}
              waiting={waiting.get(one.id)}
              onChanged={reload}
            />
          </li>
        ))}
      </ul>
      {next !== null && (
        <div className="office-foot">
          <ActionButton className="button" onAct={more}>
            {t('more')}
          </ActionButton>
        </div>
      )}
    </section>
  )
}
