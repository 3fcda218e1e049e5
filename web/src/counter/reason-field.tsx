// Why: a second person reads it before he agrees, and the log keeps it.
import { useTranslation } from 'react-i18next'
import { useTried } from './act-frame.tsx'
import { Field } from './field.tsx'

type Properties = { value: string; onChange: (value: string) => void }

export function ReasonField({ value, onChange }: Properties) {
  const { t } = useTranslation('counter')
  const tried = useTried()
  return (
    <div className="single">
      <Field
        id="reason"
        label={t('reason.label')}
        hint={t('reason.hint')}
        complaint={tried && value.trim() === '' ? t('reason.missing') : ''}
        maxLength={200}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  )
}
