// A named group of controls that lays out its children like any box.
import type { ReactNode } from 'react'

type Properties = { className: string; label: string; children: ReactNode }

export function Group({ className, label, children }: Properties) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset does not stretch its content to its own height.
    <div role="group" className={className} aria-label={label}>
      {children}
    </div>
  )
}
