// Notes and coins, the largest first; Enter goes down the column as the hand does.
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { formatFen } from '../fen.ts'
import { piecesOf, type TypedCounts, worths } from './cash.ts'

type Properties = { typed: TypedCounts; onTyped: (typed: TypedCounts) => void }

export function CountFields({ typed, onTyped }: Properties) {
  const { t } = useTranslation('counter')
  const down = (event: KeyboardEvent<HTMLInputElement>, place: number) => {
    if (event.key !== 'Enter' || event.ctrlKey) return
    const next = worths[place + 1]
    if (!next) return
    event.preventDefault()
    document.getElementById(`count-${next}`)?.focus()
  }
  return (
    <div className="counts">
      {worths.map((worth, place) => {
        const pieces = piecesOf(typed[worth] ?? '')
        const subtotal = pieces === null ? null : (BigInt(worth) * BigInt(pieces)).toString()
        return (
          <div key={worth} className="count-line">
            <label htmlFor={`count-${worth}`} className="num">
              {t('till.piece', { worth: formatFen(worth) })}
            </label>
            <input
              id={`count-${worth}`}
              inputMode="numeric"
              autoComplete="off"
              maxLength={5}
              value={typed[worth] ?? ''}
              aria-invalid={pieces === null}
              aria-label={t('till.pieces', { worth: formatFen(worth) })}
              onKeyDown={(event) => down(event, place)}
              onChange={(event) => onTyped({ ...typed, [worth]: event.target.value })}
            />
            <span className="num muted">{subtotal === null ? '—' : formatFen(subtotal)}</span>
          </div>
        )
      })}
    </div>
  )
}
