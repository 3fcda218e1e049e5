// A list that is read page by page: what is there, that nothing is, or why it could not be read.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ActionButton } from '../ui/action-button.tsx'
import { Trouble } from './trouble.tsx'
import type { Pages } from './use-pages.ts'

type Properties<T> = {
  className: string
  list: { pages: Pages<T>; reload: () => Promise<void>; more: () => Promise<void> }
  empty: string
  children: (item: T) => ReactNode
}

export function PagedList<T extends { id: string }>(properties: Properties<T>) {
  const { className, list, empty, children } = properties
  const { t } = useTranslation('operator')
  const { items, next, problem } = list.pages
  return (
    <>
      <Trouble problem={problem} />
      {problem && (
        <ActionButton className="button" onAct={list.reload}>
          {t('again')}
        </ActionButton>
      )}
      {items === null && !problem && (
        <div className="card skeleton list-skeleton" aria-hidden="true" />
      )}
      {items?.length === 0 && <p className="card empty-page">{empty}</p>}
      {items !== null && items.length > 0 && (
        <ul className={className}>
          {items.map((one) => (
            <li key={one.id}>{children(one)}</li>
          ))}
        </ul>
      )}
      {next !== null && (
        <div className="office-foot">
          <ActionButton className="button" onAct={list.more}>
            {t('more')}
          </ActionButton>
        </div>
      )}
    </>
  )
}
