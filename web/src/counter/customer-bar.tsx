// Whose act it is, always in sight.
import { Smartphone } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { spacedMsisdn } from '../msisdn.ts'
import { regionName } from '../region.ts'
import { Icon } from '../ui/icon.tsx'
import { StatusTag } from '../ui/status-tag.tsx'
import { useCounter } from './counter-context.ts'
import { Key } from './key.tsx'
import { lineStatus, ownerStatus } from './statuses.ts'

export function CustomerBar({ onLeave }: { onLeave: () => void }) {
  const { t, i18n } = useTranslation('counter')
  const { view, msisdn } = useCounter().atDesk
  if (!view) return null
  return (
    <section className="card customer" aria-label={t('customer.label')}>
      <span className="tile">
        <Icon of={Smartphone} size={22} />
      </span>
      <div className="grow">
        <p className="number num">{spacedMsisdn(msisdn)}</p>
        <p className="muted">
          {t(`customer.${view.billing}`)} · {regionName(view.region, i18n.language)} · {view.brand}
        </p>
      </div>
      <div className="row tags">
        <StatusTag status={lineStatus[view.status]} />
        <StatusTag status={ownerStatus(view.owner)} />
        <button
          type="button"
          className="button button-small"
          aria-keyshortcuts="Alt+N"
          onClick={onLeave}
        >
          {t('customer.next')}
          <Key>Alt N</Key>
        </button>
      </div>
    </section>
  )
}
