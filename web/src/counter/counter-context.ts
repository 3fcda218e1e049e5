// What every part of the signed-in page stands on.
import { createContext, useContext } from 'react'
import type { Problem } from '../api.ts'
import type { CounterApi } from './counter-api.ts'
import type { Document } from './identity-document.ts'
import type { Screen } from './screens.ts'
import type { Tickets } from './use-tickets.ts'
import type { CustomerView, SessionView, Told } from './views.ts'

/** Who stands at the desk. The number and the document stay in memory until the next customer. */
export type AtDesk = {
  /** As typed, eleven digits; empty when nobody is there. */
  msisdn: string
  view: CustomerView | null
  busy: boolean
  problem: Problem | null
  document: Document
  find: (msisdn: string) => Promise<void>
  refresh: () => Promise<void>
  setDocument: (document: Document) => void
  leave: () => void
}

export type Counter = {
  api: CounterApi
  session: SessionView
  refreshSession: () => Promise<void>
  signOut: () => Promise<void>
  tickets: Tickets
  /** Every code with what the customer is told. */
  words: Told[]
  atDesk: AtDesk
  show: (screen: Screen) => void
  /** The act that is looked at instead of the screen's form. */
  showTicket: (key: string | null) => void
}

export const CounterContext = createContext<Counter | null>(null)

export function useCounter(): Counter {
  const counter = useContext(CounterContext)
  if (!counter) throw new Error('only below the counter')
  return counter
}
