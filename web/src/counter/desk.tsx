// The signed-in page: the bar, the customer, and either a screen's form or the act it became.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IdleNote } from '../staff/idle-note.tsx'
import type { Inside } from '../staff/staff-door.tsx'
import type { CounterApi } from './counter-api.ts'
import { type Counter, CounterContext } from './counter-context.ts'
import { CustomerBar } from './customer-bar.tsx'
import { FindCustomer } from './find-customer.tsx'
import { ScreenBody } from './screen-body.tsx'
import { needsCustomer, type Screen, shortcutOf } from './screens.ts'
import { phaseOf } from './ticket.ts'
import { TicketStrip } from './ticket-strip.tsx'
import { TicketView } from './ticket-view.tsx'
import { TopBar } from './top-bar.tsx'
import { useAtDesk } from './use-at-desk.ts'
import { useListing } from './use-listing.ts'
import { useTickets } from './use-tickets.ts'
import type { ApprovalView, SessionView, Told } from './views.ts'

type Properties = Inside<CounterApi, SessionView>

const approvalsEveryMs = 5_000
/** They change with the program, not with the day. */
const wordsEveryMs = 3_600_000
const noWords: Told[] = []

export function Desk({ api, session, refreshSession, signOut, idleLeftMs }: Properties) {
  const { t } = useTranslation('counter')
  const { roles } = session.person
  const tickets = useTickets(api)
  const atDesk = useAtDesk(api)
  const approvals = useListing<ApprovalView>(api, '/approvals', approvalsEveryMs)
  const words = useListing<Told>(api, '/words', wordsEveryMs).items ?? noWords
  const [screen, setScreen] = useState<Screen>('customer')
  const [shownTicket, setShownTicket] = useState<string | null>(null)
  const shownKey = useRef<string | null>(null)
  const [heading, focusHeading] = useHeadingFocus()

  const showTicket = useCallback(
    (key: string | null) => {
      tickets.leave(shownKey.current)
      shownKey.current = key
      setShownTicket(key)
      focusHeading()
    },
    [tickets.leave, focusHeading],
  )
  const show = useCallback(
    (next: Screen) => {
      showTicket(null)
      setScreen(next)
    },
    [showTicket],
  )
  const nextCustomer = useCallback(() => {
    atDesk.leave()
    show('customer')
  }, [atDesk.leave, show])

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const shortcut = shortcutOf(event, roles)
      if (!shortcut || document.querySelector('dialog[open]')) return
      event.preventDefault()
      if (shortcut === 'next_customer') nextCustomer()
      else show(shortcut)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [roles, show, nextCustomer])

  useDoneActs(tickets.all, () => {
    void refreshSession()
    void atDesk.refresh()
    void approvals.reload()
  })

  const counter = useMemo<Counter>(
    () => ({ api, session, refreshSession, signOut, tickets, words, atDesk, show, showTicket }),
    [api, session, refreshSession, signOut, tickets, words, atDesk, show, showTicket],
  )
  const ticket = tickets.all.find(({ key }) => key === shownTicket)
  const needsOne = needsCustomer.includes(screen)
  return (
    <CounterContext value={counter}>
      <TopBar
        screen={screen}
        waiting={approvals.items?.filter(({ state }) => state === 'asked').length ?? 0}
      />
      <IdleNote leftMs={idleLeftMs} />
      <TicketStrip shown={shownTicket} />
      <main className="desk">
        <h1 className="visually-hidden" tabIndex={-1} ref={heading}>
          {t(`screens.${screen}`)}
        </h1>
        {needsOne && atDesk.view && <CustomerBar onLeave={nextCustomer} />}
        {ticket && <TicketView key={ticket.key} ticket={ticket} />}
        {!ticket && needsOne && !atDesk.view && <FindCustomer />}
        {!ticket && (!needsOne || atDesk.view) && (
          <ScreenBody screen={screen} approvals={approvals} onLeave={nextCustomer} />
        )}
      </main>
    </CounterContext>
  )
}

/** A screen that takes nothing else into focus leaves it at its heading, and readers hear where they are. */
function useHeadingFocus() {
  const heading = useRef<HTMLHeadingElement>(null)
  const focus = useCallback(() => {
    requestAnimationFrame(() => {
      const { activeElement } = document
      const isLost = activeElement === document.body || activeElement?.closest('nav')
      if (isLost) heading.current?.focus({ preventScroll: true })
    })
  }, [])
  return [heading, focus] as const
}

/** Calls back whenever one more act is done: balances, the till and what waits are not what they were. */
function useDoneActs(tickets: Counter['tickets']['all'], onDone: () => void): void {
  const done = tickets.filter((ticket) => phaseOf(ticket) === 'done').map(({ key }) => key)
  const known = useRef(new Set<string>())
  const latest = useRef(onDone)
  latest.current = onDone
  const keys = done.join(' ')
  useEffect(() => {
    const fresh = keys.split(' ').filter((key) => key !== '' && !known.current.has(key))
    for (const key of fresh) known.current.add(key)
    if (fresh.length > 0) latest.current()
  }, [keys])
}
