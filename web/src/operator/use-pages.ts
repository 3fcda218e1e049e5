// A list of the operator's API, page by page: the newest first, or the oldest, where the next page comes `after`.
import { useCallback, useEffect, useState } from 'react'
import type { Problem } from '../api.ts'
import type { Page } from './contract.ts'
import type { OperatorApi } from './operator-api.ts'

const pageSize = 20

export type Pages<T> = {
  /** Null before the first answer. */
  items: T[] | null
  next: string | null
  problem: Problem | null
}

export function usePages<T>(api: OperatorApi, path: string, onward: 'before' | 'after' = 'before') {
  const [pages, setPages] = useState<Pages<T>>({ items: null, next: null, problem: null })
  const load = useCallback(
    async (last: string | null) => {
      const from = last === null ? '' : `&${onward}=${last}`
      const answer = await api.get<Page<T>>(`${path}?limit=${pageSize}${from}`)
      setPages((pages) => {
        if (!answer.ok) return { ...pages, problem: answer.problem }
        const { items, next } = answer.value
        const all = last === null ? items : [...(pages.items ?? []), ...items]
        return { items: all, next, problem: null }
      })
    },
    [api, path, onward],
  )
  useEffect(() => void load(null), [load])
  return { pages, reload: () => load(null), more: () => load(pages.next) }
}
