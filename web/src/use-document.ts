// The React side of a live document: last value, when it came, and whether the line is up.
import { useEffect, useState } from 'react'
import type { Problem } from './api.ts'
import { follow } from './stream.ts'

export type LiveDocument<T> = {
  value: T | null
  /** `performance.now()` of the last arrival: a wall clock may jump, this one cannot. */
  arrivedAt: number
  /** False from the moment the line is known to be lost; a line only just opening is not lost. */
  live: boolean
  problem: Problem | null
}

type Place = { snapshot: string; stream: string; event: string }

export function useDocument<T>({ snapshot, stream, event }: Place): LiveDocument<T> {
  const [document, setDocument] = useState<LiveDocument<T>>({
    value: null,
    arrivedAt: 0,
    live: true,
    problem: null,
  })
  useEffect(
    () =>
      follow<T>(
        { snapshot, stream, event },
        {
          onDocument: (value) =>
            setDocument((last) => ({
              ...last,
              value,
              arrivedAt: performance.now(),
              problem: null,
            })),
          onLive: (live) => setDocument((last) => ({ ...last, live })),
          onProblem: (problem) => setDocument((last) => ({ ...last, live: false, problem })),
        },
      ),
    [snapshot, stream, event],
  )
  return document
}
