// A list of the server's that is asked for again from time to time, and whenever something was done.
import { useCallback, useEffect, useState } from 'react'
import type { Problem } from '../api.ts'
import type { CounterApi } from './counter-api.ts'
import type { Items } from './views.ts'

export type Listing<T> = {
  /** Null before the first answer. */
  items: T[] | null
  problem: Problem | null
  reload: () => Promise<void>
}

export function useListing<T>(api: CounterApi, path: string, everyMs: number): Listing<T> {
  const [items, setItems] = useState<T[] | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const reload = useCallback(async () => {
    const answer = await api.get<Items<T>>(path)
    if (answer.ok) setItems(answer.value.items)
    setProblem(answer.ok ? null : answer.problem)
  }, [api, path])
  useEffect(() => {
    void reload()
    const timer = setInterval(() => void reload(), everyMs)
    return () => clearInterval(timer)
  }, [reload, everyMs])
  return { items, problem, reload }
}
