// The invariants, checked now and then by the server, and now if asked.
import { ShieldAlert, ShieldCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { secondOf } from '../../time.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { useDemo } from '../demo-context.ts'
import type { Checks } from '../state.ts'

export function SelfCheck({ checks }: { checks: Checks }) {
  const { t } = useTranslation('demo')
  const { zone, post } = useDemo()
  const sound = checks.failing.length === 0 && checks.passed === checks.total
  return (
    <footer className={sound ? 'self-check' : 'self-check failing'}>
      <div className="grow" aria-live="polite">
        <span className="row">
          <Icon of={sound ? ShieldCheck : ShieldAlert} />
          {t('ledger.checks', { passed: checks.passed, total: checks.total })}
        </span>
        {checks.failing.length > 0 && (
          <p>{t('ledger.failing', { list: checks.failing.join(', ') })}</p>
        )}
      </div>
      <span className="num muted">{secondOf(checks.at, zone)}</span>
      <ActionButton className="button button-small" onAct={() => post('/demo/verify')}>
        {t('ledger.verify')}
      </ActionButton>
    </footer>
  )
}
