// A numbered step of a form.
import type { ReactNode } from 'react'

type Properties = { number: number; title: string; end?: ReactNode; children: ReactNode }

export function Step({ number, title, end, children }: Properties) {
  return (
    <section className="card step">
      <header className="head">
        <h2>
          <span className="step-number" aria-hidden="true">
            {number}
          </span>
          {title}
        </h2>
        {end}
      </header>
      {children}
    </section>
  )
}
