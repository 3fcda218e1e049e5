// A sheet from below: a modal dialog of the browser, so that focus, Escape and the reader behind it are right. It
// stands outside of what opened it, so that no form or panel around it lends it its looks or takes its Enter.
import { X } from 'lucide-react'
import { type ReactNode, useId, useRef } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icon.tsx'
import { useModal } from '../../ui/use-modal.ts'

type Properties = { title: string; locked?: boolean; onClose: () => void; children: ReactNode }

export function Sheet({ title, locked = false, onClose, children }: Properties) {
  const { t } = useTranslation('app')
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useModal(dialog)
  return createPortal(
    <dialog
      ref={dialog}
      className="sheet"
      aria-labelledby={titleId}
      onClose={onClose}
      // What is under way is not left by a slip of the finger.
      onCancel={(event) => locked && event.preventDefault()}
    >
      <header className="sheet-head">
        <button
          type="button"
          className="head-button"
          aria-label={t('close')}
          disabled={locked}
          onClick={onClose}
        >
          <Icon of={X} size={22} />
        </button>
        <h2 id={titleId}>{title}</h2>
      </header>
      {children}
    </dialog>,
    document.body,
  )
}
