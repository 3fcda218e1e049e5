// The balance. What cannot be spent stands under it with its reason; what could not be read anew says its time.
import { ChevronRight, CircleQuestionMark, Eye, EyeOff } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { addFen, formatFen } from '../../fen.ts'
import { Icon } from '../../ui/icon.tsx'
import { Money } from '../../ui/money.tsx'
import type { Balance } from '../contract.ts'
import { momentName } from '../moment.ts'

type Properties = {
  balance: Balance | undefined
  readAt: number
  isStale: boolean
  children: ReactNode
}

export function BalanceCard({ balance, readAt, isStale, children }: Properties) {
  const { t } = useTranslation('app')
  const [isHidden, hide] = useState(false)
  const kept = balance?.held.reduce((sum, { amount }) => addFen(sum, amount), balance.inTransit)
  const total = balance && kept ? addFen(balance.available, kept) : undefined
  const has = kept !== undefined && BigInt(kept) > 0n
  return (
    <section className={isStale ? 'balance balance-stale' : 'balance'} aria-live="polite">
      <div className="balance-head">
        <button type="button" className="balance-eye" onClick={() => hide(!isHidden)}>
          {t('balance.title')}
          <Icon of={isHidden ? EyeOff : Eye} />
          <span className="visually-hidden">
            {isHidden ? t('balance.show') : t('balance.hide')}
          </span>
        </button>
        <Link to="/statement">
          {t('balance.history')}
          <Icon of={ChevronRight} size={14} />
        </Link>
      </div>
      <p className="balance-sum">
        {isHidden || total === undefined ? (
          <span className="num">∗∗∗∗</span>
        ) : (
          <Money fen={total} />
        )}
      </p>
      <p className="balance-parts">
        <span>
          {t('balance.available')}{' '}
          <span className="num">{isHidden || !balance ? '∗∗∗' : formatFen(balance.available)}</span>
        </span>
        {has && !isHidden && (
          <span className="balance-held">
            <Icon of={CircleQuestionMark} size={13} />
            {t('balance.kept', { amount: formatFen(kept) })}
          </span>
        )}
        {isStale && readAt > 0 && (
          <span>{t('balance.asOf', { time: momentName(readAt, Date.now(), t) })}</span>
        )}
      </p>
      <div className="balance-stitch" />
      {children}
    </section>
  )
}
