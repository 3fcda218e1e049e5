// The card: what is paid on the left, what to do on the right. When a new state takes away
// what had the focus, its heading gets it.
import { useEffect, useRef } from 'react'
import type { Checkout } from './checkout.ts'
import { Ended } from './ended.tsx'
import { EnterNumber } from './enter-number.tsx'
import { Paid } from './paid.tsx'
import { Processing } from './processing.tsx'
import { StepList } from './step-list.tsx'
import { Summary } from './summary.tsx'
import { Unknown } from './unknown.tsx'
import { Waiting } from './waiting.tsx'

export function CheckoutBox({ checkout, now }: { checkout: Checkout; now: number }) {
  const box = useRef<HTMLDivElement>(null)
  const { state } = checkout
  const shown = useRef(state)
  useEffect(() => {
    if (shown.current === state) return
    shown.current = state
    if (document.activeElement === document.body) box.current?.querySelector('h1')?.focus()
  }, [state])
  return (
    <section className="box">
      <Summary checkout={checkout} />
      <div className="action" ref={box} aria-live="polite">
        <StepList state={state} />
        <State checkout={checkout} now={now} />
      </div>
    </section>
  )
}

function State({ checkout, now }: { checkout: Checkout; now: number }) {
  switch (checkout.state) {
    case 'enter':
      return <EnterNumber checkout={checkout} />
    case 'waiting':
      return <Waiting checkout={checkout} now={now} />
    case 'processing':
      return <Processing checkout={checkout} />
    case 'paid':
      return <Paid checkout={checkout} />
    case 'unknown':
      return <Unknown checkout={checkout} />
    case 'declined':
    case 'expired':
    case 'cancelled':
      return <Ended checkout={checkout} state={checkout.state} />
  }
}
