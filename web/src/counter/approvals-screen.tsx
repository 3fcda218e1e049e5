// What waits for a second person. A supervisor agrees with the authenticator in hand; nobody to his own.
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApprovalCard } from './approval-card.tsx'
import { useCounter } from './counter-context.ts'
import { Trouble } from './trouble.tsx'
import type { Listing } from './use-listing.ts'
import type { ApprovalView } from './views.ts'

export function ApprovalsScreen({ approvals }: { approvals: Listing<ApprovalView> }) {
  const { t } = useTranslation('counter')
  const { session } = useCounter()
  const [decided, setDecided] = useState<ApprovalView[]>([])
  const { items, problem, reload } = approvals
  // Who opens the list does not wait for its next round.
  useEffect(() => void reload(), [reload])
  const decide = (approval: ApprovalView) => {
    setDecided((last) => [approval, ...last.filter(({ id }) => id !== approval.id)])
    void reload()
  }
  const open = items?.filter(({ id }) => !decided.some((one) => one.id === id)) ?? []
  const isSupervisor = session.person.roles.includes('supervisor')
  return (
    <section className="list-page">
      <header className="head">
        <h2>{t('screens.approvals')}</h2>
        <span className="muted">{t(isSupervisor ? 'approvals.office' : 'approvals.own')}</span>
      </header>
      <Trouble problem={problem} />
      {items === null && !problem && (
        <div className="card skeleton list-skeleton" aria-hidden="true" />
      )}
      {items && open.length === 0 && decided.length === 0 && (
        <p className="card empty-page">{t('approvals.none')}</p>
      )}
      <ul className="approvals">
        {[...open, ...decided].map((approval) => (
          <li key={approval.id}>
            <ApprovalCard approval={approval} onDecided={decide} />
          </li>
        ))}
      </ul>
    </section>
  )
}
