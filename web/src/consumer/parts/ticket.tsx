// One movement of money as a slip: its state, the amount, what it was, and below the stitch what is to be known.
import {
  CircleCheck,
  CircleQuestionMark,
  CircleX,
  Lock,
  type LucideIcon,
  Undo2,
} from 'lucide-react'
import type { ReactNode } from 'react'
import type { Fen } from '../../fen.ts'
import { Icon } from '../../ui/icon.tsx'
import { Money } from '../../ui/money.tsx'

export type TicketTone = 'done' | 'unknown' | 'held' | 'back' | 'bad'

const marks: Readonly<Record<TicketTone, LucideIcon>> = {
  done: CircleCheck,
  unknown: CircleQuestionMark,
  held: Lock,
  back: Undo2,
  bad: CircleX,
}

type Properties = {
  tone: TicketTone
  state: string
  amount: Fen
  about: string
  children: ReactNode
}

export function Ticket({ tone, state, amount, about, children }: Properties) {
  return (
    <section className="ticket card" aria-live="polite">
      <div className="ticket-head">
        <span className={`ticket-mark ticket-${tone}`}>
          <Icon of={marks[tone]} size={28} />
        </span>
        <h2>{state}</h2>
        <p className={tone === 'bad' ? 'hero amount-void' : 'hero'}>
          <Money fen={amount.replace(/^-/, '')} />
        </p>
        <p className="muted">{about}</p>
      </div>
      <div className="notch" />
      {children}
    </section>
  )
}

export type Fact = readonly [name: string, value: string | null]

/** What has no value is left out. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) =>
        value === null || value === '' ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}
