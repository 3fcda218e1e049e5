// All tills of the office, newest first, with what was missing or too much.
import { useTranslation } from 'react-i18next'
import { formatFen, isZeroFen } from '../fen.ts'
import { checkoutZone, shortMomentOf } from '../time.ts'
import { useCounter } from './counter-context.ts'
import { Trouble } from './trouble.tsx'
import { useListing } from './use-listing.ts'
import type { TillView } from './views.ts'

const everyMs = 15_000

export function OfficeTills() {
  const { t } = useTranslation('counter')
  const { api } = useCounter()
  const { items, problem } = useListing<TillView>(api, '/tills', everyMs)
  const moment = (at: string) => shortMomentOf(Date.parse(at), Date.now(), checkoutZone)
  return (
    <>
      <h3>{t('till.office')}</h3>
      <Trouble problem={problem} />
      {items === null && !problem && (
        <div className="card skeleton list-skeleton" aria-hidden="true" />
      )}
      {items?.length === 0 && <p className="card empty-page">{t('till.officeNone')}</p>}
      <ul className="office-tills">
        {items?.map((till) => (
          <li key={till.id} className="card office-till">
            <div className="grow">
              <b>
                {till.person.name} {till.person.login}
              </b>
              <p className="muted">
                {t('till.desk')} {till.desk} · <span className="num">{moment(till.openedAt)}</span>
                {till.closedAt && <span className="num"> – {moment(till.closedAt)}</span>}
              </p>
              {till.reason && <p className="fine">{till.reason}</p>}
            </div>
            <div className="office-till-end">
              <span className="num">{formatFen(till.counted ?? till.balance)}</span>
              <TillEnd till={till} />
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}

function TillEnd({ till }: { till: TillView }) {
  const { t } = useTranslation('counter')
  if (till.difference === null) return <small className="muted">{t('till.isOpen')}</small>
  return (
    <small className="muted">
      <span className={isZeroFen(till.difference) ? 'good' : 'differs num'}>
        {isZeroFen(till.difference)
          ? t('till.balances')
          : t('till.differsBy', { amount: formatFen(till.difference) })}
      </span>
      {till.banked && ` · ${t('till.banked')}`}
    </small>
  )
}
