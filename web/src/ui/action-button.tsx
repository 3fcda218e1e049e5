// A button that is disabled from the press until its work has been answered.
import { type ReactNode, useState } from 'react'

type Properties = {
  className: string
  label?: string
  disabled?: boolean
  onAct: () => Promise<unknown>
  children: ReactNode
}

export function ActionButton({ className, label, disabled, onAct, children }: Properties) {
  const [busy, setBusy] = useState(false)
  const act = () => {
    setBusy(true)
    void onAct().finally(() => setBusy(false))
  }
  return (
    <button
      type="button"
      className={className}
      aria-label={label}
      aria-busy={busy}
      disabled={busy || disabled}
      onClick={act}
    >
      {children}
    </button>
  )
}
