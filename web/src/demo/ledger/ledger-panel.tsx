// The live ledger: every move of money as a pair, the accounts, and proof that both sides are equal.
import { CircleCheck, CircleX, Scale } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { formatFen } from '../../fen.ts'
import { Icon } from '../../ui/icon.tsx'
import type { Checks, Ledger } from '../state.ts'
import { Accounts } from './accounts.tsx'
import { LedgerEvents } from './ledger-events.tsx'
import { SelfCheck } from './self-check.tsx'

type Properties = { ledger: Ledger; checks: Checks; live: boolean }

export function LedgerPanel({ ledger, checks, live }: Properties) {
  const { t } = useTranslation('demo')
  const equal = ledger.debits === ledger.credits
  return (
    <section className="card ledger" aria-label={t('ledger.title')}>
      <header className="panel-header">
        <div className="row">
          <span className="badge">
            <Icon of={Scale} />
          </span>
          <h2>{t('ledger.title')}</h2>
          {live && (
            <span className="live">
              <i />
              {t('ledger.live')}
            </span>
          )}
        </div>
        <div className={equal ? 'sides' : 'sides unequal'}>
          <span>
            {t('ledger.debit')} <b className="num">{formatFen(ledger.debits)}</b>
          </span>
          <span>{equal ? '=' : '≠'}</span>
          <span>
            {t('ledger.credit')} <b className="num">{formatFen(ledger.credits)}</b>
          </span>
          <Icon of={equal ? CircleCheck : CircleX} />
          <span className="visually-hidden">
            {t(equal ? 'ledger.balanced' : 'ledger.unbalanced')}
          </span>
        </div>
      </header>
      <div className="legend">
        <span>
          <i className="legend-pending" />
          {t('ledger.legendPending')}
        </span>
        <span>
          <i className="legend-posted" />
          {t('ledger.legendPosted')}
        </span>
        <span>
          <i className="legend-void" />
          {t('ledger.legendVoid')}
        </span>
      </div>
      <LedgerEvents events={ledger.events} />
      <Accounts accounts={ledger.accounts} />
      <SelfCheck checks={checks} />
    </section>
  )
}
