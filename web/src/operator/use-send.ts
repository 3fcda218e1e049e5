// One request of a form at a time, and what went wrong with the last one.
import { useState } from 'react'
import type { Answer, Problem } from '../api.ts'

export function useSend() {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  async function send<T>(ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
    setBusy(true)
    const answer = await ask()
    setBusy(false)
    setProblem(answer.ok ? null : answer.problem)
    return answer
  }
  return { busy, problem, send }
}
