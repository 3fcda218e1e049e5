// What went wrong, in the words of the server, with a code to quote and what can be done.
import { CircleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../api.ts'
import { pick } from '../../names.ts'
import { Icon } from '../../ui/icon.tsx'
import { problemText } from '../../ui/problem-text.ts'
import { Refused } from '../queries.ts'

/** What may be tried again was only read: nothing was on its way that could have arrived. */
type Properties = { problem: Problem; onAgain?: () => void }

export function ProblemNote({ problem, onAgain }: Properties) {
  const { t, i18n } = useTranslation('app')
  const { t: common } = useTranslation('common')
  const words = problem.kind === 'refused' ? problem.words : undefined
  const code = problem.kind === 'refused' ? problem.code : undefined
  const said = () => {
    if (words) return pick(words, i18n.language)
    if (onAgain && problem.kind === 'offline') return t('notRead')
    return problemText(problem, common)
  }
  return (
    <p className="problem" role="alert">
      <Icon of={CircleAlert} />
      <span className="grow">
        {said()}
        {code !== undefined && <small>{t('codeToQuote', { code })}</small>}
      </span>
      {onAgain && (
        <button type="button" className="button button-small" onClick={onAgain}>
          {t('again')}
        </button>
      )}
    </p>
  )
}

/** Of a query that threw. */
export const problemIn = (error: Error): Problem =>
  error instanceof Refused ? error.problem : { kind: 'offline' }
