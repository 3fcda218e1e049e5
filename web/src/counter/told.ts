// A problem as the clerk reads it: the server's code first, then what the customer is told.
import type { TFunction } from 'i18next'
import type { Problem } from '../api.ts'
import { type Language, pick } from '../names.ts'

export type Spoken = { code: string; text: string }

export function told(
  problem: Problem,
  { t, language }: { t: TFunction<'counter'>; language: Language | string },
): Spoken {
  if (problem.kind === 'offline') return { code: '', text: t('problem.offline') }
  if (problem.kind === 'unclear') {
    return { code: String(problem.status), text: t('problem.unclear') }
  }
  const { code = '', words, status } = problem
  if (words) return { code, text: pick(words, language) }
  if (status >= 500) return { code: String(status), text: t('problem.unclear') }
  if (problem.type === '/problems/invalid_request') return { code, text: t('problem.invalid') }
  const isGuessing = problem.type === '/problems/too_many_wrong_keys'
  if (isGuessing) return { code: String(status), text: t('problem.tooMany') }
  return { code: String(status), text: t(status === 429 ? 'problem.tooBusy' : 'problem.notTaken') }
}
