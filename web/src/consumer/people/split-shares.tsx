// Who pays what, as it stands while one types; below it that the shares are the bill, or by how much they are not.
import { Equal } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type Fen, formatFen, negateFen } from '../../fen.ts'
import { Icon } from '../../ui/icon.tsx'
import type { Person } from './people-field.tsx'

type Properties = {
  mode: 'equal' | 'custom'
  total: Fen
  own: Fen
  hasOwn: boolean
  shares: readonly { person: Person; amount: Fen; typed: string }[]
  onType: (digits: string, typed: string) => void
}

export function SplitShares({ mode, total, own, hasOwn, shares, onType }: Properties) {
  const { t } = useTranslation('people')
  if (shares.length === 0) return <p className="note">{t('split.empty')}</p>
  const count = shares.length + (hasOwn && BigInt(own) > 0n ? 1 : 0)
  const isOver = BigInt(own) < 0n
  return (
    <>
      <dl className="facts shares">
        {hasOwn && (
          <div>
            <dt>{t('split.own')}</dt>
            <dd className={isOver ? 'num note-bad' : 'num'}>{formatFen(own)}</dd>
          </div>
        )}
        {shares.map(({ person: { digits, number, name }, amount, typed }) => (
          <div key={digits}>
            <dt>{name === null ? number : `${name} ${number.slice(-4)}`}</dt>
            <dd className="num">
              {mode === 'equal' ? (
                formatFen(amount)
              ) : (
                <input
                  className="num"
                  inputMode="decimal"
                  placeholder="0.00"
                  aria-label={t('split.shareOf', { number: name ?? number })}
                  value={typed}
                  onChange={({ target }) => onType(digits, figuresOf(target.value))}
                />
              )}
            </dd>
          </div>
        ))}
      </dl>
      <p className={isOver ? 'adds note-bad' : 'adds'} role="status">
        <Icon of={Equal} />
        <span>
          {isOver
            ? t('split.over', { amount: formatFen(negateFen(own)) })
            : t('split.adds', { count, total: formatFen(total) })}{' '}
          {mode === 'equal' && spread(total, count, t)}
        </span>
      </p>
    </>
  )
}

/** Who carries what does not divide is said, so that nobody wonders about a fen. */
function spread(total: Fen, count: number, t: ReturnType<typeof useTranslation<'people'>>['t']) {
  const rest = Number(BigInt(total) % BigInt(count))
  return rest === 0 ? '' : t('split.spread', { n: rest })
}

const figuresOf = (typed: string): string =>
  typed
    .normalize('NFKC')
    .replace(/[^\d.]/g, '')
    .slice(0, 12)
