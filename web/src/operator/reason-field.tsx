// Why something is done: it is written down, so it may not be empty.
import type { Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '../ui/field.tsx'

type Properties = {
  id: string
  value: string
  tried: boolean
  onChange: (reason: string) => void
  reference?: Ref<HTMLInputElement>
}

export function ReasonField({ id, value, tried, onChange, reference }: Properties) {
  const { t } = useTranslation('operator')
  return (
    <Field
      id={`reason-${id}`}
      label={t('form.reason')}
      hint={t('form.reasonHint')}
      complaint={tried && value.trim() === '' ? t('form.reasonMissing') : ''}
      {...(reference && { reference })}
      maxLength={200}
      value={value}
      onChange={({ target }) => onChange(target.value)}
    />
  )
}
