// What of a payment can still be divided; where that is less than was paid, why.
import { useTranslation } from 'react-i18next'
import { formatFen, isZeroFen, negateFen } from '../../fen.ts'
import type { Shared } from './contract.ts'

export function SplitLeft({ shared: of, isOver }: { shared: Shared; isOver: boolean }) {
  const { t } = useTranslation('people')
  const { amount, returned, shared, left } = of
  const isNothing = isZeroFen(left)
  const rows = [
    ['paid', amount],
    ['returned', negateFen(returned)],
    ['shared', negateFen(shared)],
    ['left', left],
  ] as const
  return (
    <>
      {left !== amount && (
        <dl className="facts">
          {rows
            .filter(([name, fen]) => name === 'left' || !isZeroFen(fen))
            .map(([name, fen]) => (
              <div key={name}>
                <dt>{t(`split.of.${name}`)}</dt>
                <dd className="num">{formatFen(fen)}</dd>
              </div>
            ))}
        </dl>
      )}
      {(isOver || isNothing) && (
        <p className="note note-bad" role="status">
          {isNothing ? t('split.nothingLeft') : t('split.tooMuch', { amount: formatFen(left) })}
        </p>
      )}
    </>
  )
}
