// Says of when what is shown is, where it was kept on this device or may have changed since.
import { useTranslation } from 'react-i18next'
import { momentName } from '../moment.ts'
import { useLive } from '../use-events.ts'

type Read = { isOld: boolean; readAt: number }
type Properties = { of: readonly Read[]; word?: 'asOf' | 'statement.asOf' }

export function AsOf({ of, word = 'asOf' }: Properties) {
  const { t } = useTranslation('app')
  const isLive = useLive()
  const read = of.filter(({ readAt }) => readAt > 0)
  if (read.length === 0 || (isLive && !read.some(({ isOld }) => isOld))) return null
  const oldest = Math.min(...read.map(({ readAt }) => readAt))
  return (
    <p className="note as-of" role="status">
      {t(word, { time: momentName(oldest, Date.now(), t) })}
    </p>
  )
}
