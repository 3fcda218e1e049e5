// A list of one kind of thing between people: the way to a new one on top, then what there is.
import type { UseQueryResult } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Fen } from '../../fen.ts'
import { formatFen } from '../../fen.ts'
import type { Status } from '../../status.ts'
import { Icon } from '../../ui/icon.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { ProblemNote, problemIn } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Skeleton } from '../parts/skeleton.tsx'

type Properties = {
  title: string
  toNew: string
  newWord: string
  queries: readonly UseQueryResult<{ items: readonly unknown[] }, Error>[]
  children: ReactNode
}

export function ListScreen({ title, toNew, newWord, queries, children }: Properties) {
  const { t } = useTranslation('people')
  const failed = queries.find(({ isError }) => isError)
  const isReading = queries.some(({ data }) => data === undefined) && !failed
  const isEmpty = queries.every(({ data }) => data?.items.length === 0)
  return (
    <>
      <ScreenHead title={title} />
      <Link to={toNew} className="button button-primary button-large wide">
        <Icon of={Plus} size={20} />
        {newWord}
      </Link>
      {failed?.error && (
        <ProblemNote problem={problemIn(failed.error)} onAgain={() => void failed.refetch()} />
      )}
      {isReading && <Skeleton rows={3} />}
      {isEmpty && <p className="empty">{t('none')}</p>}
      {children}
    </>
  )
}

type EntryProperties = {
  to: string
  icon: ReactNode
  title: string
  about: string
  amount: Fen | null
  status: Status
}

export function ListEntry({ to, icon, title, about, amount, status }: EntryProperties) {
  return (
    <Link to={to} className="entry">
      <span className="entry-icon entry-icon-plum">{icon}</span>
      <span className="grow">
        <span className="entry-title">{title}</span>
        <small>{about}</small>
      </span>
      <span className="entry-end">
        {amount !== null && <span className="entry-amount num">{formatFen(amount)}</span>}
        <StatusTag status={status} />
      </span>
    </Link>
  )
}

/** Nothing is drawn around nothing. */
export function ListPart({ title, children }: { title?: string; children: ReactNode[] }) {
  if (children.length === 0) return null
  return (
    <section>
      {title !== undefined && <h2 className="day">{title}</h2>}
      <div className="card list list-gap">{children}</div>
    </section>
  )
}
