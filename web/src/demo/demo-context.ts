// What every panel needs: the moment, the zone, and a way to act that reports refusals in one place.
import { createContext, useContext } from 'react'
import type { Answer } from '../api.ts'

export type Demo = {
  now: number
  zone: string
  /** Posts an action; a refusal is shown in the page's note, and the answer is still given back. */
  post: <T = unknown>(path: string, body?: object) => Promise<Answer<T>>
}

export const DemoContext = createContext<Demo | null>(null)

export function useDemo(): Demo {
  const demo = useContext(DemoContext)
  if (!demo) throw new Error('useDemo is called outside the demo page')
  return demo
}
