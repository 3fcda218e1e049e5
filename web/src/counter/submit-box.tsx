// The one button, what it means, and why it did not go.
import { Info } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api.ts'
import { Icon } from '../ui/icon.tsx'
import { useCounter } from './counter-context.ts'
import { Key } from './key.tsx'
import { Trouble } from './trouble.tsx'

type Properties = {
  label: string
  busy: boolean
  problem: Problem | null
  missing: number
  warning?: string
}

export function SubmitBox({ label, busy, problem, missing, warning }: Properties) {
  const { t } = useTranslation('counter')
  const { show } = useCounter()
  return (
    <div className="go">
      <Trouble problem={problem} />
      <button
        type="submit"
        className="button button-large button-primary whole"
        disabled={busy}
        aria-busy={busy}
        aria-keyshortcuts="Control+Enter"
      >
        {busy ? t('submit.busy') : label}
        {!busy && <Key>Ctrl ↵</Key>}
      </button>
      <p className="fine" role="status">
        {missing > 0 && t('submit.missing', { n: missing })}
      </p>
      <button type="button" className="button whole" onClick={() => show('customer')}>
        {t('submit.back')}
      </button>
      {warning && (
        <p className="fine info">
          <Icon of={Info} size={15} />
          <span>{warning}</span>
        </p>
      )}
    </div>
  )
}
