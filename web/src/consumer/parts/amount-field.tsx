// An amount as a person types it, large, with what is there to give.
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { type AmountRange, type Fen, formatFen, parseYuan } from '../../fen.ts'

/** The most that one act moves; the server knows the exact limits. */
export const amountRange: AmountRange = { min: '1', max: '5000000', step: '1' }

type Properties = {
  value: string
  onChange: (typed: string) => void
  available?: Fen | undefined
  label?: string
}

export function AmountField({ value, onChange, available, label }: Properties) {
  const { t } = useTranslation('app')
  const id = useId()
  const amount = parseYuan(value, amountRange)
  const isOver = amount.ok && available !== undefined && BigInt(amount.fen) > BigInt(available)
  return (
    <div className="amount-field">
      <label htmlFor={id}>{label ?? t('amount.label')}</label>
      <div className="amount-line">
        <span aria-hidden="true">¥</span>
        <input
          id={id}
          className="num"
          inputMode="decimal"
          autoComplete="off"
          placeholder="0.00"
          value={value}
          aria-invalid={isOver}
          aria-describedby={`${id}-note`}
          onChange={({ target }) =>
            onChange(
              target.value
                .normalize('NFKC')
                .replace(/[^\d.]/g, '')
                .slice(0, 12),
            )
          }
        />
      </div>
      <p className={isOver ? 'note note-bad' : 'note'} id={`${id}-note`}>
        {available === undefined
          ? ' '
          : t(isOver ? 'amount.over' : 'amount.available', { amount: formatFen(available) })}
      </p>
    </div>
  )
}
