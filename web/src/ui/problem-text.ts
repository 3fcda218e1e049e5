// A problem as one calm sentence. The server's own words come first: it knows what happened to the money.
import type { TFunction } from 'i18next'
import type { Problem } from '../api.ts'

export function problemText(problem: Problem, t: TFunction<'common'>): string {
  if (problem.kind === 'offline') return t('problem.offline')
  if (problem.kind === 'unclear') return t('problem.unclear', { status: problem.status })
  return problem.detail || problem.title
}
