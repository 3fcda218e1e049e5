// An amount as a person types it, large, with what is there to give.
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { type AmountRange, addFen, type Fen, formatFen, parseYuan } from '../../fen.ts'

/** The most that one act moves; the server knows the exact limits. */
export const amountRange: AmountRange = { min: '1', max: '5000000', step: '1' }

/** Of an amount and what it costs to move it: more than there is to give, as far as we know. */
export const isMoreThan = (available: Fen | undefined, amount: Fen, fee: Fen = '0'): boolean =>
  available !== undefined && BigInt(addFen(amount, fee)) > BigInt(available)

type Properties = {
  value: string
  onChange: (typed: string) => void
  available?: Fen | undefined
  fee?: Fen | undefined
  label?: string
}

export function AmountField({ value, onChange, available, fee, label }: Properties) {
  const { t } = useTranslation('app')
  const id = useId()
  const amount = parseYuan(value, amountRange)
  const isOver = amount.ok && isMoreThan(available, amount.fen, fee)
  const isByFee = isOver && !isMoreThan(available, amount.fen)
  const word = isByFee ? 'overByFee' : isOver ? 'over' : 'available'
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
        {available === undefined ? ' ' : t(`amount.${word}`, { amount: formatFen(available) })}
      </p>
    </div>
  )
}
