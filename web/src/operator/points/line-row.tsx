// One movement of points; one that was made by hand says who agreed to it, and why.
import { useTranslation } from 'react-i18next'
import { formatPoints } from '../../format-points.ts'
import { pick } from '../../names.ts'
import type { Line } from './contract.ts'
import { momentOf } from './days.ts'

export function LineRow({ line }: { line: Line }) {
  const { t, i18n } = useTranslation('operatorPoints')
  const { at, title, subject, points, balance, adjustment } = line
  const isIn = !points.startsWith('-')
  return (
    <div className="points-line">
      <div className="grow">
        <b>{pick(title, i18n.language)}</b>
        <p className="fine num">{momentOf(at)}</p>
        {adjustment ? (
          <p className="fine points-why">
            {t('lines.by', adjustment)}
            <br />
            {adjustment.reason}
          </p>
        ) : (
          <p className="fine points-why">{subject}</p>
        )}
      </div>
      <div className="points-line-end num">
        <b className={isIn ? 'good' : undefined}>
          {isIn && '+'}
          {formatPoints(points)}
        </b>
        <p className="fine">{t('lines.left', { points: formatPoints(balance) })}</p>
      </div>
    </div>
  )
}
