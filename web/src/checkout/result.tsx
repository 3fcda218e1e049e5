// The round sign and the heading of a state that has a result, or honestly has none.
import type { LucideIcon } from 'lucide-react'
import type { Fen } from '../fen.ts'
import { Icon } from '../ui/icon.tsx'
import { Money } from '../ui/money.tsx'

type Properties = {
  icon: LucideIcon
  look: 'done' | 'unknown' | 'work' | 'off' | 'bad'
  title: string
  amount?: Fen
  /** `void` strikes what was never charged, `pending` greys what nobody knows yet. */
  form: 'owed' | 'pending' | 'void'
}

export function Result({ icon, look, title, amount, form }: Properties) {
  return (
    <>
      <div className={`result result-${look}`}>
        <Icon of={icon} size={32} />
      </div>
      <h1 className="centred" tabIndex={-1}>
        {title}
      </h1>
      {amount !== undefined && (
        <div className={`hero centred amount-${form}`}>
          <Money fen={amount} />
        </div>
      )}
    </>
  )
}
