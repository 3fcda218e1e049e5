// Why: the log keeps it, and where a second person must agree he reads it before.
import { useTranslation } from 'react-i18next'
import { Field } from '../ui/field.tsx'
import { useTried } from './act-frame.tsx'

type Properties = {
  value: string
  /** Nobody else has to agree. */
  alone?: boolean
  onChange: (value: string) => void
}

export function ReasonField({ value, alone = false, onChange }: Properties) {
  const { t } = useTranslation('counter')
  const tried = useTried()
  return (
    <div className="single">
      <Field
        id="reason"
        label={t('reason.label')}
        hint={t(alone ? 'reason.kept' : 'reason.hint')}
        complaint={tried && value.trim() === '' ? t('reason.missing') : ''}
        maxLength={200}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  )
}
