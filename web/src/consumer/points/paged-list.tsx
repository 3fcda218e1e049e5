// A list that is read page by page: what is there, that nothing is, or why it could not be read.
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Page } from '../contract.ts'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { Skeleton } from '../parts/skeleton.tsx'

type Properties<T> = {
  query: UseInfiniteQueryResult<InfiniteData<Page<T>>, Error>
  empty: string
  children: (item: T) => ReactNode
}

export function PagedList<T>({ query, empty, children }: Properties<T>) {
  const { t } = useTranslation('points')
  const items = query.data?.pages.flatMap((page) => page.items)
  return (
    <>
      {query.isError && (
        <ProblemNote problem={problemIn(query.error)} onAgain={() => void query.refetch()} />
      )}
      {items === undefined && !query.isError && <Skeleton rows={3} />}
      {items?.length === 0 && <p className="card empty">{empty}</p>}
      {items !== undefined && items.length > 0 && (
        <div className="card list">{items.map(children)}</div>
      )}
      {query.hasNextPage && (
        <button
          type="button"
          className="button more"
          disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t('more')}
        </button>
      )}
    </>
  )
}
