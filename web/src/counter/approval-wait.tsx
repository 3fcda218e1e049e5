// A second person is asked. The page turns when it is decided; then the clerk goes on with the same request.
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { checkoutZone, minuteOf } from '../time.ts'
import { useCounter } from './counter-context.ts'
import { SecretCells } from './secret-cells.tsx'
import type { Ticket } from './ticket.ts'
import { Trouble } from './trouble.tsx'
import { useSecrets } from './use-secrets.ts'
import type { ApprovalView } from './views.ts'

export function ApprovalWait({ ticket }: { ticket: Ticket }) {
  const { approval } = ticket
  if (!approval) return null
  if (approval.state === 'asked') return <Waiting ticket={ticket} approval={approval} />
  if (approval.state === 'approved') return <Approved ticket={ticket} approval={approval} />
  return <NotAgreed approval={approval} />
}

type Properties = { ticket: Ticket; approval: ApprovalView }

function Waiting({ ticket, approval }: Properties) {
  const { t } = useTranslation('counter')
  const { tickets } = useCounter()
  const until = minuteOf(Date.parse(approval.expiresAt), checkoutZone)
  return (
    <>
      <p className="lead">{t('approval.waiting', { office: approval.askedBy.office })}</p>
      <dl className="fact-list">
        <div>
          <dt>{t('fact.reason')}</dt>
          <dd>{approval.reason}</dd>
        </div>
        <div>
          <dt>{t('approval.until')}</dt>
          <dd className="num">{until}</dd>
        </div>
      </dl>
      <button
        type="button"
        className="button button-danger"
        onClick={() => void tickets.withdraw(ticket)}
      >
        {t('approval.withdraw')}
      </button>
    </>
  )
}

function Approved({ ticket, approval }: Properties) {
  const { t } = useTranslation('counter')
  const { tickets } = useCounter()
  const secrets = useSecrets(ticket.secrets)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (secrets.isWhole()) void tickets.sendAgain(ticket, secrets.take())
  }
  return (
    <form onSubmit={submit} noValidate>
      <p className="lead">{t('approval.approved', { name: approval.decidedBy?.name ?? '' })}</p>
      <SecretCells secrets={secrets} hint={t('approval.pinAgain')} />
      <Trouble problem={ticket.problem} />
      <button type="submit" className="button button-primary" disabled={ticket.sending} data-first>
        {t('approval.goOn')}
      </button>
    </form>
  )
}

function NotAgreed({ approval }: { approval: ApprovalView }) {
  const { t } = useTranslation('counter')
  return (
    <>
      <p className="lead">
        {approval.state === 'declined'
          ? t('approval.declined', {
              name: approval.decidedBy?.name ?? '',
              note: approval.note ?? '',
            })
          : t(approval.state === 'expired' ? 'approval.expired' : 'approval.withdrawn')}
      </p>
      <p className="fine">{t('refused.note')}</p>
    </>
  )
}
