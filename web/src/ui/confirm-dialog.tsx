// Asks before something that cannot be taken back. The browser's own modal dialog keeps focus and Escape right.
import { useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'

type Properties = {
  title: string
  text: string
  action: string
  danger?: boolean
  onConfirm: () => void
  onClose: () => void
}

export function ConfirmDialog({ title, text, action, danger, onConfirm, onClose }: Properties) {
  const { t } = useTranslation('common')
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => dialog.current?.showModal(), [])
  const confirm = () => {
    onConfirm()
    onClose()
  }
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={titleId} onClose={onClose}>
      <h2 id={titleId}>{title}</h2>
      <p>{text}</p>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {t('cancel')}
        </button>
        <button
          type="button"
          className={danger ? 'button button-danger' : 'button button-primary'}
          onClick={confirm}
        >
          {action}
        </button>
      </div>
    </dialog>
  )
}
