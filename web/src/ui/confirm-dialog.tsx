// Asks before something that cannot be taken back. The browser's own modal dialog keeps focus and Escape right.
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useModal } from './use-modal.ts'

type Properties = {
  title: string
  text: string
  action: string
  danger?: boolean
  /** Enter then confirms: for who does this all day, and has just typed what stands above. */
  focusAction?: boolean
  children?: ReactNode
  onConfirm: () => void
  onClose: () => void
}

export function ConfirmDialog(properties: Properties) {
  const { title, text, action, danger, focusAction, children, onConfirm, onClose } = properties
  const { t } = useTranslation('common')
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  const actionButton = useRef<HTMLButtonElement>(null)
  useModal(dialog)
  useEffect(() => {
    if (focusAction) actionButton.current?.focus()
  }, [focusAction])
  const confirm = () => {
    onConfirm()
    onClose()
  }
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={titleId} onClose={onClose}>
      <h2 id={titleId}>{title}</h2>
      <p>{text}</p>
      {children}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {t('cancel')}
        </button>
        <button
          type="button"
          className={danger ? 'button button-danger' : 'button button-primary'}
          ref={actionButton}
          // A key that is still held down from the press before is no answer.
          onKeyDown={(event) => event.repeat && event.preventDefault()}
          onClick={confirm}
        >
          {action}
        </button>
      </div>
    </dialog>
  )
}
