// A cell a digit over one field, for the customer's own keypad. The clerk sees how many, never which.
import { CircleCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { codeDigits } from '../ui/code-digits.ts'
import { Icon } from '../ui/icon.tsx'
import type { Pin } from './use-pin.ts'

type Properties = {
  id: string
  pin: Pin
  label: string
  hint: string
  complaint?: string
  length?: number
}

export const pinLength = 6

export function PinCells(properties: Properties) {
  const { id, pin, label, hint, complaint = '', length = pinLength } = properties
  const places = Array.from({ length }, (_, place) => place + 1)
  const { t } = useTranslation('counter')
  return (
    <div className="pin-line">
      <div>
        <label htmlFor={id}>{label}</label>
        <p className={complaint === '' ? 'note' : 'note note-bad'} id={`${id}-note`}>
          {complaint || hint}
        </p>
      </div>
      <div className="row">
        <div className="pin-cells">
          <input
            id={id}
            ref={pin.reference}
            type="password"
            inputMode="numeric"
            autoComplete="off"
            data-1p-ignore
            data-lpignore="true"
            maxLength={length}
            aria-invalid={complaint !== ''}
            aria-describedby={`${id}-note`}
            onInput={({ currentTarget }) => {
              currentTarget.value = codeDigits(currentTarget.value, length)
              pin.onTyped(currentTarget.value.length)
            }}
          />
          {places.map((place) => (
            <i key={place} data-typed={place <= pin.typed} aria-hidden="true" />
          ))}
        </div>
        <span className="row pin-count" role="status">
          {pin.typed === length && (
            <>
              <span className="good">
                <Icon of={CircleCheck} />
              </span>
              {t('pinCells.whole', { n: length })}
            </>
          )}
        </span>
      </div>
    </div>
  )
}
