// A refusal where it happened: its code to quote, and what is told to the customer.
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api.ts'
import { told } from './told.ts'

export function Trouble({ problem }: { problem: Problem | null }) {
  const { t, i18n } = useTranslation('counter')
  if (!problem) return <div role="alert" />
  const { code, text } = told(problem, { t, language: i18n.language })
  return (
    <div role="alert">
      <p className="trouble">
        {code !== '' && <code>{code}</code>}
        <span>{text}</span>
      </p>
    </div>
  )
}
