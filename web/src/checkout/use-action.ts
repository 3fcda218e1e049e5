// One action of the payer at a time: disabled from the press on, its problem told in words.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../api.ts'
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
    const words = problemText(answer.problem, common)
    setProblem(answer.problem.kind === 'offline' ? `${words}${t('again')}` : words)
    return false
  }
  return { busy, problem, post }
}
