// What went wrong, in the reader's words where this page has them, else in the server's.
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api.ts'
import { problemText } from '../ui/problem-text.ts'
import { operatorZh } from './words-zh.ts'

type Known = keyof typeof operatorZh.problem
const isKnown = (name: string): name is Known => Object.hasOwn(operatorZh.problem, name)

export function Trouble({ problem }: { problem: Problem | null }) {
  const { t } = useTranslation('operator')
  const { t: common } = useTranslation('common')
  if (!problem) return <div role="alert" />
  const name = problem.kind === 'refused' ? problem.type.replace('/problems/', '') : ''
  return (
    <div role="alert">
      <p className="trouble">
        <span>{isKnown(name) ? t(`problem.${name}`) : problemText(problem, common)}</span>
      </p>
    </div>
  )
}
