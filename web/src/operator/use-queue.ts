// What differs with one kind of party, page by page, and what waits for a second person about it.
import { useCallback, useEffect, useState } from 'react'
import {
  type Act,
  type BankDifference,
  type BillerDifference,
  type Difference,
  ofBank,
  ofBiller,
  type Page,
  type Party,
} from './contract.ts'
import type { OperatorApi } from './operator-api.ts'
import type { Pages } from './use-pages.ts'

const pageSize = 20

export type Which = 'unresolved' | 'resolved'

export type QueueState = Pages<Difference> & {
  /** By difference. */
  waiting: Map<string, Act>
}

export const emptyQueue: QueueState = { items: null, waiting: new Map(), next: null, problem: null }

export function useQueue(api: OperatorApi, party: Party, which: Which) {
  const [queue, setQueue] = useState<QueueState>(emptyQueue)
  const load = useCallback(
    async (before: string | null) => {
      const from = before === null ? '' : `&before=${before}`
      const list = `/${party}-differences?state=${which}&limit=${pageSize}${from}`
      const [page, acts] = await Promise.all([
        api.get<Page<BillerDifference | BankDifference>>(list),
        api.get<Page<Act>>(`/${party}-acts?state=asked&limit=100`),
      ])
      if (!page.ok) return setQueue((last) => ({ ...last, problem: page.problem }))
      if (!acts.ok) return setQueue((last) => ({ ...last, problem: acts.problem }))
      const items = page.value.items.map((one) => ('biller' in one ? ofBiller(one) : ofBank(one)))
      setQueue((last) => ({
        items: before === null ? items : [...(last.items ?? []), ...items],
        waiting: waitingIn(acts.value.items),
        next: page.value.next,
        problem: null,
      }))
    },
    [api, party, which],
  )
  useEffect(() => {
    setQueue(emptyQueue)
    void load(null)
  }, [load])
  return { queue, reload: () => load(null), more: () => load(queue.next) }
}

/** One that ran out no longer waits, whatever its row says. */
export const waitingIn = (acts: readonly Act[]): Map<string, Act> =>
  new Map(
    acts.flatMap((act) =>
      act.differenceId !== null && act.state === 'asked' ? [[act.differenceId, act] as const] : [],
    ),
  )
