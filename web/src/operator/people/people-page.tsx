// Who works here, for an admin: everybody by login, one more, and what has just been made for somebody.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OperatorApi } from '../operator-api.ts'
import { PagedList } from '../paged-list.tsx'
import { usePages } from '../use-pages.ts'
import type { Handover, KeptPerson } from './contract.ts'
import { HandoverCard } from './handover-card.tsx'
import { PersonCard } from './person-card.tsx'
import { PersonForm } from './person-form.tsx'

export function PeoplePage({ api }: { api: OperatorApi }) {
  const { t } = useTranslation('operatorPeople')
  const [isAdding, add] = useState(false)
  const [handover, handOver] = useState<Handover | null>(null)
  const list = usePages<KeptPerson>(api, '/people')
  const made = async (secrets: Handover) => {
    add(false)
    handOver(secrets)
    scrollTo(0, 0)
    await list.reload()
  }
  return (
    <section className="list-page">
      <header className="head">
        <h2>{t('title')}</h2>
        {!isAdding && !handover && (
          <button type="button" className="button button-primary" onClick={() => add(true)}>
            {t('add')}
          </button>
        )}
      </header>
      {handover && <HandoverCard handover={handover} onClose={() => handOver(null)} />}
      {isAdding && <PersonForm api={api} onAdded={made} onBack={() => add(false)} />}
      <PagedList className="approvals" list={list} empty={t('none')}>
        {(person) => (
          <PersonCard api={api} person={person} onChanged={list.reload} onReset={made} />
        )}
      </PagedList>
    </section>
  )
}
