// A mobile number as a person types it.
import { useTranslation } from 'react-i18next'
import { digitsOf, spacedMsisdn } from '../../msisdn.ts'
import { focusFirst } from './focus-first.ts'

type Properties = {
  label: string
  value: string
  onChange: (digits: string) => void
  focused?: boolean
  note?: string
}

export function NumberField({ label, value, onChange, focused = false, note }: Properties) {
  const { t } = useTranslation('app')
  return (
    <label className="field">
      <span>{label}</span>
      <input
        className="num"
        type="tel"
        inputMode="tel"
        autoComplete="off"
        placeholder={t('number.hint')}
        value={spacedMsisdn(digitsOf(value))}
        ref={focused ? focusFirst : undefined}
        onChange={({ target }) => onChange(digitsOf(target.value))}
      />
      {note !== undefined && <small className="note">{note}</small>}
    </label>
  )
}
