// What the one who is asked for a share can do: pay it, or say no.
import { useTranslation } from 'react-i18next'
import { formatFen } from '../../fen.ts'
import type { Split } from './contract.ts'
import { PayOrDecline } from './pay-or-decline.tsx'

export function SplitInvited({ split }: { split: Split }) {
  const { t } = useTranslation('people')
  const share = split.shares.find(({ isOwn }) => isOwn)
  if (!share) return null
  if (share.state !== 'unpaid') {
    const word = share.state === 'paid' ? 'split.paid' : 'split.declined'
    return (
      <p className="fine muted" role="status">
        {t(word)}
      </p>
    )
  }
  if (!share.isPayable) {
    return (
      <p className="fine muted" role="status">
        {t('split.refundedToo')}
      </p>
    )
  }
  return (
    <PayOrDecline
      path={`/splits/${split.id}`}
      amount={share.amount}
      words={{
        pay: t('split.pay', { amount: formatFen(share.amount) }),
        sheet: t('split.sheet'),
        to: t('split.to', { by: split.by }),
        decline: t('split.decline'),
        declineAsk: t('split.declineAsk'),
        declineText: t('split.declineText'),
        sure: t('split.sure'),
      }}
    />
  )
}
