// Making a batch: the file for the printer, encrypted for its key, comes once and is saved at once.
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormEnd } from '../form-end.tsx'
import type { OperatorApi } from '../operator-api.ts'
import { Trouble } from '../trouble.tsx'
import { useSend } from '../use-send.ts'
import type { Batch } from './contract.ts'

type Properties = {
  api: OperatorApi
  batch: Batch
  onDone: () => Promise<void>
  onBack: () => void
}

export function FileForm({ api, batch: { id, no }, onDone, onBack }: Properties) {
  const { t } = useTranslation('operatorVouchers')
  const key = useRef<HTMLTextAreaElement>(null)
  const [isWrong, setWrong] = useState(false)
  const { busy, problem, send } = useSend()
  useEffect(() => key.current?.focus(), [])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const printerKey = key.current?.value.trim() ?? ''
    setWrong(printerKey === '')
    if (printerKey === '' || busy) return
    const path = `/top-up-voucher-batches/${id}/file`
    const answer = await send(() => api.post<{ file: string }>(path, { printerKey }))
    if (!answer.ok) return
    save(answer.value.file, `top-up-vouchers-${no}.jwe`)
    onBack()
    await onDone()
  }
  return (
    <form className="decision" onSubmit={submit} noValidate>
      <h4>{t('act.file')}</h4>
      <div className="field">
        <label htmlFor={`key-${id}`}>{t('file.key')}</label>
        <textarea
          id={`key-${id}`}
          className="points-codes"
          rows={5}
          autoComplete="off"
          spellCheck={false}
          ref={key}
          aria-invalid={isWrong}
          aria-describedby={`key-${id}-note`}
        />
        <p className={isWrong ? 'note note-bad' : 'note'} id={`key-${id}-note`}>
          {t(isWrong ? 'file.wrong' : 'file.note')}
        </p>
      </div>
      <Trouble problem={problem} />
      <FormEnd action={t('file.action')} busy={busy} onBack={onBack} />
    </form>
  )
}

function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/jose' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
