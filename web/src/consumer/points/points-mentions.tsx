// What other screens say of points: the way to them, and that they end with the wallet.
import { ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { formatPoints } from '../../format-points.ts'
import { Icon } from '../../ui/icon.tsx'
import { usePoints } from './points-queries.ts'
import './add-words.ts'

export function PointsEntry() {
  const { t } = useTranslation('points')
  const points = usePoints().data?.points
  return (
    <Link to="/points" className="entry">
      <span className="grow entry-title">{t('title')}</span>
      {points !== undefined && <span className="muted num">{formatPoints(points)}</span>}
      <Icon of={ChevronRight} />
    </Link>
  )
}

export function PointsEnd() {
  const { t } = useTranslation('points')
  const { points, unseen } = usePoints().data ?? { points: '0', unseen: 0 }
  if (points === '0' && unseen === 0) return null
  return <p className="problem">{t('ends', { points: formatPoints(points), n: unseen })}</p>
}
