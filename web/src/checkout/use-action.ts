// One action of the payer at a time: disabled from the press on, its problem told in words.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, type Problem } from '../api.ts'
import { problemText } from '../ui/problem-text.ts'

export type Action = {
  busy: boolean
  problem: string
  post: (path: string, body?: object, headers?: Record<string, string>) => Promise<boolean>
}

export function useAction(checkoutId: string): Action {
  const { t } = useTranslation('checkout')
  const { t: common, i18n } = useTranslation('common')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const wordsOf = (refusal: Problem): string => {
    // Whatever stands behind it, a number that may not pay is told one and the same sentence.
    if (refusal.kind === 'refused' && refusal.status === 403) return t('enter.refused')
    const words = problemText(refusal, common)
    return refusal.kind === 'offline' ? words + t('again') : words
  }
  const post: Action['post'] = async (path, body, headers) => {
    setBusy(true)
    setProblem('')
    const answer = await call(`/checkout/${checkoutId}/${path}`, {
      method: 'POST',
      language: i18n.language,
      ...(body ? { body } : {}),
      ...(headers ? { headers } : {}),
    })
    setBusy(false)
    if (answer.ok) return true
    setProblem(wordsOf(answer.problem))
    return false
  }
  return { busy, problem, post }
}
