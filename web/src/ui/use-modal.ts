// A modal dialog of the browser for as long as it is drawn; then the focus is again where it came from.
import { type RefObject, useEffect, useState } from 'react'

export function useModal(dialog: RefObject<HTMLDialogElement | null>): void {
  const [opener] = useState(() => document.activeElement)
  useEffect(() => {
    dialog.current?.showModal()
    return () => {
      if (opener instanceof HTMLElement) opener.focus()
    }
  }, [dialog, opener])
}
